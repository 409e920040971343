"""The fields of a fiche changed: only those that were typed, never over what somebody else has just written (R3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, fiche_fields, fiche_rows, limits
from core.errors import ArchivedFiche, FicheConflict, NotFound, RoleAboveOwn
from core.office import Office
from core.roles import Actor, Permission, Role, requires


@dataclass(frozen=True)
class Saved:
    """What an edit brought: the fields that changed, the phone fields that look wrong, the version now kept."""

    changed: tuple[str, ...]
    warnings: tuple[str, ...]
    version: int


# The fiche, its history and the audit in one statement.
_CHANGE: Final = text(f"""
WITH changed AS (
  UPDATE asso.personnes SET nom = :nom, prenom = :prenom, email = :email, telephone_1 = :telephone_1,
    telephone_2 = :telephone_2, note = :note, version = version + 1, updated_at = :now WHERE "ID_PERSONNE" = :id
), written AS ({fiche_rows.APPEND})
{audit.APPEND}
""")  # noqa: S608 (made of our own constants)


@requires(Permission.PERSONNES_WRITE)
def change(office: Office, actor: Actor, *, id: UUID, version: int, typed: Mapping[str, str]) -> Saved:
    """Keep the `typed` fields (of fiche_fields.FIELDS, only those that the author changed) of the fiche `id`.

    `version` is the one that the author saw: another one raises FicheConflict, with both values, and nothing is
    written. An archived fiche stays as it is: ArchivedFiche, or NotFound for who may not see it. Raises NotFound,
    TooManyAttempts and the refusals of fiche_fields.parse, EmailOnAnotherFiche, and, audited, RoleAboveOwn: codes are
    mailed to the email of the fiche, so who sets it could take the access. Five round trips.
    """
    parsed = fiche_fields.parse(typed)
    try:
        with office.begin() as db:
            limits.count_command(db, office, actor)
            row = fiche_rows.lock(db, id)
            if row.archived_at is not None:
                raise ArchivedFiche if actor.may(Permission.ARCHIVES_READ) else NotFound
            if row.version != version:
                raise _conflict(db, row, typed)
            if "email" in parsed.kept and not actor.reaches(Role(row.role)):
                raise RoleAboveOwn
            changed = _write(db, office, actor, row, parsed.kept)
    except RoleAboveOwn as refusal:
        facts = {"personne_id": id, "why": type(refusal).__name__}
        audit.record_alone(office, actor, audit.Deed.PERSONNE_CHANGED, outcome="refused", **facts)
        raise
    except IntegrityError as error:
        raise fiche_fields.why(office, actor, error, parsed.kept.get("email")) from error
    return Saved(changed, parsed.doubtful, row.version + bool(changed))


def _write(db: Session, office: Office, actor: Actor, row: Row[Any], kept: dict[str, str | None]) -> tuple[str, ...]:
    before = {field: row._mapping[field] for field in fiche_fields.FIELDS}
    rows = fiche_rows.changes(office, actor, row.id, before, kept)
    if not rows:
        return ()
    fields = tuple(change["field"] for change in rows)
    entry = audit.entry(office, actor, audit.Deed.PERSONNE_CHANGED, personne_id=row.id, fields=fields)
    values = {"id": row.id, "now": office.now(), "changes": fiche_rows.as_json(rows), "entries": audit.as_json(entry)}
    db.execute(_CHANGE, before | kept | values)
    return fields


# Every change of a field has its line, whoever wrote it (an edit, an import, a merge); what else moves the version
# stands in the audit.
_LAST: Final = text("""
SELECT p.prenom || ' ' || p.nom AS name
FROM ((SELECT at, actor_id FROM asso.personne_changes WHERE personne_id = :id ORDER BY at DESC LIMIT 1)
      UNION ALL (SELECT at, actor_id FROM asso.audit_log WHERE personne_id = :id AND outcome = 'done'
        AND deed IN ('personne_archived', 'personne_restored') ORDER BY seq DESC LIMIT 1)
      ORDER BY at DESC LIMIT 1) AS last
JOIN asso.users u ON u.id = last.actor_id JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
""")


def _conflict(db: Session, row: Row[Any], typed: Mapping[str, str]) -> FicheConflict:
    by = db.execute(_LAST, {"id": row.id}).scalar()
    kept = {field: row._mapping[field] or "" for field in typed}
    return FicheConflict(row.id, by=by, at=row.updated_at, kept=kept, version=row.version)
