"""Security notices: what an account's owner is told by mail after something important."""

from typing import Any

from sqlalchemy.orm import Session

from core import letters, outbox
from core.french import device
from core.office import Office
from core.roles import Visitor


def password_changed(db: Session, office: Office, account: Any, visitor: Visitor) -> None:
    """`account` has email, prenom, personne_id (an Actor or a row); within the deed's transaction."""
    letter = letters.password_changed(
        office, to=account.email, prenom=account.prenom, device=device(visitor.user_agent), at=office.now()
    )
    outbox.post(db, office, letter, personne_id=account.personne_id)
