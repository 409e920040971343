"""Requests to the routes that do something: whose they are, how many are too many, who may send a file (B5)."""

from core import limits, sessions
from core.errors import NotSignedIn, SessionEnded
from core.office import Office
from core.roles import Actor, Permission, Visitor, open_to_visitors, requires


@open_to_visitors
def count(office: Office, visitor: Visitor, *, token: str | None) -> Actor | None:
    """Count a request for the person whose open session has this `token`, or else for the address; returns the person.

    People of one office share an address, and a script has as many cookies as it likes: only a session that is open
    now has a count of its own. Raises TooManyAttempts. One round trip, two with a token.
    """
    actor = _behind(office, visitor, token)
    limits.reserve(office, (limits.REQUESTS, str(actor.user_id) if actor else visitor))
    return actor


def _behind(office: Office, visitor: Visitor, token: str | None) -> Actor | None:
    if not token:
        return None
    try:
        # A request that a script could send is no use of the session: it does not keep it open.
        return sessions.resume(office, visitor, token=token, touch=False)
    except (NotSignedIn, SessionEnded):
        return None


@requires(Permission.PERSONNES_WRITE)
def send_file(office: Office, actor: Actor) -> None:
    """Let a file in, which stays in the server's memory: only « Importer des personnes » takes one."""
