"""What a verified Google account may do here: sign in, activate an access, be linked or unlinked (R5, R7).

An account is known by Google's `sub`, which is never given to somebody else, and never by its address (V6.8.1,
V10.5.2): nobody is linked because two addresses are the same.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import alarm, audit, entrances, letters, limits, outbox, sessions, step_up
from core.errors import (
    AccessSuspended,
    GoogleAlreadyLinked,
    GoogleEmailUnverified,
    GoogleInterrupted,
    GoogleNotConfigured,
    GoogleOtherDomain,
    GoogleTaken,
    LastWayIn,
    OtherGoogleAccount,
    SecondFactorNeeded,
    UnknownGoogleAccount,
)
from core.google_flows import Flow
from core.letter import Letter
from core.office import Office
from core.roles import Actor, Permission, Visitor, open_to_visitors, requires


@dataclass(frozen=True)
class Identity:
    """What Google says of somebody, its signature checked (web/openid.py); `hd` is their Workspace domain."""

    sub: str
    email: str
    email_verified: bool
    hd: str | None = None


def accept(office: Office, identity: Identity) -> None:
    """Raise GoogleEmailUnverified or GoogleOtherDomain for an account that the association does not take."""
    client = office.settings.google
    if client is None:
        raise GoogleNotConfigured
    if identity.email_verified is not True:
        raise GoogleEmailUnverified
    if client.hd and identity.hd != client.hd:
        raise GoogleOtherDomain(client.hd)


_FIND: Final = text("""
SELECT u.id, u.personne_id, u.suspended_at IS NULL AND p.archived_at IS NULL AS usable
FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id WHERE u.google_sub = :sub
""")
_ENTER: Final = text(f"""
{entrances.enter_sql("u.google_sub = :sub")}, audited AS ({audit.APPEND} WHERE EXISTS (SELECT 1 FROM account))
SELECT asked FROM factor
""")  # noqa: S608 (made of our own constants)


@open_to_visitors
def sign_in(office: Office, visitor: Visitor, *, identity: Identity) -> str:
    """A ticket for the session of the account that is linked to `identity`; two round trips.

    Raises SecondFactorNeeded (Google does not replace ours, V6.3.4), UnknownGoogleAccount, AccessSuspended,
    GoogleEmailUnverified, GoogleOtherDomain. Nothing is created.
    """
    accept(office, identity)
    found = office.ask(_FIND, sub=identity.sub)
    if not found or not found[0].usable:
        raise _no_entry(office, visitor, found[0] if found else None)
    user, token = found[0], office.token()
    entry = audit.entry(office, visitor, audit.Deed.GOOGLE_SIGN_IN, actor_id=user.id, personne_id=user.personne_id)
    values = entrances.enter_values(office, token, user.id, "google") | {"sub": identity.sub}
    entered = office.ask(_ENTER, **values, entries=audit.as_json(entry))
    if not entered:  # unlinked meanwhile
        raise _no_entry(office, visitor, None)
    if entered[0].asked:
        raise SecondFactorNeeded(token)
    return token


def _no_entry(office: Office, visitor: Visitor, user: Any) -> UnknownGoogleAccount | AccessSuspended:
    facts = {"actor_id": user.id, "personne_id": user.personne_id} if user else {}
    alarm.refused(office, visitor, audit.Deed.GOOGLE_SIGN_IN, **facts)
    # Google has just said who this is: it is their own access that they hear of.
    return AccessSuspended() if user else UnknownGoogleAccount()


@dataclass(frozen=True)
class Status:
    """The ways in of an account."""

    linked: bool
    has_password: bool


_STATUS: Final = text("""
SELECT google_sub, google_sub IS NOT NULL AS linked, password_hash IS NOT NULL AS has_password
FROM asso.users WHERE id = :id
""")


@requires(Permission.ACCOUNT_OWN)
def status(office: Office, actor: Actor) -> Status:
    """Whether a Google account is linked to the actor's, and whether there is a password beside it."""
    row = office.ask(_STATUS, id=actor.user_id)[0]
    return Status(linked=row.linked, has_password=row.has_password)


_LINK: Final = text("UPDATE asso.users SET google_sub = :sub WHERE id = :id AND google_sub IS NULL RETURNING email")


@requires(Permission.ACCOUNT_OWN)
def link(office: Office, actor: Actor, *, flow: Flow, identity: Identity) -> None:
    """Link a Google account to the actor's; every other session ends, and a mail says so.

    `flow` was begun after a step-up, in this session (GoogleInterrupted otherwise). Raises GoogleTaken when the
    Google account is somebody's, GoogleAlreadyLinked, GoogleEmailUnverified, GoogleOtherDomain.
    """
    accept(office, identity)
    if not flow.is_of(actor):
        raise GoogleInterrupted
    try:
        with office.begin() as db:
            limits.count_command(db, office, actor)
            if db.execute(_LINK, {"sub": identity.sub, "id": actor.user_id}).one_or_none() is None:
                raise GoogleAlreadyLinked
            letter = letters.google_linked(office, to=actor.email, prenom=actor.prenom)
            _announce(office, db, actor, letter, audit.Deed.GOOGLE_LINKED)
    except IntegrityError as error:
        audit.record_alone(
            office, actor, audit.Deed.GOOGLE_LINKED, outcome="refused", personne_id=actor.personne_id, reason="taken"
        )
        raise GoogleTaken from error


_UNLINK: Final = text("UPDATE asso.users SET google_sub = NULL WHERE id = :id")


@requires(Permission.ACCOUNT_OWN)
def unlink(office: Office, actor: Actor) -> None:
    """Take the Google account off the actor's; every other session ends, and a mail says so.

    Raises StepUpNeeded, and LastWayIn when there is no password: nobody locks themselves out.
    """
    step_up.require_recent(office, actor)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        row = db.execute(text(f"{_STATUS.text} FOR UPDATE"), {"id": actor.user_id}).one()
        if not row.has_password:
            raise LastWayIn
        if row.linked:
            db.execute(_UNLINK, {"id": actor.user_id})
            letter = letters.google_unlinked(office, to=actor.email, prenom=actor.prenom)
            _announce(office, db, actor, letter, audit.Deed.GOOGLE_UNLINKED)


def _announce(office: Office, db: Session, actor: Actor, letter: Letter, deed: audit.Deed) -> None:
    """What follows a change of the ways in: other sessions end, the owner gets a mail, the log an entry (V7.4.3)."""
    sessions.close_all(db, office, actor.user_id, reason="credentials_changed", but=actor.session_id)
    outbox.post(db, office, letter, personne_id=actor.personne_id)
    audit.record(db, audit.entry(office, actor, deed, personne_id=actor.personne_id))


@requires(Permission.ACCOUNT_OWN)
def prove(office: Office, actor: Actor, *, flow: Flow, identity: Identity) -> str:
    """A ticket for a fresh session that replaces the actor's: they have just been at Google again (step-up).

    Raises OtherGoogleAccount when it is not the linked account that they chose there.
    """
    accept(office, identity)
    if not flow.is_of(actor):
        raise GoogleInterrupted
    if office.ask(_STATUS, id=actor.user_id)[0].google_sub != identity.sub:
        audit.record_alone(
            office, actor, audit.Deed.STEPPED_UP, outcome="refused", personne_id=actor.personne_id, how="google"
        )
        raise OtherGoogleAccount
    return step_up.renew(office, actor, how="google")
