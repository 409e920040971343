"""Activating an access with a Google account: the invitation code attaches it to its Personne (R5)."""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, emails, google, invites, limits, notices, sessions
from core.errors import EmailTaken, GoogleTaken, Refusal, UnusableCode
from core.google import Identity
from core.office import Office
from core.roles import Visitor, open_to_visitors

_CREATE: Final = text("""
WITH spent AS (UPDATE asso.user_invites SET redeemed_at = :now WHERE "ID_INVITE" = :invite_id)
INSERT INTO asso.users (id, personne_id, email, google_sub, created_at)
VALUES (:user_id, :personne_id, :email, :sub, :now)
""")


@open_to_visitors
def redeem(office: Office, visitor: Visitor, *, code: str, identity: Identity) -> str:
    """Make the account of the Personne that `code` was issued to, with Google as its way in; returns a ticket.

    Same answers and same limits as invites.redeem: UnusableCode, TooManyAttempts, EmailTaken; and GoogleTaken,
    GoogleEmailUnverified, GoogleOtherDomain.
    """
    google.accept(office, identity)
    address = emails.parse(identity.email)
    limits.reserve(office, *invites.counters(visitor))
    try:
        with office.begin() as db:
            outcome = _try(office, db, visitor, code, address, identity.sub)
    except IntegrityError as error:
        raise _why(error) from None
    # Raised out of the transaction, which must keep what it just recorded.
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _try(office: Office, db: Session, visitor: Visitor, code: str, address: str, sub: str) -> str | Refusal:
    invite = invites.redeemable(db, office, code)
    if invite is None:
        audit.record(db, audit.entry(office, visitor, audit.Deed.INVITE_REDEEMED, outcome="refused"))
        return UnusableCode()
    limits.give_back(db, office, *invites.counters(visitor))
    user_id = office.uuid()
    values = {"invite_id": invite.id, "user_id": user_id, "personne_id": invite.personne_id}
    db.execute(_CREATE, values | {"email": address, "sub": sub, "now": office.now()})
    ticket = sessions.issue_ticket(db, office, user_id, method="activation")
    notices.invite_accepted(db, office, invite)
    facts: dict[str, Any] = {"actor_id": user_id, "personne_id": invite.personne_id, "how": "google"}
    audit.record(
        db,
        audit.entry(office, visitor, audit.Deed.INVITE_REDEEMED, **facts),
        audit.entry(office, visitor, audit.Deed.ACCOUNT_ACTIVATED, role=invite.role, **facts),
    )
    return ticket


def _why(error: IntegrityError) -> Exception:
    """The refusal behind the constraint that decided, or the error itself when it is none of these."""
    refusals = {
        "uq_users_email_key": EmailTaken(),
        "uq_users_google_sub": GoogleTaken(),
        "uq_users_personne_id": UnusableCode(),
    }
    return refusals.get(error.orig.diag.constraint_name, error)  # type: ignore[union-attr] # psycopg2's own
