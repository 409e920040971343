"""Invitation codes: issued to one Personne, shown once, redeemed once for an account (R2-R5, R10)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, breaches, emails, hashing, limits, notices, outbox, passwords, sessions
from core.errors import EmailTaken, MissingField, Refusal, UnusableCode, WeakPassword
from core.figures import CODE_SYMBOLS, INVITE_LIFE_DAYS
from core.office import Office
from core.roles import Role, Visitor, for_operators, open_to_visitors

# Crockford's base32 leaves out I, L, O and U; whoever reads O or I meant 0 or 1.
_MISREAD: Final = str.maketrans("OIL", "011")


class Issued(NamedTuple):
    """A Personne and its code; `code` is only there when it is new, in clear for the only time. The end is in UTC."""

    id: UUID
    nom: str
    prenom: str
    code: str
    expires_at: datetime


def new_code(office: Office) -> str:
    """A random code in the shape of R4, such as ZDL-7K3M9Q-X2V8D: 55 bits."""
    first, second = CODE_SYMBOLS
    return f"{office.settings.sigle}-{office.symbols(first)}-{office.symbols(second)}"


def seal(office: Office, code: str) -> bytes:
    """What the table keeps of a code, alike for every way of typing it (any case, with or without dashes)."""
    return office.seal("invites", _symbols(office.settings.sigle, code))


def _symbols(sigle: str, typed: str) -> str:
    letters = re.sub(r"[\W_]", "", typed).upper()
    return (
        letters.removeprefix(sigle).translate(_MISREAD)
        if len(letters) > sum(CODE_SYMBOLS)
        else letters.translate(_MISREAD)
    )


def revoke_sql(which: str) -> str:
    """The statement that kills the codes `which`, a condition in SQL, and keeps their letters from leaving."""
    return f"""
WITH revoked AS (
  UPDATE asso.user_invites SET revoked_at = :now, replaced = :replaced
  WHERE {which} AND redeemed_at IS NULL AND revoked_at IS NULL
  RETURNING "ID_PERSONNE" AS id, expires_at
), withdrawn AS ({outbox.withdraw_sql("SELECT id FROM revoked")})
SELECT id, expires_at FROM revoked
"""  # noqa: S608 (made of our own constants)


# The old codes die with the new ones' birth; the partial unique index decides between two issuers.
REVOKE: Final = text(revoke_sql('"ID_PERSONNE" = ANY(CAST(:ids AS uuid[]))'))
_ADD: Final = text("""
INSERT INTO asso.user_invites ("ID_INVITE", token, "ID_PERSONNE", issued_by, created_at, expires_at)
SELECT id, decode(token, 'hex'), personne_id, :issued_by, :now, :expires_at
FROM unnest(CAST(:ids AS uuid[]), CAST(:tokens AS text[]), CAST(:people AS uuid[])) AS new(id, token, personne_id)
""")


def add(
    db: Session, office: Office, people: Iterable[tuple[UUID, str, str]], *, issued_by: UUID | None
) -> tuple[Issued, ...]:
    """Write a fresh invitation for each of `people` (key, nom, prénom), within a transaction: nobody has a live one."""
    now = office.now()
    expires_at = now + timedelta(days=INVITE_LIFE_DAYS)
    issued = tuple(Issued(id, nom, prenom, new_code(office), expires_at) for id, nom, prenom in people)
    keys = {"ids": [office.uuid() for _ in issued], "people": [one.id for one in issued]}
    tokens = [seal(office, one.code).hex() for one in issued]
    db.execute(_ADD, keys | {"tokens": tokens, "issued_by": issued_by, "now": now, "expires_at": expires_at})
    return issued


# The fiche before the code, like those who renew a code or merge two fiches: nobody waits in a circle.
_REDEEMABLE: Final = text("""
SELECT i."ID_INVITE" AS id, i."ID_PERSONNE" AS personne_id, i.expires_at, p.role, p.nom, p.prenom,
  issuer.email AS issuer_email, issuer.prenom AS issuer_prenom, issuer.personne_id AS issuer_personne_id
FROM asso.user_invites i
JOIN asso.personnes p ON p."ID_PERSONNE" = i."ID_PERSONNE"
LEFT JOIN LATERAL (
  SELECT u.email, a.prenom, u.personne_id FROM asso.users u JOIN asso.personnes a ON a."ID_PERSONNE" = u.personne_id
  WHERE u.id = i.issued_by AND u.suspended_at IS NULL AND a.archived_at IS NULL AND a.role = 'administrateur'
) AS issuer ON true
WHERE i.token = :token AND i.redeemed_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > :now
  AND p.archived_at IS NULL AND NOT EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = i."ID_PERSONNE")
FOR KEY SHARE OF p FOR UPDATE OF i
""")
_REDEEM: Final = text(f"""
WITH spent AS (UPDATE asso.user_invites SET redeemed_at = :now WHERE "ID_INVITE" = :invite_id), account AS (
  INSERT INTO asso.users (id, personne_id, email, password_hash, created_at, password_changed_at)
  VALUES (:user_id, :personne_id, :email, :hash, :now, :now)
)
{sessions.TICKET_SQL}""")  # noqa: S608 (made of our own constants)


@open_to_visitors
def redeem(office: Office, visitor: Visitor, *, code: str, email: str, password: str, confirmation: str) -> str:
    """Make the account of the Personne that `code` was issued to; returns a ticket for POST /session.

    Raises MissingField, InvalidEmail, WeakPassword, PasswordsDiffer, TooManyAttempts, EmailTaken and, alike for an
    unknown, used, expired or revoked code, UnusableCode after the same work.
    """
    if not code.strip():
        raise MissingField("code")
    address = emails.parse(email)
    passwords.check(office, password, confirmation, None, address)
    limits.reserve(office, *counters(visitor))
    kept, breached = hashing.hash_password(office, password), breaches.holds(office, password)
    wanted = _Wanted(address, password, kept, breached)
    try:
        with office.begin() as db:
            outcome = _try(office, db, visitor, code, wanted)
    except IntegrityError as error:
        raise _why(error) from None
    # Raised out of the transaction, which must keep what it just recorded.
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@dataclass(frozen=True)
class _Wanted:
    """The account that a visitor asks for."""

    email: str
    password: str
    kept: str
    breached: bool


def _try(office: Office, db: Session, visitor: Visitor, code: str, wanted: _Wanted) -> str | Refusal:
    invite = redeemable(db, office, code)
    if invite is None:
        audit.record(db, audit.entry(office, visitor, audit.Deed.INVITE_REDEEMED, outcome="refused"))
        return UnusableCode()
    limits.give_back(db, office, *counters(visitor))
    unmet = passwords.unmet(office, wanted.password, Role(invite.role), wanted.email, invite.nom, invite.prenom)
    if unmet or wanted.breached:
        return WeakPassword(unmet or ("not_breached",))
    user_id, ticket = office.uuid(), office.token()
    values = {"invite_id": invite.id, "user_id": user_id, "personne_id": invite.personne_id}
    values |= {"email": wanted.email, "hash": wanted.kept}
    db.execute(_REDEEM, values | sessions.ticket_values(office, ticket, method="activation"))
    notices.invite_accepted(db, office, invite)
    facts: dict[str, Any] = {"actor_id": user_id, "personne_id": invite.personne_id}
    audit.record(
        db,
        audit.entry(office, visitor, audit.Deed.INVITE_REDEEMED, **facts),
        audit.entry(office, visitor, audit.Deed.ACCOUNT_ACTIVATED, role=invite.role, **facts),
    )
    return ticket


@open_to_visitors
def probe(office: Office, visitor: Visitor, *, code: str) -> None:
    """See that `code` can be redeemed, before its holder is sent to Google; counted and answered as `redeem`."""
    limits.reserve(office, *counters(visitor))
    with office.begin() as db:
        usable = redeemable(db, office, code) is not None
        if usable:
            limits.give_back(db, office, *counters(visitor))
        else:
            audit.record(db, audit.entry(office, visitor, audit.Deed.INVITE_REDEEMED, outcome="refused"))
    if not usable:
        raise UnusableCode


def redeemable(db: Session, office: Office, code: str) -> Row[Any] | None:
    """The live invitation of `code`, locked, with its Personne; None alike for every unusable code."""
    return db.execute(_REDEEMABLE, {"token": seal(office, code), "now": office.now()}).one_or_none()


def counters(visitor: Visitor) -> tuple[limits.Counter, ...]:
    """What a try of a code counts against."""
    return ((limits.CODE_IP, visitor), (limits.CODE_ALL, "all"))


def _why(error: IntegrityError) -> Exception:
    """The refusal behind the constraint that decided, or the error itself when it is none of these."""
    refusals = {"uq_users_email_key": EmailTaken(), "uq_users_personne_id": UnusableCode()}
    return refusals.get(error.orig.diag.constraint_name, error)  # type: ignore[union-attr] # psycopg2's own


_ADMINISTRATEUR: Final = text("""
SELECT p."ID_PERSONNE" AS id, EXISTS (
  SELECT 1 FROM asso.users u JOIN asso.personnes a ON a."ID_PERSONNE" = u.personne_id WHERE a.role = 'administrateur'
) AS activated
FROM (SELECT 1) AS one LEFT JOIN asso.personnes p ON p.role = 'administrateur' AND p.archived_at IS NULL
ORDER BY p.created_at LIMIT 1
""")
_FIRST: Final = text("""
INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at)
VALUES (:id, 'Administrateur', 'Premier', 'administrateur', :now, :now)
""")


@for_operators
def first_administrator(office: Office) -> str | None:
    """A new code for the first administrateur, the old one dead; None as soon as an administrateur has an account."""
    operator = Visitor(ip="", user_agent="")
    with office.begin() as db:
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext('asso.first_administrator'))"))
        found = db.execute(_ADMINISTRATEUR).one()
        if found.activated:
            return None
        personne_id = found.id or office.uuid()
        if found.id is None:
            db.execute(_FIRST, {"id": personne_id, "now": office.now()})
        db.execute(REVOKE, {"ids": [personne_id], "now": office.now(), "replaced": True})
        [issued] = add(db, office, [(personne_id, "", "")], issued_by=None)
        audit.record(db, audit.entry(office, operator, audit.Deed.INVITE_ISSUED, personne_id=personne_id, first=True))
    return issued.code
