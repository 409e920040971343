"""Saved views of the list: a search, filters and an order under a name, for their author or for everybody."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core import archives, audit, limits
from core.directory import Wanted, within_rights
from core.errors import TextTooLong
from core.names import parse_name
from core.office import Office
from core.roles import Actor, Permission, requires
from db.records import VIEW_NAME_LENGTH


@dataclass(frozen=True)
class View:
    """A saved view; its author alone may change it.

    `removable`: the actor's own, or one whose author's account is gone, for those who manage accounts.
    """

    id: UUID
    name: str
    wanted: Wanted
    shared: bool
    removable: bool


_LISTED: Final = text("""
SELECT id, name, query, shared, owner_id = :owner OR owner_id IS NULL AND :manages AS removable
FROM asso.saved_views
WHERE (owner_id = :owner OR shared) AND (:archives OR NOT query ? 'archivees')
ORDER BY owner_id = :owner DESC NULLS LAST, asso.cle(name) COLLATE "C", id
""")


@requires(Permission.PERSONNES_READ)
def listed(office: Office, actor: Actor) -> tuple[View, ...]:
    """The actor's views by name, then those that others share; one round trip.

    Views of archived fiches are for those who may see them.
    """
    rows = office.ask(_LISTED, **_of(actor), **archives.values(actor))
    return tuple(_view(row) for row in rows)


def _of(actor: Actor) -> dict[str, Any]:
    return {"owner": actor.user_id, "manages": actor.may(Permission.ACCOUNTS_MANAGE)}


def _view(row: Row[Any]) -> View:
    return View(row.id, row.name, Wanted.from_query(row.query), row.shared, bool(row.removable))


_SAVE: Final = text("""
INSERT INTO asso.saved_views (id, owner_id, name, query, shared, created_at)
VALUES (:id, :owner, :name, CAST(:query AS jsonb), :shared, :now)
ON CONFLICT (owner_id, name) DO UPDATE SET query = EXCLUDED.query, shared = EXCLUDED.shared
""")


@requires(Permission.PERSONNES_READ)
def save(office: Office, actor: Actor, wanted: Wanted, *, name: str, shared: bool = False) -> str:
    """Keep `wanted` under `name`, in the place of the actor's view of that name; returns the name as kept.

    Raises MissingField, TextTooLong, InvalidCharacters, TooManyAttempts.
    """
    kept = parse_name("view", name)
    if len(kept) > VIEW_NAME_LENGTH:
        raise TextTooLong("view", VIEW_NAME_LENGTH, len(kept))
    values = {"id": office.uuid(), "owner": actor.user_id, "name": kept, "shared": shared, "now": office.now()}
    with office.begin() as db:
        limits.count_command(db, office, actor)
        db.execute(_SAVE, values | {"query": json.dumps(within_rights(actor, wanted).as_query())})
        audit.record(db, audit.entry(office, actor, audit.Deed.VIEW_SAVED, shared=shared))
    return kept


_REMOVE: Final = text("""
DELETE FROM asso.saved_views WHERE id = :id AND (owner_id = :owner OR owner_id IS NULL AND :manages) RETURNING id
""")


@requires(Permission.PERSONNES_READ)
def remove(office: Office, actor: Actor, *, id: UUID) -> bool:
    """Remove a view that is `removable`; False for another one, or when it is gone already. Raises TooManyAttempts."""
    with office.begin() as db:
        limits.count_command(db, office, actor)
        removed = db.execute(_REMOVE, _of(actor) | {"id": id}).first() is not None
        if removed:
            audit.record(db, audit.entry(office, actor, audit.Deed.VIEW_REMOVED))
    return removed
