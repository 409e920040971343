"""Forgotten password: a mailed link and a mailed code, both for 20 minutes; the code is always asked (R8, B7)."""

import time
from hmac import compare_digest
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, emails, entrances, hashing, letters, limits, notices, outbox, passwords, sessions
from core.errors import MissingField, Refusal, ResetVoid, TooManyAttempts, WrongOtp
from core.figures import OTP_DIGITS, RESET_LIFE
from core.office import Office, digest
from core.roles import Role, Visitor, open_to_visitors

# Every answer takes this long, whether the address is known or not (V6.3.8): longer than the work of either.
FLOOR: Final = 0.5

_ACCOUNT: Final = text("""
SELECT u.id, u.personne_id, u.email, u.password_hash IS NOT NULL AS has_password, p.prenom
FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE u.email_key = asso.email_key(:email) AND u.suspended_at IS NULL AND p.archived_at IS NULL
FOR UPDATE OF u
""")
_VOID: Final = text("""
UPDATE asso.password_resets SET voided_at = :now WHERE user_id = :user_id AND used_at IS NULL AND voided_at IS NULL
""")
_REQUEST: Final = text("""
INSERT INTO asso.password_resets (id, user_id, token_hash, otp_hash, browser_hash, created_at, expires_at)
VALUES (:id, :user_id, :token_hash, :otp_hash, :browser_hash, :now, :expires_at)
""")


@open_to_visitors
def ask(office: Office, visitor: Visitor, *, email: str) -> str:
    """Mail a link and a code to the account of `email`, if there is one; returns the handle of this browser.

    Known or not, the same answer, the same limits, the same time. The handle, like the token of the link, leads to
    the second step, which needs the code. Raises MissingField, TooManyAttempts.
    """
    if not email.strip():
        raise MissingField("email")
    until = time.monotonic() + FLOOR
    try:
        return _ask(office, visitor, email.strip().replace("\0", "")[:254])
    finally:
        time.sleep(max(0.0, until - time.monotonic()))


def _ask(office: Office, visitor: Visitor, address: str) -> str:
    key, handle = emails.key(address), office.token()
    by_address = [(limit, key) for limit in (limits.RESET_MINUTE, limits.RESET_HOUR, limits.RESET_DAY)]
    limits.reserve(office, *by_address, (limits.RESET_IP, visitor), (limits.RESET_ALL, "all"))
    with office.begin() as db:
        account = db.execute(_ACCOUNT, {"email": address}).one_or_none()
        if account is not None and account.has_password:
            _request(db, office, account, handle)
        elif account is not None:
            letter = letters.reset_google_only(office, to=account.email, prenom=account.prenom)
            outbox.post(db, office, letter, personne_id=account.personne_id)
        facts = {"actor_id": account.id, "personne_id": account.personne_id} if account else {}
        audit.record(db, audit.entry(office, visitor, audit.Deed.RESET_ASKED, **facts))
    return handle


def _request(db: Session, office: Office, account: Row[Any], handle: str) -> None:
    """The new request kills the old one; the partial unique index holds it to one."""
    token, otp, now = office.token(), office.digits(OTP_DIGITS), office.now()
    db.execute(_VOID, {"user_id": account.id, "now": now})
    secrets = {"token_hash": digest(token), "otp_hash": _seal(office, token, otp), "browser_hash": digest(handle)}
    values = {"id": office.uuid(), "user_id": account.id, "now": now, "expires_at": now + RESET_LIFE}
    db.execute(_REQUEST, values | secrets)
    link = f"{office.settings.public_url}/mot_de_passe_oublie?token={token}"
    letter = letters.reset(office, to=account.email, prenom=account.prenom, link=link, otp=otp)
    outbox.post(db, office, letter, personne_id=account.personne_id)


def _seal(office: Office, token: str, otp: str) -> bytes:
    """Six digits need the server's key and the request's own token, or they would be guessed from the table."""
    return office.seal("otp", f"{digest(token).hex()}:{otp}")


# The try is counted by the same statement that finds the request, so that five parallel tries are five.
_TRY: Final = text("""
UPDATE asso.password_resets r SET attempts = r.attempts + 1
FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE (r.token_hash = :key OR r.browser_hash = :key) AND u.id = r.user_id
  AND r.used_at IS NULL AND r.voided_at IS NULL AND r.expires_at > :now AND r.attempts < 5
  AND u.suspended_at IS NULL AND p.archived_at IS NULL
RETURNING r.id, r.user_id, r.token_hash, r.otp_hash, r.attempts, u.email, u.password_hash, u.personne_id,
  p.nom, p.prenom, p.role, p.telephone_1, p.telephone_2
""")
_UNCOUNT: Final = text("""
WITH uncounted AS (UPDATE asso.password_resets SET attempts = attempts - 1 WHERE id = :id AND attempts > 0)
SELECT asso.give_back(CAST(:limits AS jsonb), false)
""")
# The account is held first, as by who ends its mailed links.
_USE: Final = text("""
WITH account AS (SELECT id FROM asso.users WHERE id = :user_id FOR NO KEY UPDATE)
UPDATE asso.password_resets r SET used_at = :now FROM account
WHERE r.id = :id AND r.user_id = account.id AND r.used_at IS NULL AND r.voided_at IS NULL AND r.expires_at > :now
RETURNING r.id
""")
_VOID_ONE: Final = text("UPDATE asso.password_resets SET voided_at = :now WHERE id = :id AND used_at IS NULL")


@open_to_visitors
def finish(office: Office, visitor: Visitor, *, key: str, otp: str, new: str, confirmation: str) -> str:
    """Put `new` in the place of the password; `key` is the browser's handle or the link's token.

    Every session ends, a notice is mailed, and the ticket returned opens a new session; who has a second factor is
    still asked for it (SecondFactorNeeded). Raises MissingField, WeakPassword, PasswordsDiffer, SamePassword, WrongOtp
    and, when the request is over for whatever reason, ResetVoid.
    """
    if not otp.strip():
        raise MissingField("otp")
    passwords.check(office, new, confirmation, None)
    row = _prove(office, visitor, key, "".join(otp.split()))
    try:
        passwords.check(office, new, confirmation, Role(row.role), *passwords.words_of(row))
        passwords.refuse_former(office, row.user_id, new, row.password_hash)
        passwords.refuse_breached(office, new)
    except Refusal:
        # The code was right: choosing another password costs no try.
        office.ask(_UNCOUNT, id=row.id, limits=limits.as_json(office, (limits.RESET_OTP, key)))
        raise
    kept = hashing.hash_password(office, new)
    with office.begin() as db:
        outcome = _change(db, office, visitor, row, kept)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _prove(office: Office, visitor: Visitor, key: str, otp: str) -> Row[Any]:
    """The request of `key` when `otp` is its code; a key of an unknown address is answered alike."""
    try:
        tried = limits.reserve(office, (limits.RESET_OTP, key))
    except TooManyAttempts:
        raise ResetVoid from None
    rows = office.ask(_TRY, key=digest(key), now=office.now())
    if rows and compare_digest(rows[0].otp_hash, office.seal("otp", f"{bytes(rows[0].token_hash).hex()}:{otp}")):
        return rows[0]
    facts = {"actor_id": rows[0].user_id, "personne_id": rows[0].personne_id} if rows else {}
    audit.record_alone(office, visitor, audit.Deed.RESET_DONE, outcome="refused", **facts)
    if rows and rows[0].attempts >= limits.RESET_OTP.allowed:
        office.ask(_VOID_ONE, id=rows[0].id, now=office.now())
        raise ResetVoid
    raise ResetVoid if tried.next_wait else WrongOtp


def _change(db: Session, office: Office, visitor: Visitor, row: Row[Any], kept: str) -> str | Refusal:
    if db.execute(_USE, {"id": row.id, "user_id": row.user_id, "now": office.now()}).one_or_none() is None:
        return ResetVoid()
    passwords.replace(db, office, row.user_id, kept)
    sessions.close_all(db, office, row.user_id, reason="password_changed")
    notices.password_changed(db, office, row, visitor)
    outcome = entrances.enter(db, office, row.user_id, method="reset")
    facts = {"actor_id": row.user_id, "personne_id": row.personne_id}
    audit.record(db, audit.entry(office, visitor, audit.Deed.RESET_DONE, **facts))
    return outcome
