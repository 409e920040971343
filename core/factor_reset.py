"""The second factor of somebody who lost telephone and recovery codes, taken away by others (V6.4.4)."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, letters, limits, mailed_links, outbox, second_factor, sessions, step_up
from core.errors import FactorNotOn, NotFound, OwnFactor
from core.office import Office
from core.roles import Actor, Permission, Visitor, for_operators, requires

_ACCOUNT: Final = text("""
SELECT u.id AS user_id, u.personne_id, u.email, p.prenom FROM asso.users u
JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE u.personne_id = CAST(:personne_id AS uuid) OR u.email_key = asso.email_key(CAST(:email AS text))
""")


@requires(Permission.FACTORS_RESET)
def reset_for(office: Office, actor: Actor, *, personne_id: UUID) -> None:
    """Take away the factor of another Personne, who lost it: their sessions end, and they are told by mail.

    Whoever asks has been recognised otherwise than by telephone or mail: docs. Raises StepUpNeeded, OwnFactor,
    NotFound, FactorNotOn, TooManyAttempts.
    """
    step_up.require_recent(office, actor)
    if personne_id == actor.personne_id:
        raise OwnFactor
    with office.begin() as db:
        limits.count_command(db, office, actor)
        _reset(db, office, actor, _account(db, personne_id=personne_id, email=None))


@for_operators
def reset_by_operator(office: Office, *, email: str) -> None:
    """The same, by the person who runs the application: for the last administrateur. Raises NotFound, FactorNotOn."""
    with office.begin() as db:
        _reset(db, office, Visitor(ip="", user_agent=""), _account(db, personne_id=None, email=email.strip()))


def _account(db: Session, **which: Any) -> Row[Any]:
    found = db.execute(_ACCOUNT, which).one_or_none()
    if found is None:
        raise NotFound
    return found


def _reset(db: Session, office: Office, who: Actor | Visitor, account: Row[Any]) -> None:
    mailed_links.end(db, office, account.user_id)
    if not second_factor.remove(db, account.user_id):
        raise FactorNotOn
    sessions.close_all(db, office, account.user_id, reason="credentials_changed")
    letter = letters.factor_reset_by_admin(office, to=account.email, prenom=account.prenom)
    outbox.post(db, office, letter, personne_id=account.personne_id)
    audit.record(db, audit.entry(office, who, audit.Deed.FACTOR_RESET, personne_id=account.personne_id))
