"""Undoing an import as a whole, while nothing else happened to the fiches it touched (people: C)."""

from collections.abc import Sequence
from typing import Any, Final, NoReturn
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import archives, audit, fiche_rows, limits, outbox, roles, step_up
from core.errors import ChangedSinceImport, ImportUndone, NotFound, RoleAboveOwn
from core.import_matches import chunks
from core.import_writing import sign_out
from core.office import Office
from core.roles import Actor, Permission, requires

_IMPORT: Final = text("""
SELECT id, at, actor_id, created + changed AS touched, undone_at FROM asso.imports WHERE id = :id FOR UPDATE
""")
_TOUCHED: Final = """
  SELECT p."ID_PERSONNE" AS id FROM asso.personnes p WHERE p.import_id = CAST(:id AS uuid)
  UNION SELECT c.personne_id FROM asso.personne_changes c WHERE c.import_id = CAST(:id AS uuid)
"""
_HOLD: Final = text(f"""
SELECT p."ID_PERSONNE" AS id, p.import_id IS NOT DISTINCT FROM CAST(:id AS uuid) AS made FROM asso.personnes p
WHERE p."ID_PERSONNE" IN ({_TOUCHED}) ORDER BY p."ID_PERSONNE" FOR UPDATE
""")  # noqa: S608 (made of our own constants)
# Something else happened: written at another time than the import, a later line of history, an account, a code that
# was not the import's, a declaration that two fiches are two people is no change.
_CHANGED_SINCE: Final = text(f"""
SELECT p.nom, p.prenom, count(*) OVER () AS total, {archives.seen("p")} AS seen FROM asso.personnes p
WHERE p."ID_PERSONNE" IN ({_TOUCHED}) AND (
  p.updated_at <> :at OR p.archived_at IS NOT NULL
  OR p.import_id = CAST(:id AS uuid) AND (
    p.version <> 1
    OR EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = p."ID_PERSONNE")
    OR EXISTS (SELECT 1 FROM asso.user_invites i WHERE i."ID_PERSONNE" = p."ID_PERSONNE" AND i.created_at <> :at))
  OR EXISTS (
    SELECT 1 FROM asso.personne_changes c WHERE c.personne_id = p."ID_PERSONNE"
      AND c.at >= :at AND c.import_id IS DISTINCT FROM CAST(:id AS uuid)))
ORDER BY p.tri LIMIT 5
""")  # noqa: S608 (made of our own constants)
_BACK: Final = text("""
WITH was AS (
  SELECT personne_id, jsonb_object_agg(field, before) AS before FROM asso.personne_changes
  WHERE import_id = CAST(:id AS uuid) AND personne_id = ANY(:people) GROUP BY personne_id
)
UPDATE asso.personnes p SET
  nom = CASE WHEN was.before ? 'nom' THEN was.before ->> 'nom' ELSE p.nom END,
  prenom = CASE WHEN was.before ? 'prenom' THEN was.before ->> 'prenom' ELSE p.prenom END,
  email = CASE WHEN was.before ? 'email' THEN was.before ->> 'email' ELSE p.email END,
  telephone_1 = CASE WHEN was.before ? 'telephone_1' THEN was.before ->> 'telephone_1' ELSE p.telephone_1 END,
  telephone_2 = CASE WHEN was.before ? 'telephone_2' THEN was.before ->> 'telephone_2' ELSE p.telephone_2 END,
  role = CASE WHEN was.before ? 'role' THEN was.before ->> 'role' ELSE p.role END,
  note = CASE WHEN was.before ? 'note' THEN coalesce(was.before ->> 'note', '') ELSE p.note END,
  version = p.version + 1, updated_at = :now
FROM was WHERE p."ID_PERSONNE" = was.personne_id RETURNING p."ID_PERSONNE"
""")
_HISTORY: Final = text("""
INSERT INTO asso.personne_changes (id, personne_id, at, actor_id, ip, field, before, after)
SELECT gen_random_uuid(), personne_id, :now, :actor_id, :ip, field, after, before FROM asso.personne_changes
WHERE import_id = CAST(:id AS uuid) AND personne_id = ANY(:people)
RETURNING personne_id, field, before, after
""")
_ERASE: Final = text("""
DELETE FROM asso.personnes WHERE import_id = CAST(:id AS uuid) AND "ID_PERSONNE" = ANY(:people)
RETURNING "ID_PERSONNE" AS id
""")
# An entry holds 20 000 characters at most, a key is forty of them.
_KEYS_OF_ENTRY: Final = 450
_UNDONE: Final = text("UPDATE asso.imports SET undone_at = :now WHERE id = :id")


@requires(Permission.PERSONNES_WRITE)
def undo(office: Office, actor: Actor, *, id: UUID) -> tuple[int, int]:
    """Take back the import `id`: the fiches it made are erased, those it changed are as before; how many of each.

    One's own imports, or anybody's for those who may erase. Raises StepUpNeeded, NotFound, NotAllowed, ImportUndone,
    ChangedSinceImport (nothing is done then), TooManyAttempts, and, audited,
    RoleAboveOwn (the author gives roles no more).
    """
    step_up.require_recent(office, actor)
    limits.reserve(office, (limits.COMMANDS, str(actor.user_id)))  # beforehand, as imports.apply
    try:
        with office.begin() as db:
            done = db.execute(_IMPORT, {"id": id}).one_or_none()
            if done is None:
                raise NotFound
            if done.actor_id == actor.user_id or actor.may(Permission.PERSONNES_ERASE):
                return _undo(db, office, actor, done)
    except IntegrityError as error:  # an address that one of them had is somebody else's by now
        raise ChangedSinceImport(1) from error
    roles.refuse(office, actor, Permission.PERSONNES_ERASE, "undo")
    raise NotFound


def _undo(db: Session, office: Office, actor: Actor, done: Row[Any]) -> tuple[int, int]:
    if done.undone_at is not None:
        raise ImportUndone
    fiche_rows.take_turn(db)
    values = {"id": done.id, "at": done.at, "now": office.now(), "actor_id": actor.user_id, "ip": actor.visitor.ip}
    values |= archives.values(actor)
    held = db.execute(_HOLD, values).all()
    _refuse_changed(db.execute(_CHANGED_SINCE, values).all(), gone=done.touched - len(held))
    erased: list[UUID] = []
    restored, entries = 0, []
    for chunk in chunks(held):
        values["people"] = [row.id for row in chunk]
        restored += len(db.execute(_BACK, values).all())
        history = db.execute(_HISTORY, values).all()
        roles_back = [(row.personne_id, row.before, row.after) for row in history if row.field == "role"]
        if roles_back and not actor.may(Permission.ROLES_GRANT):
            _refuse_roles(office, actor, roles_back)
        entries += sign_out(db, office, actor, roles_back)
        outbox.drop(db, office, [row.id for row in chunk if row.made])
        erased += db.execute(_ERASE, values).scalars()
    db.execute(_UNDONE, values)
    audit.record(db, *entries, *_entries(office, actor, done.id, erased, restored))
    return len(erased), restored


def _refuse_changed(changed: Sequence[Row[Any]], *, gone: int) -> None:
    """Raise ChangedSinceImport for these fiches, or when some of the import are `gone`: what they got is elsewhere."""
    if changed or gone:
        total = changed[0].total if changed else 0
        raise ChangedSinceImport(total + gone, tuple((row.nom, row.prenom) for row in changed if row.seen), gone)


def _entries(office: Office, actor: Actor, id: UUID, erased: list[UUID], restored: int) -> list[dict[str, Any]]:
    """What was undone, and the keys of the fiches that went: one entry, or as many as these need."""
    parts = [*chunks(erased, _KEYS_OF_ENTRY)] or [erased]
    deed = audit.Deed.IMPORT_UNDONE
    return [
        audit.entry(office, actor, deed, id=id, erased=len(part), restored=0 if at else restored, keys=part)
        for at, part in enumerate(parts)
    ]


def _refuse_roles(office: Office, actor: Actor, roles_back: list[tuple[UUID, str | None, str | None]]) -> NoReturn:
    """Audit the roles (key, before, after) that are not given back, apart from what is given up; raise RoleAboveOwn."""
    refused = audit.Deed.ROLE_GRANT_REFUSED
    facts: dict[str, Any] = {"outcome": "refused", "why": RoleAboveOwn.__name__}
    entries = [audit.entry(office, actor, refused, personne_id=id, role=role, **facts) for id, _, role in roles_back]
    with office.begin() as db:
        audit.record(db, *entries)
    raise RoleAboveOwn
