"""A fiche within a transaction: its row held, its history written, the last administrateur kept."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.errors import LastAdministrator, NotFound, OwnRole, Refusal, RoleAboveOwn
from core.office import Office
from core.roles import Actor, Role

_ROW: Final = """
SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role, p.email, p.telephone_1, p.telephone_2, p.note, p.version,
  p.updated_at, p.archived_at, u.id AS user_id, u.email AS account_email,
  u.password_hash IS NOT NULL AS has_password, u.suspended_at
FROM asso.personnes p LEFT JOIN asso.users u ON u.personne_id = p."ID_PERSONNE"
WHERE p."ID_PERSONNE" = CAST(:id AS uuid) FOR UPDATE OF p
"""
_LOCK: Final = text(_ROW)
# Roles, archives, suspensions and erasures wait for one another: two of them at the same instant cannot each take
# the other for the administrateur who stays. Two statements in one round trip: the second one sees what the wait let
# pass. Taken before any fiche is held, so that nobody waits in a circle.
TURN: Final = "SELECT pg_advisory_xact_lock(hashtext('asso.administrateurs'))"
_LOCK_IN_TURN: Final = text(f"{TURN}; {_ROW}")


def lock(db: Session, personne_id: UUID) -> Row[Any]:
    """The fiche, with its account when there is one (user_id), held until the end of the transaction.

    Several of them: in the order of their keys. Raises NotFound.
    """
    return _held(db, _LOCK, personne_id)


def lock_in_turn(db: Session, personne_id: UUID) -> Row[Any]:
    """The same, alone among those who change who administers. Raises NotFound."""
    return _held(db, _LOCK_IN_TURN, personne_id)


def _held(db: Session, statement: Any, personne_id: UUID) -> Row[Any]:
    row = db.execute(statement, {"id": personne_id}).one_or_none()
    if row is None:
        raise NotFound
    return row


def take_turn(db: Session) -> None:
    """Wait for those who change who administers, before holding several fiches."""
    db.execute(text(TURN))


_ADMINISTERING: Final = text("""
SELECT p."ID_PERSONNE" AS id
FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE p.role = 'administrateur' AND p.archived_at IS NULL AND u.suspended_at IS NULL
""")


def administering(db: Session) -> set[UUID]:
    """The fiches of those who administer; after take_turn or lock_in_turn.

    Who cannot sign in (no account, suspended, archived) administers nothing.
    """
    return {row.id for row in db.execute(_ADMINISTERING)}


def refuse_last_administrator(db: Session, personne_id: UUID, role: str, *, own: bool = False) -> None:
    """Raise LastAdministrator when nobody else could administer; after take_turn or lock_in_turn."""
    if role == Role.ADMINISTRATEUR and administering(db) == {personne_id}:
        raise LastAdministrator(own=own)


def why_not_role(actor: Actor, row: Row[Any], role: Role) -> Refusal | None:
    """Why the actor may not make this fiche a `role`: OwnRole, RoleAboveOwn; who stays is looked at apart."""
    if row.id == actor.personne_id:
        return OwnRole()
    return None if actor.may_grant(role) and actor.may_grant(Role(row.role)) else RoleAboveOwn()


APPEND: Final = """
INSERT INTO asso.personne_changes (id, personne_id, at, actor_id, ip, field, before, after, import_id)
SELECT id, personne_id, at, actor_id, ip, field, before, after, import_id
FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS change(id uuid, personne_id uuid, at timestamptz, actor_id uuid,
  ip text, field text, before text, after text, import_id uuid)
"""
_APPEND: Final = text(APPEND)


def changes(
    office: Office,
    actor: Actor,
    personne_id: UUID,
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    *,
    import_id: UUID | None = None,
) -> list[dict[str, Any]]:
    """A row of history for each field of `after` that is not as `before`; empty and absent are the same."""
    common = {
        "personne_id": personne_id,
        "at": office.now(),
        "actor_id": actor.user_id,
        "ip": actor.visitor.ip,
        "import_id": import_id,
    }
    pairs = ((field, before.get(field) or None, value or None) for field, value in after.items())
    return [
        common | {"id": office.uuid(), "field": field, "before": old, "after": new}
        for field, old, new in pairs
        if old != new
    ]


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """The value of :changes in the statement that appends to the history."""
    return json.dumps(list(rows), default=str)


def append_changes(db: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows made by `changes`, any number of them in one statement."""
    db.execute(_APPEND, {"changes": as_json(rows)})
