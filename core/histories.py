"""The history of one fiche: each field before and after, and what happened to it, who did it and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from core import archives, merge_rows
from core.audit import Deed
from core.errors import NotFound
from core.office import Office
from core.roles import Actor, Permission, requires

SHOWN: Final = 100


@dataclass(frozen=True)
class Event:
    """One thing that happened, in UTC: a `field` changed, or else a `deed` of the journal.

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
# An administrateur also reads what the journal keeps of a fiche that is erased.
_EVENTS: Final = text(f"""
WITH {merge_rows.KEYS}
SELECT event.*, CASE WHEN p."ID_PERSONNE" IS NOT NULL THEN p.prenom || ' ' || p.nom END AS actor
FROM (
  (SELECT c.at, c.actor_id, c.field, c.before, c.after, NULL AS deed, 'done' AS outcome, NULL AS ip,
    0 AS seq
   FROM asso.personne_changes c WHERE c.personne_id = :about ORDER BY c.at DESC LIMIT :shown)
  UNION ALL
  (SELECT e.at, e.actor_id, NULL, NULL, NULL, e.deed, e.outcome, CASE WHEN :all THEN e.ip END, e.seq
   FROM asso.audit_log e WHERE e.personne_id = ANY (ARRAY(SELECT id FROM keys))
     AND (e.outcome = 'done' AND e.deed = ANY (:deeds) OR e.outcome = 'refused' AND :all)
   ORDER BY e.seq DESC LIMIT :shown)
) AS event
LEFT JOIN asso.users u ON u.id = event.actor_id LEFT JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE :archives OR EXISTS (SELECT 1 FROM asso.personnes s WHERE s."ID_PERSONNE" = :about AND NOT s.archivee)
ORDER BY event.at DESC, event.seq DESC, event.field LIMIT :shown
""")  # noqa: S608 (made of our own constants)


_SEEN: Final = text(f"""
SELECT 1 FROM asso.personnes p WHERE p."ID_PERSONNE" = :id AND {archives.seen("p")}
""")  # noqa: S608 (made of our own constants)


@requires(Permission.PERSONNES_READ)
def events(office: Office, actor: Actor, *, id: UUID) -> tuple[Event, ...]:
    """The latest events of the fiche `id` and of those merged with it, newest first; one round trip.

    What the person did with the account, refusals and addresses are for those who read the journal. Raises NotFound
    when there are none: every fiche has at least its creation. Those of an archived fiche are for who may see it.
    """
    reads_all = actor.may(Permission.AUDIT_READ)
    deeds = set(Deed) - _LEFT_OUT if reads_all else _OF_FICHE
    seen = archives.values(actor)
    rows = office.ask(_EVENTS, about=id, deeds=sorted(deeds), all=reads_all, shown=SHOWN, **seen)
    if not rows and not office.ask(_SEEN, id=id, **seen):
        raise NotFound
    return tuple(_event(row._mapping) for row in rows)


def _event(row: Any) -> Event:
    return Event(**{name: row[name] for name in Event.__dataclass_fields__})
