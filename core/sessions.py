"""Sessions: opened by a one-time ticket, read again at every run, ended by time or by hand (T3, B3, B4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, limits
from core.errors import NotSignedIn, SessionEnded
from core.figures import IDLE, SESSION_LIFE, SESSIONS_AT_MOST, TICKET_LIFE
from core.office import Office, digest
from core.roles import Actor, Duty, Permission, Role, Visitor, open_to_visitors, requires

USER_AGENT_LENGTH: Final = 300


@dataclass(frozen=True)
class OpenedSession:
    """What the browser gets: the token for its cookie, and when it ends at the latest (UTC).

    `new_device` says that no session of the last 90 days came from such a browser: see devices.announce.
    """

    token: str
    expires_at: datetime
    user_id: UUID
    new_device: bool


# A session counts as open while it is not closed, not past its 8 hours, not idle too long for the role, and among
# the newest five of its account: computed at each reading, so that no race can leave a sixth one usable.
OPEN: Final = """
  s.closed_at IS NULL AND :now < s.expires_at
  AND :now < s.last_seen_at + CASE p.role WHEN 'administrateur' THEN CAST(:idle_administrateur AS interval)
                                          ELSE CAST(:idle AS interval) END
  AND u.suspended_at IS NULL AND p.archived_at IS NULL
  AND (SELECT count(*) FROM asso.user_sessions newer
       WHERE newer.user_id = s.user_id AND newer.closed_at IS NULL AND newer.expires_at > :now
         AND (newer.created_at, newer.id) > (s.created_at, s.id)) < :at_most
"""


def open_values(office: Office) -> dict[str, Any]:
    """The values that OPEN needs."""
    return {
        "now": office.now(),
        "idle_administrateur": IDLE[Role.ADMINISTRATEUR],
        "idle": IDLE[Role.BENEVOLE],
        "at_most": SESSIONS_AT_MOST,
    }


# One statement, one round trip. The last use is written at most every ten seconds: clicks cost no disk write.
_RESUME: Final = text(f"""
WITH found AS (
  SELECT s.id, s.user_id, s.last_seen_at, s.expires_at, s.closed_at, u.email,
    p."ID_PERSONNE" AS personne_id, p.nom, p.prenom, p.role, ({OPEN}) AS open,
    s.stepped_up_at, u.created_at AS activated_at, u.password_change_required_at IS NOT NULL AS must_change_password,
    EXISTS (SELECT 1 FROM asso.second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS has_factor
  FROM asso.user_sessions s
  JOIN asso.users u ON u.id = s.user_id
  JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
  WHERE s.token_hash = :token_hash
), touched AS (
  UPDATE asso.user_sessions s SET last_seen_at = :now FROM found
  WHERE s.id = found.id AND found.open AND :touch
    AND found.last_seen_at < CAST(:now AS timestamptz) - interval '10 seconds'
)
SELECT * FROM found
""")  # noqa: S608 (made of our own constants)


@open_to_visitors
def resume(office: Office, visitor: Visitor, *, token: str, touch: bool = True) -> Actor:
    """The person behind a cookie, as the database knows them now; `touch` says that a person did something.

    Raises NotSignedIn (unknown token), SessionEnded, Unavailable. ASVS V7.2.1, V7.4.1.
    """
    rows = office.ask(_RESUME, token_hash=digest(token), touch=touch, **open_values(office))
    if not rows:
        raise NotSignedIn
    row = rows[0]
    if not row.open:
        raise SessionEnded(_why_ended(office, row))
    return Actor(
        user_id=row.user_id,
        personne_id=row.personne_id,
        session_id=row.id,
        nom=row.nom,
        prenom=row.prenom,
        email=row.email,
        role=Role(row.role),
        visitor=visitor,
        stepped_up_at=row.stepped_up_at,
        has_second_factor=row.has_factor,
        second_factor_due_at=(due := _second_factor_due(office, row)),
        duties=_duties(office, row, due),
    )


def _second_factor_due(office: Office, row: Row[Any]) -> datetime | None:
    days = office.settings.second_factor_days.get(row.role)
    return None if days is None or row.has_factor else row.activated_at + timedelta(days=days)


def _duties(office: Office, row: Row[Any], due: datetime | None) -> frozenset[Duty]:
    found = {Duty.CHANGE_PASSWORD} if row.must_change_password else set()
    return frozenset(found | ({Duty.SECOND_FACTOR} if due and office.now() >= due else set()))


def _why_ended(office: Office, row: Row[Any]) -> Literal["idle", "expired", "closed"]:
    if row.closed_at is None and office.now() >= row.expires_at:
        return "expired"
    if row.closed_at is None and office.now() >= row.last_seen_at + IDLE[Role(row.role)]:
        return "idle"
    return "closed"


def issue_ticket(
    db: Session, office: Office, user_id: UUID, *, method: str = "password", replaces: UUID | None = None
) -> str:
    """A one-time ticket for POST /session, within the transaction that proved who it is for.

    `replaces` is the session that ends when the ticket is used (a step-up). Who has a second factor gets a ticket
    only once it has been asked: see core/entrances.py.
    """
    ticket = office.token()
    db.execute(TICKET, ticket_values(office, ticket, method=method, replaces=replaces) | {"user_id": user_id})
    return ticket


TICKET_SQL: Final = """
INSERT INTO asso.session_tickets (ticket_hash, user_id, method, replaces, created_at, expires_at)
VALUES (:ticket_hash, :user_id, :method, CAST(:replaces AS uuid), :now, :ticket_expires_at)
"""
TICKET: Final = text(TICKET_SQL)


def ticket_values(
    office: Office, ticket: str, *, method: str = "password", replaces: UUID | None = None
) -> dict[str, Any]:
    """The values that TICKET_SQL needs, but for :user_id."""
    now = office.now()
    times = {"now": now, "ticket_expires_at": now + TICKET_LIFE}
    return times | {"ticket_hash": digest(ticket), "method": method, "replaces": replaces}


# The account is locked before its ticket and before the end of the audit, as by every deed on an account: nobody
# waits in a circle. The ticket of a step-up renews a session that is open, and revives none.
_OPEN: Final = text("""
WITH account AS (
  SELECT u.id, u.personne_id FROM asso.session_tickets t JOIN asso.users u ON u.id = t.user_id
  WHERE t.ticket_hash = :ticket_hash AND u.suspended_at IS NULL FOR NO KEY UPDATE OF u
), used AS (
  DELETE FROM asso.session_tickets t USING account JOIN asso.personnes p ON p."ID_PERSONNE" = account.personne_id
  WHERE t.ticket_hash = :ticket_hash AND t.user_id = account.id AND p.archived_at IS NULL
  RETURNING t.user_id, account.personne_id, t.method, t.replaces, t.expires_at
), replaced AS (
  UPDATE asso.user_sessions s SET closed_at = :now, closed_reason = 'replaced'
  FROM used WHERE s.id = used.replaces AND s.user_id = used.user_id AND s.closed_at IS NULL AND used.expires_at > :now
  RETURNING s.id
), holder AS (
  SELECT used.* FROM used WHERE expires_at > :now AND (replaces IS NULL OR EXISTS (SELECT 1 FROM replaced))
), signed_in AS (
  UPDATE asso.users u SET last_sign_in_at = :now FROM holder WHERE u.id = holder.user_id
), opened AS (
  INSERT INTO asso.user_sessions
    (id, user_id, token_hash, ip, user_agent, method, created_at, last_seen_at, expires_at, stepped_up_at)
  SELECT :id, user_id, :token_hash, :ip, :user_agent, method, :now, :now, :expires_at, :now FROM holder
)
INSERT INTO asso.audit_log (at, deed, outcome, actor_id, personne_id, ip, details)
SELECT :now, :deed, 'done', user_id, personne_id, :ip, '{}' FROM holder
RETURNING actor_id, personne_id, (SELECT count(*) > 0 AND bool_and(s.user_agent <> :user_agent)
  FROM asso.user_sessions s WHERE s.user_id = actor_id AND s.created_at > CAST(:now AS timestamptz) - interval '90 days'
) AS new_device
""")


@open_to_visitors
def open(office: Office, visitor: Visitor, *, ticket: str) -> OpenedSession:
    """Turn a ticket into a session: once, within 30 seconds; one statement, so that two requests cannot both win.

    Raises NotSignedIn when the ticket is used, unknown or too old, or when the session that it renews has ended.
    """
    now = office.now()
    token, expires_at = office.token(), now + SESSION_LIFE
    rows = office.ask(
        _OPEN,
        id=office.uuid(),
        ticket_hash=digest(ticket),
        token_hash=digest(token),
        expires_at=expires_at,
        now=now,
        ip=visitor.ip,
        user_agent=visitor.user_agent[:USER_AGENT_LENGTH],
        deed=audit.Deed.SESSION_OPENED.value,
    )
    if not rows:
        raise NotSignedIn
    return OpenedSession(token, expires_at, rows[0].actor_id, rows[0].new_device)


_CLOSE: Final = text("""
WITH closed AS (
  UPDATE asso.user_sessions s SET closed_at = :now, closed_reason = 'signed_out'
  FROM asso.users u WHERE (s.token_hash = CAST(:token_hash AS bytea) OR s.id = CAST(:id AS uuid))
    AND s.closed_at IS NULL AND u.id = s.user_id
  RETURNING s.user_id, u.personne_id
)
INSERT INTO asso.audit_log (at, deed, outcome, actor_id, personne_id, ip, details)
SELECT :now, :deed, 'done', user_id, personne_id, :ip, '{}' FROM closed
""")


@open_to_visitors
def close_by_token(office: Office, visitor: Visitor, *, token: str) -> None:
    """Sign out the session of a cookie; nothing happens when it is closed or unknown already (V7.4.1)."""
    _close(office, visitor, token_hash=digest(token), id=None)


@requires(Permission.ACCOUNT_OWN)
def close(office: Office, actor: Actor) -> None:
    """Sign out the actor's own session."""
    _close(office, actor.visitor, token_hash=None, id=actor.session_id)


def _close(office: Office, visitor: Visitor, **which: Any) -> None:
    office.ask(_CLOSE, **which, now=office.now(), ip=visitor.ip, deed=audit.Deed.SESSION_CLOSED.value)


# Three statements in one round trip, in the order in which a sign-in goes from one to the next: a step or a ticket
# that is being used is waited for, and the next statement sees what it has become.
_CLOSE_ALL: Final = text("""
DELETE FROM asso.pending_sign_ins WHERE user_id = :user_id;
DELETE FROM asso.session_tickets WHERE user_id = :user_id;
UPDATE asso.user_sessions SET closed_at = :now, closed_reason = :reason
WHERE user_id = :user_id AND closed_at IS NULL AND id IS DISTINCT FROM CAST(:but AS uuid)
RETURNING (expires_at > :now) AS was_open
""")


def close_all(db: Session, office: Office, user_id: UUID, *, reason: str, but: UUID | None = None) -> int:
    """Close every session of an account, and end its sign-ins under way, within a transaction.

    Returns how many sessions had not expired. The ticket of who stays is issued afterwards.
    """
    values = {"now": office.now(), "user_id": user_id, "reason": reason, "but": but}
    return sum(row.was_open for row in db.execute(_CLOSE_ALL, values))


@requires(Permission.ACCOUNT_OWN)
def close_others(office: Office, actor: Actor) -> int:
    """Sign out every other device of the actor; returns how many. Raises TooManyAttempts."""
    with office.begin() as db:
        limits.count_command(db, office, actor)
        closed = close_all(db, office, actor.user_id, reason="closed_elsewhere", but=actor.session_id)
        audit.record(
            db, audit.entry(office, actor, audit.Deed.SESSIONS_CLOSED, personne_id=actor.personne_id, count=closed)
        )
    return closed


# In the order in which a sign-in goes from one to the next: what is being used is waited for.
_OF_THOSE: Final = "s.user_id IN (SELECT id FROM asso.users WHERE personne_id = ANY(CAST(:people AS uuid[])))"
_CLOSE_THOSE_OF: Final = text(f"""
DELETE FROM asso.pending_sign_ins s WHERE {_OF_THOSE};
DELETE FROM asso.session_tickets s WHERE {_OF_THOSE};
UPDATE asso.user_sessions s SET closed_at = :now, closed_reason = :reason WHERE {_OF_THOSE} AND s.closed_at IS NULL
""")  # noqa: S608 (made of our own constants)


def close_those_of(db: Session, office: Office, people: Sequence[UUID], *, reason: str) -> None:
    """Close every session of these Personnes, and end their sign-ins under way, within a transaction."""
    db.execute(_CLOSE_THOSE_OF, {"people": list(people), "reason": reason, "now": office.now()})
