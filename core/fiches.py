"""What is done with a whole fiche: its role changed, archived, restored (R1, T5, T6)."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, limits, sessions, step_up
from core.errors import FicheChanged, LastAdministrator, OwnFiche, OwnRole, Refusal, RoleAboveOwn
from core.fiche_rows import (
    append_changes,
    changes,
    lock,
    lock_in_turn,
    refuse_last_administrator,
    take_turn,
    write_changes,
)
from core.office import Office
from core.roles import Actor, Permission, Role, requires

__all__ = ["append_changes", "archive", "archive_in", "changes", "guard_role_change", "lock", "restore", "restore_in"]
__all__ += ["refused_role_change", "set_role", "set_role_in", "take_turn", "write_changes"]

# A deed on one fiche within somebody else's transaction: what it was before, and the entry to audit, last.
Done = tuple[Row[Any], dict[str, Any]]

_SET_ROLE: Final = text("""
UPDATE asso.personnes SET role = :role, version = version + 1, updated_at = :now WHERE "ID_PERSONNE" = :id
""")


@requires(Permission.ROLES_GRANT)
def set_role(office: Office, actor: Actor, *, id: UUID, role: Role, version: int | None = None) -> None:
    """Give a Personne another role, audited with what it was; their sessions end (T6).

    Raises StepUpNeeded, NotFound, FicheChanged (when `version` is given and another one is kept) and, audited,
    OwnRole, RoleAboveOwn, LastAdministrator.
    """
    step_up.require_recent(office, actor)
    try:
        with office.begin() as db:
            limits.count_command(db, office, actor)
            _, entry = set_role_in(db, office, actor, id=id, role=role, version=version)
            audit.record(db, entry)
    except (OwnRole, RoleAboveOwn, LastAdministrator) as refusal:
        audit.record_alone(office, actor, **_attempt(id, role, refusal))
        raise


def set_role_in(db: Session, office: Office, actor: Actor, *, id: UUID, role: Role, version: int | None = None) -> Done:
    """`set_role` within a transaction: the fiche as it was, and the entry to audit, last.

    A refusal leaves the transaction usable: audit `refused_role_change` of it in its place. The caller has asked
    for the right (ROLES_GRANT) and for the step-up.
    """
    row = lock_in_turn(db, id)
    _check_version(row, version)
    guard_role_change(db, office, actor, row, role)
    db.execute(_SET_ROLE, {"id": id, "role": role.value, "now": office.now()})
    write_changes(db, office, actor, id, {"role": row.role}, {"role": role.value})
    if row.user_id:
        sessions.close_all(db, office, row.user_id, reason="role_changed")
    facts = {"from": row.role, "to": role.value}
    return row, audit.entry(office, actor, audit.Deed.ROLE_CHANGED, personne_id=id, **facts)


def guard_role_change(db: Session, _office: Office, actor: Actor, row: Row[Any], role: Role) -> None:
    """Raise OwnRole, RoleAboveOwn or LastAdministrator; `row` comes from lock_in_turn (or take_turn, then lock)."""
    if row.id == actor.personne_id:
        raise OwnRole
    if not (actor.may_grant(role) and actor.may_grant(Role(row.role))):
        raise RoleAboveOwn
    if role is not Role.ADMINISTRATEUR:
        refuse_last_administrator(db, row.id, row.role)


def refused_role_change(office: Office, actor: Actor, id: UUID, role: Role, refusal: Refusal) -> dict[str, Any]:
    """The entry to audit for a role change that was refused within a transaction which goes on (T6)."""
    return audit.entry(office, actor, **_attempt(id, role, refusal))


def _attempt(id: UUID, role: Role, refusal: Refusal) -> dict[str, Any]:
    deed, why = audit.Deed.ROLE_GRANT_REFUSED, type(refusal).__name__
    return {"deed": deed, "outcome": "refused", "personne_id": id, "role": role.value, "why": why}


_ARCHIVE: Final = text("""
UPDATE asso.personnes SET archived_at = CAST(:at AS timestamptz), version = version + 1, updated_at = :now
WHERE "ID_PERSONNE" = :id
""")


@requires(Permission.PERSONNES_WRITE)
def archive(office: Office, actor: Actor, *, id: UUID, version: int | None = None) -> None:
    """Take a fiche out of the list; its owner cannot sign in any more, nor use a code, until it is restored.

    Archived already, nothing happens. Raises NotFound, OwnFiche, RoleAboveOwn, LastAdministrator, FicheChanged.
    """
    with office.begin() as db:
        limits.count_command(db, office, actor)
        row, entry = archive_in(db, office, actor, id=id, version=version)
        if row.archived_at is None:
            audit.record(db, entry)


def archive_in(db: Session, office: Office, actor: Actor, *, id: UUID, version: int | None = None) -> Done:
    """`archive` within a transaction: the fiche as it was, and the entry to audit, last, unless it was archived."""
    row = lock_in_turn(db, id)
    if row.archived_at is not None:
        return row, {}
    _check_version(row, version)
    if row.id == actor.personne_id:
        raise OwnFiche
    _check_reach(actor, row)
    refuse_last_administrator(db, row.id, row.role)
    db.execute(_ARCHIVE, {"id": id, "at": office.now(), "now": office.now()})
    if row.user_id:
        sessions.close_all(db, office, row.user_id, reason="archived")
    return row, audit.entry(office, actor, audit.Deed.PERSONNE_ARCHIVED, personne_id=id)


@requires(Permission.PERSONNES_WRITE)
def restore(office: Office, actor: Actor, *, id: UUID) -> None:
    """Put an archived fiche back into the list, its account with it; nothing happens when it is there already.

    Raises NotFound, RoleAboveOwn.
    """
    with office.begin() as db:
        limits.count_command(db, office, actor)
        row, entry = restore_in(db, office, actor, id=id)
        if row.archived_at is not None:
            audit.record(db, entry)


def restore_in(db: Session, office: Office, actor: Actor, *, id: UUID) -> Done:
    """`restore` within a transaction: the fiche as it was, and the entry to audit, last, if it was archived."""
    row = lock_in_turn(db, id)
    if row.archived_at is None:
        return row, {}
    _check_reach(actor, row)
    db.execute(_ARCHIVE, {"id": id, "at": None, "now": office.now()})
    return row, audit.entry(office, actor, audit.Deed.PERSONNE_RESTORED, personne_id=id)


def _check_reach(actor: Actor, row: Row[Any]) -> None:
    """Archiving ends an access and restoring opens one: like a role, nobody does it above their own."""
    if not actor.may_grant(Role(row.role)):
        raise RoleAboveOwn


def _check_version(row: Row[Any], version: int | None) -> None:
    if version is not None and row.version != version:
        raise FicheChanged(row.id)
