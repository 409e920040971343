"""The history of one fiche: each field before and after, and what happened to it, who did it and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

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
    details: dict[str, Any]


# What the history of fields says better, and what is no part of a fiche's history: who read it.
_LEFT_OUT: Final = [Deed.PERSONNE_READ.value, Deed.PERSONNE_CHANGED.value, Deed.ROLE_CHANGED.value]
_EVENTS: Final = text("""
SELECT event.*, CASE WHEN p."ID_PERSONNE" IS NOT NULL THEN p.prenom || ' ' || p.nom END AS actor
FROM (
  (SELECT c.at, c.actor_id, c.field, c.before, c.after, NULL AS deed, 'done' AS outcome, NULL AS ip,
    CAST('{}' AS jsonb) AS details, 0 AS seq
   FROM asso.personne_changes c WHERE c.personne_id = :id ORDER BY c.at DESC LIMIT :shown)
  UNION ALL
  (SELECT e.at, e.actor_id, NULL, NULL, NULL, e.deed, e.outcome, CASE WHEN :ips THEN e.ip END, e.details, e.seq
   FROM asso.audit_log e WHERE e.personne_id = :id AND NOT (e.outcome = 'done' AND e.deed = ANY (:left_out))
     AND (:ips OR e.outcome = 'done') ORDER BY e.seq DESC LIMIT :shown)
) AS event
LEFT JOIN asso.users u ON u.id = event.actor_id LEFT JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
ORDER BY event.at DESC, event.seq DESC, event.field LIMIT :shown
""")


@requires(Permission.PERSONNES_READ)
def events(office: Office, actor: Actor, *, id: UUID) -> tuple[Event, ...]:
    """The latest events of the fiche `id`, newest first; one round trip. Refusals and addresses for administrateurs.

    Raises NotFound when there are none: every fiche has at least its creation.
    """
    rows = office.ask(_EVENTS, id=id, left_out=_LEFT_OUT, ips=actor.may(Permission.AUDIT_READ), shown=SHOWN)
    if not rows and not office.ask(text('SELECT 1 FROM asso.personnes WHERE "ID_PERSONNE" = :id'), id=id):
        raise NotFound
    return tuple(_event(row._mapping) for row in rows)


def _event(row: Any) -> Event:
    return Event(**{name: row[name] for name in Event.__dataclass_fields__})
