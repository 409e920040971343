"""« Revue des droits »: who holds which role, with which access, since when; to be read again now and then (B11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core import audit, sessions
from core.directory import ACCESS_SQL, Access
from core.figures import JOURNAL_READ_EVERY, RIGHTS_AT_MOST
from core.office import Office
from core.roles import Actor, Permission, Role, requires


@dataclass(frozen=True)
class Holder:
    """Somebody who has rights, or will once they activate their access; times in UTC.

    `role_since` is the last change of the role, or the creation of the fiche; `archived` ones cannot sign in.
    """

    id: UUID
    nom: str
    prenom: str
    role: Role
    role_since: datetime
    access: Access
    archived: bool
    activated_at: datetime | None
    last_sign_in_at: datetime | None
    factor_since: datetime | None
    sessions: int


@dataclass(frozen=True)
class Review:
    """Those with rights, by role then name; `capped` when there are more of them than `holders`."""

    holders: tuple[Holder, ...]
    capped: bool


# A bénévole without account has no right; a million of them are not walked through.
_REVIEW: Final = text(f"""
WITH holders AS (
  SELECT personne_id AS id FROM asso.users
  UNION SELECT "ID_PERSONNE" FROM asso.personnes WHERE NOT archivee AND role IN ('administrateur', 'employé')
), audited AS ({audit.APPEND.rstrip()} WHERE NOT EXISTS (
  SELECT 1 FROM asso.audit_log r WHERE r.deed = 'rights_read' AND r.actor_id = :reader AND r.at > :lately
    AND r.seq > (SELECT seq - 20000 FROM asso.audit_head)))
SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role, {ACCESS_SQL} AS access, p.archived_at IS NOT NULL AS archived,
  coalesce((SELECT max(c.at) FROM asso.personne_changes c WHERE c.personne_id = p."ID_PERSONNE" AND c.field = 'role'),
    p.created_at) AS role_since,
  u.created_at AS activated_at, u.last_sign_in_at, f.confirmed_at AS factor_since,
  (SELECT count(*) FROM asso.user_sessions s WHERE s.user_id = u.id AND ({sessions.OPEN})) AS sessions
FROM holders JOIN asso.personnes p ON p."ID_PERSONNE" = holders.id
LEFT JOIN asso.users u ON u.personne_id = p."ID_PERSONNE"
LEFT JOIN asso.second_factors f ON f.user_id = u.id AND f.confirmed_at IS NOT NULL
ORDER BY array_position(ARRAY['administrateur', 'employé', 'bénévole'], p.role), p.tri, p."ID_PERSONNE" LIMIT :most
""")  # noqa: S608 (made of our own constants)


@requires(Permission.AUDIT_READ)
def review(office: Office, actor: Actor) -> Review:
    """Who has which rights; one round trip, audited at most once in a quarter of an hour."""
    rows = office.ask(
        _REVIEW,
        **sessions.open_values(office),
        most=RIGHTS_AT_MOST + 1,
        entries=audit.as_json(audit.entry(office, actor, audit.Deed.RIGHTS_READ)),
        reader=actor.user_id,
        lately=office.now() - JOURNAL_READ_EVERY,
    )
    return Review(tuple(map(_holder, rows[:RIGHTS_AT_MOST])), capped=len(rows) > RIGHTS_AT_MOST)


def _holder(row: Row[Any]) -> Holder:
    return Holder(**(row._asdict() | {"role": Role(row.role), "access": Access(row.access)}))
