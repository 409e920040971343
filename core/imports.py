"""Importing people: a file read, planned, applied in one transaction, and undone as a whole (R3, people: C).

Who may write fiches may import them. Roles are taken from a file only for those who may grant them, codes made only
by those who may issue them; an administrateur's fiche and one's own are never touched.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core import audit, columns, import_decisions, import_rows, import_writing, limits, roles, step_up
from core.columns import Mapping
from core.errors import ImportRunning, NothingToImport, PlanOutdated
from core.import_plans import Decision, Plan
from core.import_rows import Read, Unreadable
from core.invites import Issued
from core.office import Office
from core.roles import Actor, Permission, requires
from core.sheets import Progress, Sheet


@dataclass(frozen=True)
class Imported:
    """What an import did; `codes` in clear for the only time."""

    id: UUID
    created: int
    changed: int
    rejected: int
    codes: tuple[Issued, ...] = ()


@dataclass(frozen=True)
class PastImport:
    """An import of the past; `mine`: the actor made it; `by` is its author as the fiche calls them today."""

    id: UUID
    at: datetime
    by: str
    file_name: str
    created: int
    changed: int
    rejected: int
    undone_at: datetime | None
    mine: bool


_REMEMBERED: Final = text("SELECT mapping FROM asso.import_mappings WHERE header = :header")
_REMEMBER: Final = text("""
INSERT INTO asso.import_mappings (header, mapping, used_at) VALUES (:header, CAST(:mapping AS jsonb), :now)
ON CONFLICT (header) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at
WHERE :with_roles OR NOT import_mappings.mapping -> 'fields' ? 'role'
""")


@requires(Permission.PERSONNES_WRITE)
def mapping_for(office: Office, actor: Actor, sheet: Sheet) -> Mapping:
    """The field of each column: as it was for the last file with this header, else by the columns' names."""
    if sheet.heading is not None:
        rows = office.ask(_REMEMBERED, header=columns.digest_of(sheet.header))
        fields = tuple(rows[0].mapping["fields"]) if rows else ()
        if len(fields) == len(sheet.header) and set(fields) <= {*columns.FIELDS, ""}:
            return _allowed(actor, fields)
    return _allowed(actor, columns.guess(sheet.header))


def _allowed(actor: Actor, mapping: Mapping) -> Mapping:
    """The same without roles for those who may not grant them."""
    return tuple("" if field == "role" and not actor.may(Permission.ROLES_GRANT) else field for field in mapping)


@requires(Permission.PERSONNES_WRITE)
def parse(
    office: Office,
    actor: Actor,
    sheet: Sheet,
    mapping: Mapping,
    *,
    progress: Progress = lambda _done, _total: None,
) -> list[Read | Unreadable]:
    """The rows of `sheet` through `mapping`, which is remembered for its header; asks nothing else of the database.

    Who may grant no role has left out the column of roles: that is no reason for others to lose it.

    Raises MissingField, SameFieldTwice.
    """
    mapping = _allowed(actor, mapping)
    import_rows.check(mapping)
    parsed = import_rows.parse(sheet.below(), mapping, progress)
    with_roles = actor.may(Permission.ROLES_GRANT)
    if sheet.heading is not None and (with_roles or "role" not in columns.guess(sheet.header)):
        values = {"header": columns.digest_of(sheet.header), "mapping": json.dumps({"fields": mapping})}
        office.ask(_REMEMBER, **values, now=office.now(), with_roles=with_roles)
    return parsed


@requires(Permission.PERSONNES_WRITE)
def plan(
    office: Office,
    actor: Actor,
    parsed: Sequence[Read | Unreadable],
    *,
    duplicates_too: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Plan:
    """What importing `parsed` would do now; writes nothing."""
    with office.begin() as db:
        return import_decisions.make(db, actor, parsed, progress, duplicates_too=duplicates_too)


@requires(Permission.PERSONNES_WRITE)
def check(office: Office, actor: Actor, plan: Plan, *, with_codes: bool = False) -> None:
    """See that `apply` would begin: raises NothingToImport, NotAllowed, StepUpNeeded (where roles are given)."""
    if not plan.of(Decision.CREATED, Decision.CHANGED):
        raise NothingToImport
    if with_codes and not actor.may(Permission.INVITES_MANAGE):
        roles.refuse(office, actor, Permission.INVITES_MANAGE, "import codes")
    if plan.gives_roles:
        if not actor.may(Permission.ROLES_GRANT):
            roles.refuse(office, actor, Permission.ROLES_GRANT, "import roles")
        step_up.require_recent(office, actor)


# One import at a time: two would wait for each other's rows.
_ALONE: Final = text("SELECT pg_try_advisory_xact_lock(hashtext('asso.imports'))")
_RECORD: Final = text("""
INSERT INTO asso.imports (id, at, actor_id, file_name, created, changed, rejected)
VALUES (:id, :now, :actor_id, :file_name, :created, :changed, :rejected)
""")


@requires(Permission.PERSONNES_WRITE)
def apply(
    office: Office,
    actor: Actor,
    plan: Plan,
    *,
    id: UUID,
    file_name: str,
    with_codes: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Imported:
    """Do what `plan` says, all of it or nothing, as the import `id`.

    The plan is made again within the transaction: when it comes out otherwise, nothing is written. Raises
    PlanOutdated, ImportRunning, TooManyAttempts and the refusals of `check`.
    """
    check(office, actor, plan, with_codes=with_codes)
    at = office.now()
    office = replace(office, now=lambda: at)  # every row has the time of the import: what is later shows
    # Counted beforehand: within a long transaction, the counter would hold up every other command of the actor.
    limits.reserve(office, (limits.COMMANDS, str(actor.user_id)))
    try:
        with office.begin() as db:
            if not db.execute(_ALONE).scalar_one():
                raise ImportRunning
            _same(plan, import_decisions.make(db, actor, plan.parsed, progress, duplicates_too=plan.duplicates_too))
            done = _counted(plan, id)
            db.execute(_RECORD, _facts(done) | {"now": office.now(), "actor_id": actor.user_id, "file_name": file_name})
            codes, entries = import_writing.write(db, office, actor, plan, id, progress, with_codes=with_codes)
            facts = _facts(done) | {"codes": len(codes)}
            audit.record(db, *entries, audit.entry(office, actor, audit.Deed.PERSONNES_IMPORTED, **facts))
    except IntegrityError as error:
        # An address was taken between the plan and the writing, or this import is written already.
        raise PlanOutdated from error
    return replace(done, codes=codes)


def _same(shown: Plan, now: Plan) -> None:
    if [row.essence() for row in shown.rows] != [row.essence() for row in now.rows]:
        raise PlanOutdated


def _counted(plan: Plan, id: UUID) -> Imported:
    counts = plan.counts
    left_out = counts[Decision.REJECTED] + counts[Decision.DUPLICATE]
    return Imported(id, counts[Decision.CREATED], counts[Decision.CHANGED], left_out)


def _facts(done: Imported) -> dict[str, Any]:
    return {"id": done.id, "created": done.created, "changed": done.changed, "rejected": done.rejected}


_PAST: Final = text("""
SELECT i.id, i.at, coalesce(p.prenom || ' ' || p.nom, '') AS by, i.file_name, i.created, i.changed, i.rejected,
  i.undone_at, i.actor_id = :me AS mine
FROM asso.imports i LEFT JOIN asso.users u ON u.id = i.actor_id
LEFT JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
ORDER BY i.at DESC, i.id LIMIT :size
""")


@requires(Permission.PERSONNES_WRITE)
def past(office: Office, actor: Actor, *, size: int = 20) -> tuple[PastImport, ...]:
    """The last imports, the newest first; one round trip."""
    return tuple(PastImport(**row._mapping) for row in office.ask(_PAST, me=actor.user_id, size=size))
