"""Accounts: signing in with email and password, and what « Mon compte » shows (R6, R9, T2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from core import alarm, audit, emails, entrances, hashing, limits, sessions
from core.errors import SecondFactorNeeded, TooManyAttempts, WrongCredentials
from core.office import Office
from core.roles import Actor, Permission, Role, Visitor, open_to_visitors, requires

_TRY: Final = text("""
SELECT tried.wait, tried.next_wait, u.id, u.personne_id, u.password_hash,
  u.suspended_at IS NULL AND p.archived_at IS NULL AS usable
FROM asso.reserve(CAST(:limits AS jsonb), :now) AS tried
LEFT JOIN asso.users u ON u.email_key = asso.email_key(:email)
LEFT JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
""")

# The success in one statement: the address's failures are forgotten, the IP's try is given back, never cleared.
_SUCCEED: Final = text(f"""
{entrances.enter_sql("u.password_hash = :was")}, rehashed AS (
  UPDATE asso.users u SET password_hash = CAST(:rehashed AS text)
  FROM account WHERE u.id = account.id AND CAST(:rehashed AS text) IS NOT NULL
), audited AS ({audit.APPEND} WHERE EXISTS (SELECT 1 FROM account))
SELECT asked, asso.give_back(CAST(:address AS jsonb), true), asso.give_back(CAST(:ip AS jsonb), false) FROM factor
""")  # noqa: S608 (made of our own constants)


@open_to_visitors
def sign_in(office: Office, visitor: Visitor, *, email: str, password: str) -> str:
    """A ticket for POST /session. Raises WrongCredentials for every failure, TooManyAttempts over a limit and
    SecondFactorNeeded when the password was right and a code is asked next.

    A known and an unknown address get the same words, the same limits and the same work (T2, V6.3.1).
    Two round trips.
    """
    # NUL cannot reach PostgreSQL, and no address or password of ours has one.
    address = email.strip().replace("\0", "")[:254]
    by_address, by_ip = (limits.SIGN_IN_ADDRESS, emails.key(address)), (limits.SIGN_IN_IP, visitor)
    counted = limits.as_json(office, by_address, by_ip)
    row = office.ask(_TRY, limits=counted, now=office.now(), email=address)[0]
    if row.wait is not None:
        raise TooManyAttempts(row.wait)
    if not hashing.verify(office, password, row.password_hash) or not row.usable:
        _refuse(office, visitor, row)
    token = office.token()
    entered = office.ask(
        _SUCCEED,
        **entrances.enter_values(office, token, row.id, "password"),
        was=row.password_hash,
        rehashed=_rehashed(office, password, row.password_hash),
        address=limits.as_json(office, by_address),
        ip=limits.as_json(office, by_ip),
        entries=audit.as_json(
            audit.entry(office, visitor, audit.Deed.SIGN_IN, actor_id=row.id, personne_id=row.personne_id)
        ),
    )
    if not entered:  # the password was replaced while this one was checked
        _refuse(office, visitor, row)
    if entered[0].asked:
        raise SecondFactorNeeded(token)
    return token


def _rehashed(office: Office, password: str, kept: str) -> str | None:
    """The password under today's scheme and cost, when it was kept under another."""
    return hashing.hash_password(office, password) if hashing.is_outdated(office, kept) else None


def _refuse(office: Office, visitor: Visitor, row: Any) -> None:
    alarm.refused(office, visitor, audit.Deed.SIGN_IN, actor_id=row.id, personne_id=row.personne_id)
    if row.next_wait is not None:
        raise TooManyAttempts(row.next_wait)
    raise WrongCredentials


@dataclass(frozen=True)
class OwnSession:
    """One of the actor's open sessions; times in UTC."""

    id: UUID
    user_agent: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True)
class OwnEvent:
    """Something that happened with the actor's account; time in UTC."""

    at: datetime
    deed: str
    outcome: str
    ip: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Overview:
    """All that « Mon compte » shows."""

    email: str
    nom: str
    prenom: str
    role: Role
    telephone_1: str | None
    telephone_2: str | None
    activated_at: datetime
    has_password: bool
    google_linked: bool
    factor_since: datetime | None
    recovery_codes_left: int
    sessions: tuple[OwnSession, ...]
    events: tuple[OwnEvent, ...]


EVENTS_SHOWN: Final = 20

_OVERVIEW: Final = text(f"""
SELECT u.email, u.created_at AS activated_at, u.password_hash IS NOT NULL AS has_password,
  u.google_sub IS NOT NULL AS google_linked, p.nom, p.prenom, p.role, p.telephone_1, p.telephone_2,
  (SELECT f.confirmed_at FROM asso.second_factors f WHERE f.user_id = u.id) AS factor_since,
  (SELECT count(*) FROM asso.recovery_codes c WHERE c.user_id = u.id AND c.used_at IS NULL) AS recovery_codes_left,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'user_agent', s.user_agent, 'ip', s.ip,
      'created_at', s.created_at, 'last_seen_at', s.last_seen_at) ORDER BY s.last_seen_at DESC, s.id), '[]')
   FROM asso.user_sessions s WHERE s.user_id = u.id AND ({sessions.OPEN})) AS sessions,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'deed', e.deed, 'outcome', e.outcome, 'ip', e.ip,
      'details', e.details) ORDER BY e.seq DESC), '[]')
   FROM (SELECT * FROM asso.audit_log WHERE actor_id = u.id ORDER BY seq DESC LIMIT :shown) AS e) AS events
FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE u.id = :user_id
""")  # noqa: S608 (made of our own constants)


@requires(Permission.ACCOUNT_OWN)
def overview(office: Office, actor: Actor) -> Overview:
    """The actor's own identity, open sessions (last used first) and latest events; one round trip."""
    values = sessions.open_values(office)
    row = office.ask(_OVERVIEW, user_id=actor.user_id, shown=EVENTS_SHOWN, **values)[0]
    return Overview(
        email=row.email,
        nom=row.nom,
        prenom=row.prenom,
        role=Role(row.role),
        telephone_1=row.telephone_1,
        telephone_2=row.telephone_2,
        activated_at=row.activated_at,
        has_password=row.has_password,
        google_linked=row.google_linked,
        factor_since=row.factor_since,
        recovery_codes_left=row.recovery_codes_left,
        sessions=tuple(_own_session(actor, found) for found in row.sessions),
        events=tuple(OwnEvent(**(found | {"at": datetime.fromisoformat(found["at"])})) for found in row.events),
    )


def _own_session(actor: Actor, found: dict[str, Any]) -> OwnSession:
    return OwnSession(
        id=UUID(found["id"]),
        user_agent=found["user_agent"],
        ip=found["ip"],
        created_at=datetime.fromisoformat(found["created_at"]),
        last_seen_at=datetime.fromisoformat(found["last_seen_at"]),
        current=UUID(found["id"]) == actor.session_id,
    )
