"""What every way in ends with: a ticket, or the second factor that is still asked (T4, V6.3.4)."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import sessions
from core.errors import SecondFactorNeeded, SignInOver
from core.factor_check import COLUMNS, Holder
from core.figures import PENDING_SIGN_IN
from core.office import Office, digest


def enter_sql(proved: str) -> str:
    """One statement for both outcomes, so that it also stands in a sign-in's single statement.

    `proved` is what was found of the account (u) and must still be so, or nobody enters: a password takes long to
    check, and may be changed meanwhile by somebody who takes the account back.
    """
    return f"""
WITH account AS (
  SELECT u.id FROM asso.users u WHERE u.id = :user_id AND {proved} FOR NO KEY UPDATE
), factor AS (
  SELECT account.id, EXISTS (
    SELECT 1 FROM asso.second_factors f WHERE f.user_id = account.id AND f.confirmed_at IS NOT NULL) AS asked
  FROM account
), ticket AS (
  INSERT INTO asso.session_tickets (ticket_hash, user_id, method, replaces, created_at, expires_at)
  SELECT :ticket_hash, id, :method, CAST(:replaces AS uuid), :now, :ticket_expires_at
  FROM factor WHERE NOT asked
), pending AS (
  INSERT INTO asso.pending_sign_ins (token_hash, user_id, method, created_at, expires_at)
  SELECT :ticket_hash, id, :method, :now, :pending_expires_at FROM factor WHERE asked
)
"""  # noqa: S608 (made of our own constants)


_ENTER: Final = text(f"{enter_sql('true')} SELECT asked FROM factor")  # noqa: S608 (made of our own constants)


def enter_values(office: Office, token: str, user_id: UUID, method: str) -> dict[str, Any]:
    """The values that enter_sql needs; `token` becomes the ticket, or the token of the pending step."""
    values = sessions.ticket_values(office, token, method=method)
    return values | {"user_id": user_id, "pending_expires_at": values["now"] + PENDING_SIGN_IN}


def enter(db: Session, office: Office, user_id: UUID, *, method: str) -> str | SecondFactorNeeded:
    """A ticket for POST /session, or the step that remains, to be raised once the transaction is over."""
    token = office.token()
    asked = db.execute(_ENTER, enter_values(office, token, user_id, method)).scalar_one()
    return SecondFactorNeeded(token) if asked else token


_PENDING: Final = text(f"""
SELECT {COLUMNS} FROM asso.pending_sign_ins w
JOIN asso.users u ON u.id = w.user_id JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
JOIN asso.second_factors f ON f.user_id = u.id
WHERE w.token_hash = :token_hash AND w.expires_at > :now AND f.confirmed_at IS NOT NULL
  AND u.suspended_at IS NULL AND p.archived_at IS NULL
""")  # noqa: S608 (made of our own constants)


def pending(office: Office, token: str) -> Holder:
    """Whose second step `token` stands for, with their factor; raises SignInOver."""
    rows = office.ask(_PENDING, token_hash=digest(token), now=office.now())
    if not rows:
        raise SignInOver
    return Holder.of(rows[0]._asdict())


# The pending step ends with the birth of its ticket: however many ask at once, one gets it. The account is locked
# first, as by whoever ends its sign-ins.
_FINISH: Final = text("""
WITH account AS (
  SELECT u.id FROM asso.pending_sign_ins w JOIN asso.users u ON u.id = w.user_id
  WHERE w.token_hash = :token_hash FOR NO KEY UPDATE OF u
), over AS (
  DELETE FROM asso.pending_sign_ins w USING account
  WHERE w.token_hash = :token_hash AND w.user_id = account.id AND w.expires_at > :now
  RETURNING w.user_id, w.method
)
INSERT INTO asso.session_tickets (ticket_hash, user_id, method, replaces, created_at, expires_at)
SELECT :ticket_hash, user_id, method, CAST(:replaces AS uuid), :now, :ticket_expires_at FROM over
RETURNING user_id
""")


def finish(office: Office, token: str) -> str | None:
    """The second step is done: a ticket takes its place; None when another one took it."""
    ticket = office.token()
    values = sessions.ticket_values(office, ticket) | {"token_hash": digest(token)}
    del values["method"]
    return ticket if office.ask(_FINISH, **values) else None
