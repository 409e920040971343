"""One deed on many fiches: role, archive, restore, codes; who could not be done, and why (R1, T6).

Each person is decided under the lock by the rules of one alone; what cannot be done for somebody stops nobody else.
Whatever the selection, the number of round trips is the same.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from core import audit, fiche_rows, limits, outbox, sessions, step_up
from core.code_batches import issue_many
from core.errors import ArchivedFiche, LastAdministrator, OwnFiche, OwnRole, Refusal, RoleAboveOwn
from core.office import Office
from core.roles import Actor, Permission, Role, requires
from core.selection import Act, BulkOutcome, Picked, carry_out, changed, distinct

__all__ = ["BulkOutcome", "Picked", "archive", "issue_codes", "restore", "set_role"]


@requires(Permission.ROLES_GRANT)
def set_role(office: Office, actor: Actor, *, picked: Sequence[Picked], role: Role) -> BulkOutcome:
    """Give everybody in `picked` the role; sessions of those whose role changes end (T6).

    The failures are NotFound, FicheChanged, ArchivedFiche and, audited, OwnRole, RoleAboveOwn, LastAdministrator.
    Raises StepUpNeeded, TooManyPeople, TooManyAttempts. At most 9 round trips.
    """
    step_up.require_recent(office, actor)

    def write(db: Session, office: Office, actor: Actor, rows: list[Row[Any]]) -> list[dict[str, Any]]:
        _write(db, office, rows, _SET_ROLE, role=role.value)
        sessions.close_those_of(db, office, [row.id for row in rows], reason="role_changed")
        history = [fiche_rows.changes(office, actor, row.id, {"role": row.role}, {"role": role.value}) for row in rows]
        fiche_rows.append_changes(db, [change for changes in history for change in changes])
        deed = audit.Deed.ROLE_CHANGED
        facts = ({"personne_id": row.id, "from": row.role, "to": role.value} for row in rows)
        return [audit.entry(office, actor, deed, **fact) for fact in facts]

    def why_not(actor: Actor, row: Row[Any]) -> Refusal | None:
        return fiche_rows.why_not_role(actor, row, role) or (ArchivedFiche() if row.archived_at is not None else None)

    refused = _refusals(audit.Deed.ROLE_GRANT_REFUSED, role=role.value)
    act = Act(lambda row: row.role == role, why_not, role is not Role.ADMINISTRATEUR, write, refused)
    return carry_out(office, actor, picked, act)


@requires(Permission.PERSONNES_WRITE)
def archive(office: Office, actor: Actor, *, picked: Sequence[Picked]) -> BulkOutcome:
    """Take everybody in `picked` out of the list, and out of sight of who may not read archives.

    Their sessions end, and invitations on their way do not leave.

    The failures are NotFound, FicheChanged and, audited, OwnFiche, RoleAboveOwn, LastAdministrator. Raises
    TooManyPeople, TooManyAttempts. At most 9 round trips.
    """

    def why_not(actor: Actor, row: Row[Any]) -> Refusal | None:
        return OwnFiche() if row.id == actor.personne_id else _out_of_reach(actor, row)

    def write(db: Session, office: Office, actor: Actor, rows: list[Row[Any]]) -> list[dict[str, Any]]:
        _write(db, office, rows, _ARCHIVE)
        sessions.close_those_of(db, office, [row.id for row in rows], reason="archived")
        return _entries(office, actor, audit.Deed.PERSONNE_ARCHIVED, rows)

    refused = _refusals(audit.Deed.PERSONNE_ARCHIVED)
    return carry_out(office, actor, picked, Act(lambda row: row.archived_at is not None, why_not, True, write, refused))


@requires(Permission.ARCHIVES_READ)
def restore(office: Office, actor: Actor, *, picked: Sequence[Picked]) -> BulkOutcome:
    """Put everybody in `picked` back into the list, their accounts with them.

    The failures are NotFound, FicheChanged and, audited, RoleAboveOwn. Raises TooManyPeople, TooManyAttempts.
    """

    def write(db: Session, office: Office, actor: Actor, rows: list[Row[Any]]) -> list[dict[str, Any]]:
        _write(db, office, rows, _RESTORE)
        return _entries(office, actor, audit.Deed.PERSONNE_RESTORED, rows)

    act = Act(lambda row: row.archived_at is None, _out_of_reach, False, write, _refusals(audit.Deed.PERSONNE_RESTORED))
    return carry_out(office, actor, picked, act)


@requires(Permission.INVITES_MANAGE)
def issue_codes(office: Office, actor: Actor, *, picked: Sequence[Picked]) -> BulkOutcome:
    """A new code for everybody in `picked` who has no account; older codes are dead.

    The failures are NotFound, FicheChanged, RoleAboveOwn, AlreadyActivated, TooManyAttempts (3 more codes in 24 h for
    one Personne). Raises TooManyPeople, TooManyAttempts.
    """
    people = distinct(picked)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        batch = issue_many(db, office, actor, people, why=lambda row: changed(people[row.id], row))
        audit.record(db, *batch.entries)
    done = {issued.id for issued in batch.done}
    failed = tuple((people[failure.id], failure.why) for failure in batch.failed)
    return BulkOutcome(tuple(one for one in people.values() if one.id in done), failed, batch.done)


def _out_of_reach(actor: Actor, row: Row[Any]) -> Refusal | None:
    return None if actor.may_grant(Role(row.role)) else RoleAboveOwn()


def _refusals(deed: audit.Deed, **facts: Any) -> Callable[[Office, Actor, UUID, Refusal], list[dict[str, Any]]]:
    """What to audit of those to whom `deed` may not be done; that a fiche has changed meanwhile is no fault."""

    def refused(office: Office, actor: Actor, id: UUID, why: Refusal) -> list[dict[str, Any]]:
        if not isinstance(why, OwnRole | OwnFiche | RoleAboveOwn | LastAdministrator):
            return []
        reason = type(why).__name__
        return [audit.entry(office, actor, deed, outcome="refused", personne_id=id, why=reason, **facts)]

    return refused


def _entries(office: Office, actor: Actor, deed: audit.Deed, rows: list[Row[Any]]) -> list[dict[str, Any]]:
    return [audit.entry(office, actor, deed, personne_id=row.id) for row in rows]


_CHANGE: Final = """
UPDATE asso.personnes SET {change}, version = version + 1, updated_at = :now
WHERE "ID_PERSONNE" = ANY(CAST(:ids AS uuid[]))
"""
_SET_ROLE: Final = text(_CHANGE.format(change="role = :role"))
# Their codes are worth nothing while they are archived: what was to bring one does not leave.
_ARCHIVE: Final = text(
    f"WITH withdrawn AS ({outbox.withdraw_sql('SELECT unnest(CAST(:ids AS uuid[]))')})"
    + _CHANGE.format(change="archived_at = :now")
)
_RESTORE: Final = text(_CHANGE.format(change="archived_at = NULL"))


def _write(db: Session, office: Office, rows: list[Row[Any]], statement: TextClause, **values: Any) -> None:
    db.execute(statement, values | {"ids": [row.id for row in rows], "now": office.now()})
