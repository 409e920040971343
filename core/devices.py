"""The devices of an account: a mail about a new one, the end of one, « Ce n'était pas moi » (B4, V7.5.2)."""

from contextlib import suppress
from hmac import compare_digest
from typing import Final
from uuid import UUID

from sqlalchemy import text

from core import audit, letters, limits, mailed_links, outbox, sessions, step_up
from core.errors import LinkVoid, NotFound, TooManyAttempts
from core.french import device
from core.office import Office
from core.roles import Actor, Permission, Visitor, open_to_visitors, requires

_ACCOUNT: Final = text("""
SELECT u.email, u.personne_id, p.prenom FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE u.id = :user_id
""")


@open_to_visitors
def announce(office: Office, visitor: Visitor, user_id: UUID) -> None:
    """Mail the owner that a device never seen before has signed in; at most one mail per 15 minutes."""
    with suppress(TooManyAttempts):
        limits.reserve(office, (limits.NEW_DEVICE, str(user_id)))
        account = office.ask(_ACCOUNT, user_id=user_id)[0]
        link = f"{office.settings.public_url}/pas_moi?compte={user_id}&sceau={_seal(office, user_id)}"
        words, now = device(visitor.user_agent), office.now()
        letter = letters.new_device(office, to=account.email, prenom=account.prenom, device=words, at=now, link=link)
        with office.begin() as db:
            outbox.post(db, office, letter, personne_id=account.personne_id)


def _seal(office: Office, user_id: UUID) -> str:
    """Ends sessions and does nothing else, so it may stay valid: whoever has it has read the owner's mail."""
    return office.seal("not-me", str(user_id)).hex()


@open_to_visitors
def disown(office: Office, visitor: Visitor, *, user_id: str, seal: str) -> int:
    """« Ce n'était pas moi »: every session of the account ends; returns how many. Raises LinkVoid.

    So does what the intruder may have asked for by mail: a reset, another address.
    """
    try:
        account = UUID(user_id)
    except ValueError:
        raise LinkVoid from None
    if not compare_digest(_seal(office, account), seal):
        raise LinkVoid
    with office.begin() as db:
        mailed_links.end(db, office, account)
        closed = sessions.close_all(db, office, account, reason="not_me")
        audit.record(db, audit.entry(office, visitor, audit.Deed.SESSION_DISOWNED, actor_id=account, count=closed))
    return closed


_CLOSE: Final = text("""
UPDATE asso.user_sessions SET closed_at = :now, closed_reason = 'closed_elsewhere'
WHERE id = :id AND user_id = :user_id AND closed_at IS NULL RETURNING id
""")


@requires(Permission.ACCOUNT_OWN)
def close(office: Office, actor: Actor, *, session_id: UUID) -> int:
    """End one of the actor's own sessions; returns how many, which is one. Raises StepUpNeeded, NotFound."""
    step_up.require_recent(office, actor)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        values = {"id": session_id, "user_id": actor.user_id, "now": office.now()}
        if db.execute(_CLOSE, values).one_or_none() is None:
            raise NotFound
        audit.record(db, audit.entry(office, actor, audit.Deed.SESSIONS_CLOSED, personne_id=actor.personne_id, count=1))
    return 1
