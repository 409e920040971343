"""A first password, beside Google, for an account that was activated with Google (R5)."""

from typing import Final

from sqlalchemy import text

from core import audit, hashing, limits, mailed_links, notices, passwords, sessions, step_up
from core.errors import AlreadyDone
from core.office import Office
from core.roles import Actor, Permission, requires

_CHOOSE: Final = text("""
UPDATE asso.users SET password_hash = :hash, password_changed_at = :now
WHERE id = :id AND password_hash IS NULL RETURNING id
""")


@requires(Permission.ACCOUNT_OWN)
def choose(office: Office, actor: Actor, *, new: str, confirmation: str) -> str:
    """Give the actor's account its first password; every session ends (B4), the ticket returned opens a new one.

    Raises StepUpNeeded (there is no old password to ask for, V7.5.1), MissingField, WeakPassword, PasswordsDiffer,
    TooManyAttempts, and AlreadyDone when the account has a password: changing it asks for the old one.
    """
    step_up.require_recent(office, actor)
    passwords.check(office, new, confirmation, actor.role, *passwords.words_of(passwords.own(office, actor)))
    passwords.refuse_breached(office, new)
    values = {"id": actor.user_id, "hash": hashing.hash_password(office, new), "now": office.now()}
    with office.begin() as db:
        limits.count_command(db, office, actor)
        if db.execute(_CHOOSE, values).one_or_none() is None:
            raise AlreadyDone
        mailed_links.end(db, office, actor.user_id)
        sessions.close_all(db, office, actor.user_id, reason="password_changed")
        ticket = sessions.issue_ticket(db, office, actor.user_id)
        notices.password_changed(db, office, actor, actor.visitor)
        audit.record(db, audit.entry(office, actor, audit.Deed.PASSWORD_CHANGED, personne_id=actor.personne_id))
    return ticket
