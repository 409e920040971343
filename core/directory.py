"""The list of Personnes: a page of those who are wanted, each field only for those who may see it (R1, R3, T5)."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from core import archives, search
from core.figures import COUNTED_AT_MOST, PAGE_SIZE
from core.office import Office
from core.roles import Actor, Permission, Role, requires
from core.wanted import SORTS, Access, Wanted

__all__ = ["ACCESS_SQL", "Access", "Page", "PersonneRow", "Wanted", "condition", "order", "page", "within_rights"]


@dataclass(frozen=True)
class PersonneRow:
    """A line of the list; None stands for what the reader may not see (all but names and role)."""

    id: UUID
    nom: str
    prenom: str
    role: Role
    email: str | None
    telephone_1: str | None
    telephone_2: str | None
    access: Access | None
    archived_at: datetime | None
    updated_at: datetime | None
    version: int | None


@dataclass(frozen=True)
class Page:
    """A page of the list and how many Personnes are found in all; `capped` when there are more than `total`."""

    rows: tuple[PersonneRow, ...]
    total: int
    capped: bool = False


# The state of the access of `p`, a row of asso.personnes, at :now.
ACCESS_SQL: Final = """
coalesce(
  (SELECT CASE WHEN u.suspended_at IS NULL THEN 'activé' ELSE 'suspendu' END
    FROM asso.users u WHERE u.personne_id = p."ID_PERSONNE"),
  (SELECT CASE WHEN i.expires_at > :now THEN 'code envoyé' ELSE 'expiré' END FROM asso.user_invites i
    WHERE i."ID_PERSONNE" = p."ID_PERSONNE" AND i.redeemed_at IS NULL AND i.revoked_at IS NULL),
  'sans code')
"""

_HAS_ACCESS: Final = f"{ACCESS_SQL} = ANY (CAST(:access AS text[]))"


def within_rights(actor: Actor, wanted: Wanted) -> Wanted:
    """`wanted` without what the actor may not see, which is not searched either.

    Who may not read Personnes filters and sorts by names and role only; who may not read archives never meets them.
    """
    if not actor.may(Permission.PERSONNES_READ):
        sort = "nom" if wanted.sort in {"creation", "modification"} else wanted.sort
        wanted = replace(wanted, access=(), sort=sort)
    if not actor.may(Permission.ARCHIVES_READ):
        wanted = replace(wanted, archived=False, outdated=False)
    return wanted


def condition(office: Office, actor: Actor, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The condition on `p`, a row of asso.personnes, that holds those who are wanted, and its values.

    What the actor may not see is not searched either (within_rights).
    """
    wanted = within_rights(actor, wanted)
    sought, values = search.condition(wanted.search, everything=actor.may(Permission.PERSONNES_READ))
    return _joined(_narrowed(wanted), sought), values | _values(office, wanted)


def order(wanted: Wanted) -> str:
    """The ORDER BY of `p` that is wanted, without ties."""
    keys = (*SORTS[wanted.sort], 'p."ID_PERSONNE"')
    return ", ".join(f"{key} DESC" if wanted.descending else key for key in keys)


def _values(office: Office, wanted: Wanted) -> dict[str, Any]:
    """The values that stand in every condition."""
    return {"now": office.now(), "roles": [*wanted.roles], "access": [*wanted.access]}


def _narrowed(wanted: Wanted) -> str:
    """The condition without the search; one row at a time, so that it never starts by reading whole tables."""
    parts = [archives.OUTDATED if wanted.outdated else "p.archivee" if wanted.archived else "NOT p.archivee"]
    parts += ["p.role = ANY (CAST(:roles AS text[]))"] if wanted.roles else []
    parts += [_HAS_ACCESS] if wanted.access else []
    return " AND ".join(parts)


def _joined(*parts: str) -> str:
    return " AND ".join(part for part in parts if part)


@requires(Permission.TEAM_READ)
def page(office: Office, actor: Actor, wanted: Wanted, *, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page of those who are `wanted`, with their number up to 10 000; one round trip.

    Who may not read Personnes gets names and roles only, and searches nothing else.
    """
    sees_all = actor.may(Permission.PERSONNES_READ)
    wanted = within_rights(actor, wanted)
    values = _values(office, wanted) | search.values(wanted.search)
    values |= {"all": sees_all, "size": size, "offset": (max(page, 1) - 1) * size}
    rows = office.ask(_statement(wanted, sees_all=sees_all), **values)
    total = rows[0].total
    found = tuple(_row(row) for row in rows if row.id is not None)
    return Page(rows=found, total=min(total, COUNTED_AT_MOST), capped=total > COUNTED_AT_MOST)


# Three ways to the same page. Without a search: in the order of its index, which is read up to the page.
_IN_ORDER: Final = f"""
counted AS MATERIALIZED (
  SELECT count(*) AS total
  FROM (SELECT FROM asso.personnes p WHERE {{narrowed}} ORDER BY {{order}} LIMIT {COUNTED_AT_MOST + 1}) AS few
), kept AS (
  SELECT p."ID_PERSONNE" AS id FROM asso.personnes p WHERE {{narrowed}} ORDER BY {{order}} LIMIT :size OFFSET :offset
)
"""  # noqa: S608 (made of our own constants)

# With one: all that are found, then sorted, unless they are too many. Then the order of the index is followed for a
# while, for a word that many have is soon met; and if it was not, all are sorted after all.
_GATHERED_AT_MOST: Final = 20_000
_WALKED_AT_MOST: Final = 20_000
_GATHERED: Final = f"""
found AS MATERIALIZED (
  SELECT {{keys}} FROM {{source}} WHERE {{kept}} LIMIT {_GATHERED_AT_MOST + 1}
), counted AS MATERIALIZED (
  SELECT count(*) AS total FROM found
), walked AS MATERIALIZED (
  SELECT {{keys}} FROM (
    SELECT * FROM asso.personnes p WHERE {{lined}} ORDER BY {{order}} LIMIT {_WALKED_AT_MOST}) AS p
  WHERE (SELECT total FROM counted) > {_GATHERED_AT_MOST} AND {{rechecked}} LIMIT :size + :offset
), enough AS MATERIALIZED (
  SELECT count(*) = :size + :offset AS yes FROM walked
), kept AS (
  SELECT "ID_PERSONNE" AS id FROM (
    SELECT * FROM found WHERE (SELECT total FROM counted) <= {_GATHERED_AT_MOST}
    UNION ALL SELECT * FROM walked WHERE (SELECT yes FROM enough)
    UNION ALL SELECT {{keys}} FROM {{source}} WHERE {{kept}}
      AND (SELECT total FROM counted) > {_GATHERED_AT_MOST} AND NOT (SELECT yes FROM enough)
  ) AS p ORDER BY {{order}} LIMIT :size OFFSET :offset
)
"""  # noqa: S608 (made of our own constants)

_SHOWN: Final = f"""
SELECT counted.total, p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role,
  CASE WHEN :all THEN p.email END AS email,
  CASE WHEN :all THEN p.telephone_1 END AS telephone_1,
  CASE WHEN :all THEN p.telephone_2 END AS telephone_2,
  CASE WHEN :all THEN {ACCESS_SQL} END AS access,
  CASE WHEN :all THEN p.archived_at END AS archived_at,
  CASE WHEN :all THEN p.updated_at END AS updated_at,
  CASE WHEN :all THEN p.version END AS version
FROM counted LEFT JOIN (kept JOIN asso.personnes p ON p."ID_PERSONNE" = kept.id) ON true
ORDER BY {{order}}
"""  # noqa: S608 (made of our own constants)

# Few have an account or a code: those who are looked for by that are found from there, one by one (OFFSET 0).
_KNOWN_FROM: Final = """({}) AS known (id), LATERAL (
    SELECT * FROM asso.personnes q WHERE q."ID_PERSONNE" = known.id OFFSET 0) AS p"""
_WITH_ACCOUNT: Final = "SELECT personne_id FROM asso.users WHERE suspended_at IS {} NULL"
_WITH_CODE: Final = """SELECT i."ID_PERSONNE" FROM asso.user_invites i
  WHERE i.redeemed_at IS NULL AND i.revoked_at IS NULL AND i.expires_at {} :now
    AND NOT EXISTS (SELECT FROM asso.users u WHERE u.personne_id = i."ID_PERSONNE")"""
_KNOWN: Final = {
    Access.ACTIVE: _WITH_ACCOUNT.format(""),
    Access.SUSPENDU: _WITH_ACCOUNT.format("NOT"),
    Access.CODE_ENVOYE: _WITH_CODE.format(">"),
    Access.EXPIRE: _WITH_CODE.format("<="),
}


def _statement(wanted: Wanted, *, sees_all: bool) -> TextClause:
    sought = search.condition(wanted.search, everything=sees_all)[0]
    narrowed, rechecked = _narrowed(wanted), search.recheck(wanted.search, everything=sees_all)
    known = wanted.access and Access.SANS_CODE not in wanted.access and not sought
    source = _KNOWN_FROM.format(" UNION ALL ".join(_KNOWN[access] for access in wanted.access if known))
    few = wanted.roles and Role.BENEVOLE not in wanted.roles and wanted.sort not in {"nom", "role"}
    way = _GATHERED if sought or few or known else _IN_ORDER
    return _parsed(
        f"WITH {way}{_SHOWN}".format(
            source=source if known else "asso.personnes p",
            narrowed=narrowed,
            kept=_narrowed(replace(wanted, access=())) if known else _joined(narrowed, sought),
            lined=_narrowed(replace(wanted, access=(), roles=())),
            rechecked=_joined(narrowed, rechecked),
            keys=", ".join(('p."ID_PERSONNE"', *SORTS[wanted.sort])),
            order=order(wanted),
        )
    )


# SQLAlchemy takes as long to find the names of values in a statement as the database to plan it. The texts are few, for
# what is looked for is no part of them.
_parsed: Final = lru_cache(maxsize=256)(text)


@requires(Permission.TEAM_READ)
def count(office: Office, actor: Actor, wanted: Wanted) -> int:
    """How many are `wanted`, all counted; one round trip, that takes its time when they are many."""
    wanted_sql, values = condition(office, actor, wanted)
    return int(office.ask(text(f"SELECT count(*) AS n FROM asso.personnes p WHERE {wanted_sql}"), **values)[0].n)  # noqa: S608 (made of our own constants)


def _row(row: Row[Any]) -> PersonneRow:
    facts = {name: getattr(row, name) for name in PersonneRow.__dataclass_fields__}
    return PersonneRow(**facts | {"role": Role(row.role), "access": Access(row.access) if row.access else None})
