"""Fiches that may be of one person: the same names in either order, or the same phone. It warns, it never blocks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import archives, audit, limits
from core.errors import AlreadyDone, NotFound, PerhapsDuplicate, TooManyAttempts
from core.office import Office
from core.roles import Actor, Permission, Role, requires

SHOWN: Final = 5


@dataclass(frozen=True)
class Alike:
    """A fiche that looks like another one: by its names or else by a phone."""

    id: UUID
    nom: str
    prenom: str
    role: Role
    archived: bool
    by_name: bool


def alike_sql(nom: str, prenom: str, *phones: str) -> str:
    """The fiches `d` that look like these expressions; each comparison has its index.

    A union and = ANY (ARRAY[…]), not OR and IN: these read the whole table where the expressions are columns. The
    index of names begins with `archivee`.
    """
    names = (f"left(asso.cle({a}), 200) || ' ' || left(asso.cle({b}), 200)" for a, b in ((nom, prenom), (prenom, nom)))
    keys = f"ANY (ARRAY[{', '.join(names)}])"
    digits = (f"nullif(asso.chiffres({phone}), '')" for phone in phones)
    numbers = f"ANY (ARRAY[{', '.join(digits)}])"
    kept = 'n."ID_PERSONNE", n.nom, n.prenom, n.role, n.archived_at, n.tri'
    return f"""
SELECT d."ID_PERSONNE" AS id, d.nom, d.prenom, d.role, d.archived_at IS NOT NULL AS archived,
  d.tri = {keys} AS by_name
FROM (
  SELECT {kept} FROM asso.personnes n WHERE n.archivee = ANY (CAST('{{f,t}}' AS boolean[])) AND n.tri = {keys}
  UNION SELECT {kept} FROM asso.personnes n WHERE asso.chiffres(n.telephone_1) = {numbers}
  UNION SELECT {kept} FROM asso.personnes n WHERE asso.chiffres(n.telephone_2) = {numbers}
) AS d
"""  # noqa: S608 (made of our own constants)


_ASKED: Final = alike_sql(
    "CAST(:nom AS text)", "CAST(:prenom AS text)", "CAST(:telephone_1 AS text)", "CAST(:telephone_2 AS text)"
)
# The command is counted and the look taken in one round trip. Those declared other people leave room to others; of
# those that the actor may not see, who come last, one is enough.
_COUNT_AND_LOOK: Final = text(f"""
SELECT tried.wait, found.* FROM asso.reserve(CAST(:limits AS jsonb), :now) AS tried
LEFT JOIN LATERAL (
  SELECT * FROM ({_ASKED}) AS alike
  ORDER BY id <> CAST(:id AS uuid), archived AND NOT :archives, id = ANY(CAST(:apart AS uuid[])), by_name DESC, id
  LIMIT :shown + cardinality(CAST(:apart AS uuid[])) + 1
) AS found ON tried.wait IS NULL
""")  # noqa: S608 (made of our own constants)


def count_and_look(
    db: Session,
    office: Office,
    actor: Actor,
    id: UUID,
    kept: Mapping[str, str | None],
    *,
    apart: Collection[UUID],
    hidden_too: bool,
) -> tuple[UUID, ...]:
    """Count a command of the actor, then raise PerhapsDuplicate when fiches look like what is to be `kept`.

    Not for those of `apart`, who were declared other people: returned are those of them who do look like it. Archived
    fiches that the actor may not see are only said to be there, unless `hidden_too`: an administrateur has to look.
    Raises AlreadyDone when one of the fiches is `id` itself, TooManyAttempts.
    """
    asked = {field: kept.get(field) for field in ("nom", "prenom", "telephone_1", "telephone_2")}
    counted = limits.as_json(office, (limits.COMMANDS, str(actor.user_id)))
    values = {"limits": counted, "now": office.now(), "shown": SHOWN, "id": id, "apart": list(apart)}
    values |= archives.values(actor)
    rows = db.execute(_COUNT_AND_LOOK, asked | values).all()
    if rows[0].wait is not None:
        raise TooManyAttempts(rows[0].wait)
    found = tuple(of(row) for row in rows if row.id is not None)
    if id in {alike.id for alike in found}:
        raise AlreadyDone
    seen = [alike for alike in found if values["archives"] or not alike.archived]
    told = tuple(alike.id for alike in seen if alike.id in apart)
    others = tuple(alike for alike in seen if alike.id not in apart)
    hidden = len(seen) < len(found)
    if others or (hidden and not hidden_too):
        raise PerhapsDuplicate(others[:SHOWN], told, hidden)
    return told


def of(row: Any) -> Alike:
    """An Alike from a row, or a mapping, of `alike_sql`."""
    found = row if isinstance(row, Mapping) else row._mapping
    facts = {name: found[name] for name in ("nom", "prenom", "archived", "by_name")}
    return Alike(**facts, id=UUID(str(found["id"])), role=Role(found["role"]))


TELL_APART: Final = f"""
INSERT INTO asso.not_duplicates (one_id, other_id, actor_id, at)
SELECT least(CAST(:id AS uuid), other."ID_PERSONNE"), greatest(CAST(:id AS uuid), other."ID_PERSONNE"), :actor_id, :now
FROM asso.personnes other WHERE other."ID_PERSONNE" = ANY (CAST(:apart AS uuid[])) AND other."ID_PERSONNE" <> :id
  AND {archives.seen("other")}
ON CONFLICT DO NOTHING
"""  # noqa: S608 (made of our own constants)
_BOTH: Final = text(f"""
SELECT count(*) FROM asso.personnes p WHERE p."ID_PERSONNE" IN (:one, :other) AND {archives.seen("p")}
""")  # noqa: S608 (made of our own constants)


@requires(Permission.PERSONNES_WRITE)
def tell_apart(office: Office, actor: Actor, *, one: UUID, other: UUID) -> None:
    """« Ce n'est pas un doublon »: these two are not shown as alike any more. Raises NotFound."""
    with office.begin() as db:
        limits.count_command(db, office, actor)
        values = archives.values(actor)
        if db.execute(_BOTH, values | {"one": one, "other": other}).scalar() != 2:
            raise NotFound
        values |= {"id": one, "apart": [str(other)], "actor_id": actor.user_id, "now": office.now()}
        db.execute(text(TELL_APART), values)
        audit.record(db, audit.entry(office, actor, audit.Deed.TOLD_APART, personne_id=one, other=other))
