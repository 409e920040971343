"""The second step of a sign-in: a code of the second factor for a ticket (T4, V6.3.4)."""

from core import entrances, factor_check
from core.errors import SignInOver
from core.office import Office
from core.roles import Visitor, open_to_visitors


@open_to_visitors
def finish(office: Office, visitor: Visitor, *, pending: str, code: str) -> str:
    """A ticket for POST /session, for the token of SecondFactorNeeded and a six-digit or recovery code.

    Raises SignInOver and the refusals of factor_check.prove. Four round trips.
    """
    factor_check.prove(office, visitor, entrances.pending(office, pending), code)
    ticket = entrances.finish(office, pending)
    if ticket is None:
        raise SignInOver
    return ticket
