"""The journal: the audit log as administrateurs read it, newest first, by person, author, kind or days (T7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core import audit
from core.figures import COUNTED_AT_MOST, JOURNAL_READ_EVERY, PAGE_SIZE
from core.journal_filters import Search, Wanted, meaning
from core.office import Office
from core.roles import Actor, Permission, requires


@dataclass(frozen=True)
class Entry:
    """One line of the journal, time in UTC; a name is None for nobody, and for who is gone from the tables.

    `own` says that the author and the person it is about are one. `details` as core.audit keeps them.
    """

    seq: int
    at: datetime
    deed: str
    outcome: str
    actor_id: UUID | None
    actor: str | None
    personne_id: UUID | None
    personne: str | None
    own: bool
    ip: str
    details: Mapping[str, Any]

    @property
    def refused(self) -> bool:
        """Whether it was attempted only."""
        return self.outcome == "refused"


@dataclass(frozen=True)
class Page:
    """A page, how many entries there are in all (`capped` when there are more than `total`), and whose page it is.

    `about` is the name behind Wanted.personne_id; None when nobody is asked for, or the fiche is erased. `broad` says
    that the words name more people than are looked up.
    """

    rows: tuple[Entry, ...]
    total: int
    capped: bool
    about: str | None
    broad: bool


_END: Final = 2**63 - 1
_ENTRY: Final = """
e.seq, e.at, e.deed, e.outcome, e.actor_id, e.personne_id, e.ip, e.details,
coalesce(u.personne_id = e.personne_id, false) AS own, q.prenom || ' ' || q.nom AS actor,
p.prenom || ' ' || p.nom AS personne
"""
_NAMES: Final = """
LEFT JOIN asso.users u ON u.id = e.actor_id LEFT JOIN asso.personnes q ON q."ID_PERSONNE" = u.personne_id
LEFT JOIN asso.personnes p ON p."ID_PERSONNE" = e.personne_id
"""
# The reading is an entry itself, but not at each click: once per reader, per person asked for, in a quarter of an hour.
_READ: Final = f"""{audit.APPEND.rstrip()} WHERE NOT EXISTS (
  SELECT 1 FROM asso.audit_log r WHERE r.deed = 'journal_read' AND r.actor_id = :reader AND r.at > :lately
    AND r.personne_id IS NOT DISTINCT FROM CAST(:about AS uuid)
    AND r.seq > (SELECT seq - 20000 FROM asso.audit_head))"""  # noqa: S608 (made of our own constants)
_PAGE: Final = f"""
WITH {{people}}, found AS MATERIALIZED ({{found}}), audited AS ({_READ})
SELECT counted.total, asked_for.about, {Search.broad} AS broad, page.*
FROM (SELECT count(*) AS total FROM found) AS counted
LEFT JOIN (SELECT prenom || ' ' || nom AS about FROM asso.personnes WHERE "ID_PERSONNE" = CAST(:about AS uuid))
  AS asked_for ON true
LEFT JOIN LATERAL (
  SELECT {_ENTRY} FROM (SELECT seq FROM found ORDER BY seq DESC LIMIT :size OFFSET :offset) AS asked
  JOIN asso.audit_log e ON e.seq = asked.seq {_NAMES} ORDER BY e.seq DESC
) AS page ON true
"""  # noqa: S608 (made of our own constants)


@requires(Permission.AUDIT_READ)
def page(office: Office, actor: Actor, wanted: Wanted, *, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page of the entries that are wanted, newest first, with the names of today; one round trip.

    The reading is audited (who reads what others did is worth knowing), at most once in a quarter of an hour.
    """
    meant = meaning(wanted)
    read = audit.entry(office, actor, audit.Deed.JOURNAL_READ, personne_id=wanted.personne_id)
    rows = office.ask(
        text(_PAGE.format(people=meant.people, found=meant.found)),
        **(meant.values | {"about": wanted.personne_id, "before": _END, "most": COUNTED_AT_MOST + 1}),
        entries=audit.as_json(read),
        reader=actor.user_id,
        lately=office.now() - JOURNAL_READ_EVERY,
        size=size,
        offset=(min(max(page, 1), COUNTED_AT_MOST) - 1) * size,
    )
    total = min(rows[0].total, COUNTED_AT_MOST)
    found = tuple(_entry(row) for row in rows if row.seq is not None)
    return Page(rows=found, total=total, capped=rows[0].total > total, about=rows[0].about, broad=rows[0].broad)


def _entry(row: Row[Any]) -> Entry:
    return Entry(**{name: getattr(row, name) for name in Entry.__dataclass_fields__})


_WALK: Final = f"""
WITH {{people}}, found AS MATERIALIZED ({{found}})
SELECT {_ENTRY} FROM found JOIN asso.audit_log e ON e.seq = found.seq {_NAMES} ORDER BY e.seq DESC
"""  # noqa: S608 (made of our own constants)


def walk(office: Office, wanted: Wanted, *, size: int = 5000) -> Iterator[tuple[Entry, ...]]:
    """All the entries that are wanted, newest first, by portions of `size`, for an export."""
    meant, before = meaning(wanted), _END
    statement = text(_WALK.format(people=meant.people, found=meant.found))
    while rows := office.ask(statement, **meant.values, before=before, most=size):
        yield tuple(_entry(row) for row in rows)
        before = rows[-1].seq
