"""Step-up: sensitive acts ask to prove again who one is, within the last ten minutes (V7.5.1, figures)."""

from core import audit, factor_check, limits, passwords, sessions
from core.errors import StepUpNeeded
from core.figures import STEP_UP
from core.office import Office
from core.roles import Actor, Permission, requires


def is_recent(office: Office, actor: Actor) -> bool:
    """Whether the last proof is at most ten minutes old."""
    return actor.stepped_up_at is not None and office.now() - actor.stepped_up_at <= STEP_UP


def require_recent(office: Office, actor: Actor) -> None:
    """Raise StepUpNeeded when the last proof is older than ten minutes; sensitive use cases call it first."""
    if not is_recent(office, actor):
        raise StepUpNeeded


@requires(Permission.ACCOUNT_OWN)
def by_password(office: Office, actor: Actor, *, password: str) -> str:
    """A ticket for a fresh session that replaces the actor's, proved by the password.

    Raises WrongCurrentPassword, TooManyAttempts.
    """
    passwords.confirm(office, actor, password, passwords.kept(office, actor), audit.Deed.STEPPED_UP)
    return renew(office, actor, how="password")


@requires(Permission.ACCOUNT_OWN)
def by_code(office: Office, actor: Actor, *, code: str) -> str:
    """A ticket for a fresh session that replaces the actor's, proved by the second factor.

    Raises FactorNotOn and the refusals of factor_check.prove.
    """
    how = factor_check.prove(office, actor, factor_check.holder_of(office, actor), code)
    return renew(office, actor, how=how)


def renew(office: Office, actor: Actor, *, how: str) -> str:
    """The ticket that a successful proof is worth; the session's token is new afterwards (V7.2.4)."""
    with office.begin() as db:
        limits.count_command(db, office, actor)
        ticket = sessions.issue_ticket(db, office, actor.user_id, method=how, replaces=actor.session_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.STEPPED_UP, personne_id=actor.personne_id, how=how))
    return ticket
