"""The history of one fiche: each field before and after, and what happened to it, who did it and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from core import archives, merge_rows
from core.audit import Deed
from core.errors import NotFound
from core.figures import COUNTED_AT_MOST, PAGE_SIZE
from core.office import Office
from core.roles import Actor, Permission, requires


@dataclass(frozen=True)
class Event:
    """One thing that happened, in UTC: a `field` changed, or else a `deed` of the journal; an import made the fiche.

    `actor` is the name the author has today; None when the account is gone, or nobody was signed in.
    """

    at: datetime
    actor: str | None
    field: str | None
    before: str | None
    after: str | None
    deed: str | None
    outcome: str
    ip: str | None


@dataclass(frozen=True)
class Page:
    """A page of a history, and how many events there are in all."""

    events: tuple[Event, ...]
    total: int


# What the history of fields says better, and what is no part of a fiche's history: who read it.
_LEFT_OUT: Final = {Deed.PERSONNE_CHANGED, Deed.ROLE_CHANGED, Deed.PERSONNE_READ, Deed.JOURNAL_READ}
# What those who do not read the journal learn: what became of the fiche, and what its « Accès » tells them already;
# never how somebody signs in. A new deed is kept from them until it stands here.
_OF_FICHE: Final = {
    Deed.PERSONNE_CREATED,
    Deed.PERSONNE_ARCHIVED,
    Deed.PERSONNE_RESTORED,
    Deed.PERSONNE_MERGED,
    Deed.TOLD_APART,
    Deed.INVITE_ISSUED,
    Deed.INVITE_REVOKED,
    Deed.ACCOUNT_ACTIVATED,
    Deed.ACCOUNT_SUSPENDED,
    Deed.ACCOUNT_UNSUSPENDED,
}
# A fiche made by an import has no entry of its own in the journal: the import's says who made it, when and where from.
# An administrateur also reads what the journal keeps of a fiche that is erased.
_EVENTS: Final = text(f"""
WITH {merge_rows.KEYS}
SELECT event.at, event.field, event.before, event.after, event.deed, event.outcome, event.total,
  CASE WHEN :all THEN event.ip END AS ip,
  CASE WHEN p."ID_PERSONNE" IS NOT NULL THEN p.prenom || ' ' || p.nom END AS actor
FROM (
  SELECT happened.*, count(*) OVER () AS total FROM (
    SELECT c.at, c.actor_id, c.ip, c.field, c.before, c.after, NULL AS deed, 'done' AS outcome, 0 AS seq, c.id
    FROM asso.personne_changes c WHERE c.personne_id = :about
    UNION ALL
    SELECT e.at, e.actor_id, e.ip, NULL, NULL, NULL, e.deed, e.outcome, e.seq, NULL
    FROM asso.audit_log e WHERE e.personne_id = ANY (ARRAY(SELECT id FROM keys))
      AND (e.outcome = 'done' AND e.deed = ANY (:deeds) OR e.outcome = 'refused' AND :all)
    UNION ALL
    SELECT i.at, i.actor_id, e.ip, NULL, NULL, NULL, '{Deed.PERSONNES_IMPORTED}', 'done', coalesce(e.seq, 0), NULL
    FROM asso.personnes made JOIN asso.imports i ON i.id = made.import_id LEFT JOIN asso.audit_log e
      ON e.at = i.at AND e.deed = '{Deed.PERSONNES_IMPORTED}' AND e.details ->> 'id' = CAST(i.id AS text)
    WHERE made."ID_PERSONNE" = :about
  ) AS happened ORDER BY at DESC, seq DESC, field, id LIMIT :size OFFSET :offset
) AS event
LEFT JOIN asso.users u ON u.id = event.actor_id LEFT JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE :archives OR EXISTS (SELECT 1 FROM asso.personnes s WHERE s."ID_PERSONNE" = :about AND NOT s.archivee)
ORDER BY event.at DESC, event.seq DESC, event.field, event.id
""")  # noqa: S608 (made of our own constants)


_SEEN: Final = text(f"""
SELECT 1 FROM asso.personnes p WHERE p."ID_PERSONNE" = :id AND {archives.seen("p")}
""")  # noqa: S608 (made of our own constants)


@requires(Permission.PERSONNES_READ)
def page(office: Office, actor: Actor, *, id: UUID, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page of what happened to the fiche `id` and to those merged with it, newest first; one round trip.

    What the person did with the account, refusals and addresses are for those who read the journal. Raises NotFound
    when there is no such fiche, and no event of it. Those of an archived fiche are for who may see it.
    """
    reads_all = actor.may(Permission.AUDIT_READ)
    deeds = set(Deed) - _LEFT_OUT if reads_all else _OF_FICHE
    offset, seen = (min(max(page, 1), COUNTED_AT_MOST) - 1) * size, archives.values(actor)
    rows = office.ask(_EVENTS, about=id, deeds=sorted(deeds), all=reads_all, size=size, offset=offset, **seen)
    if not rows and not office.ask(_SEEN, id=id, **seen):
        raise NotFound
    return Page(tuple(_event(row._mapping) for row in rows), rows[0].total if rows else 0)


def _event(row: Any) -> Event:
    return Event(**{name: row[name] for name in Event.__dataclass_fields__})
