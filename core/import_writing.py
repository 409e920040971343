"""Writing what a plan says, in bulk, within the transaction of an import."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import audit, fiche_rows, invites, sessions
from core.errors import PlanOutdated
from core.import_matches import chunks
from core.import_plans import Decision, Plan, PlannedRow
from core.invites import Issued
from core.office import Office
from core.roles import Actor, Role
from core.sheets import Progress

_CREATE: Final = text("""
INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, email, telephone_1, telephone_2, role, note, created_at,
  updated_at, import_id)
SELECT id, nom, prenom, email, telephone_1, telephone_2, role, coalesce(note, ''), :now, :now, :import_id
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, nom text, prenom text, email text, telephone_1 text,
  telephone_2 text, role text, note text)
""")
# In the order of the keys, like bulk deeds: two of them wait for each other, never in a circle.
_HOLD: Final = text("""
SELECT 1 FROM asso.personnes WHERE "ID_PERSONNE" = ANY(:targets) ORDER BY "ID_PERSONNE" FOR UPDATE
""")
# Only what is still as the plan saw it.
_CHANGE: Final = text("""
UPDATE asso.personnes p SET nom = coalesce(r.nom, p.nom), email = coalesce(r.email, p.email),
  telephone_1 = coalesce(r.telephone_1, p.telephone_1), telephone_2 = coalesce(r.telephone_2, p.telephone_2),
  role = coalesce(r.role, p.role), note = coalesce(r.note, p.note), version = p.version + 1, updated_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, version int, nom text, email text, telephone_1 text,
  telephone_2 text, role text, note text)
WHERE p."ID_PERSONNE" = r.id AND p.version = r.version AND p.archived_at IS NULL
  AND p.role <> 'administrateur' AND p."ID_PERSONNE" <> :me
RETURNING 1
""")


def write(
    db: Session,
    office: Office,
    actor: Actor,
    plan: Plan,
    import_id: UUID,
    progress: Progress,
    *,
    with_codes: bool,
) -> tuple[tuple[Issued, ...], list[dict[str, Any]]]:
    """Create and change what `plan` says; the codes, and the entries to audit, last. Raises PlanOutdated."""
    created, changed = plan.of(Decision.CREATED), plan.of(Decision.CHANGED)
    total = len(created) + len(changed)
    _hold(db, changed)
    codes: list[Issued] = []
    for at, chunk in enumerate(chunks(created)):
        progress(min(at * len(chunk), total), total)
        ids = _create(db, office, chunk, import_id)
        if with_codes:
            people = ((id, row.nom, row.prenom) for id, row in zip(ids, chunk, strict=True))
            # The import's entry counts them: with one each, everybody else would wait for the chain of the journal.
            codes += invites.add(db, office, people, issued_by=actor.user_id)
    for chunk in chunks(changed):
        progress(len(created), total)
        _change(db, office, actor, chunk, import_id)
    return tuple(codes), sign_out(db, office, actor, _roles(changed))


def _hold(db: Session, changed: Sequence[PlannedRow]) -> None:
    """Hold the fiches that will change, and before them the turn of those who change roles."""
    if any(_roles(changed)):
        fiche_rows.take_turn(db)
    db.execute(_HOLD, {"targets": [row.target for row in changed]})


def _create(db: Session, office: Office, rows: Sequence[PlannedRow], import_id: UUID) -> list[UUID]:
    ids = [office.uuid() for _ in rows]
    new = [_fields(row, id) for row, id in zip(rows, ids, strict=True)]
    db.execute(_CREATE, {"rows": _json(new), "now": office.now(), "import_id": import_id})
    return ids


def _fields(row: PlannedRow, id: UUID) -> dict[str, Any]:
    read = row.read
    assert read is not None  # noqa: S101 (a created row was readable)
    kept = {"telephone_1": read.telephone_1, "telephone_2": read.telephone_2, "email": read.email, "note": read.note}
    return kept | {"id": id, "nom": read.nom, "prenom": read.prenom, "role": read.role or Role.BENEVOLE.value}


def _change(db: Session, office: Office, actor: Actor, rows: Sequence[PlannedRow], import_id: UUID) -> None:
    new = [
        {"id": row.target, "version": row.version} | {change.field: change.after for change in row.changes}
        for row in rows
    ]
    values = {"rows": _json(new), "now": office.now(), "me": actor.personne_id}
    if len(db.execute(_CHANGE, values).all()) != len(rows):
        raise PlanOutdated
    fiche_rows.append_changes(db, (entry for row in rows for entry in _history(office, actor, row, import_id)))


def _history(office: Office, actor: Actor, row: PlannedRow, import_id: UUID) -> list[dict[str, Any]]:
    assert row.target is not None  # noqa: S101 (a changed row has its fiche)
    before = {change.field: change.before for change in row.changes}
    after = {change.field: change.after for change in row.changes}
    return fiche_rows.changes(office, actor, row.target, before, after, import_id=import_id)


def _roles(rows: Sequence[PlannedRow]) -> Iterator[tuple[UUID, str | None, str | None]]:
    """Whose role changes, from what to what."""
    for row in rows:
        for change in row.changes:
            if change.field == "role" and row.target:
                yield row.target, change.before, change.after


def sign_out(
    db: Session, office: Office, actor: Actor, changed: Iterable[tuple[UUID, str | None, str | None]]
) -> list[dict[str, Any]]:
    """Sign out those whose role changed (key, before, after); the entries that say so, one each (T6)."""
    roles: dict[UUID, dict[str, Any]] = {
        id: {"from": before, "to": after, "by_import": True} for id, before, after in changed
    }
    if roles:
        sessions.close_those_of(db, office, list(roles), reason="role_changed")
    return [audit.entry(office, actor, audit.Deed.ROLE_CHANGED, personne_id=id, **facts) for id, facts in roles.items()]


def _json(rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(rows), default=str)
