"""The end of an account, asked by its owner: what identifies is erased, the Personne stays (K1)."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import audit, letters, limits, outbox, step_up
from core.errors import LastAdministrator, WrongConfirmation
from core.office import Office
from core.roles import Actor, Permission, Role, requires

WORD: Final = "SUPPRIMER"

# Locked in one order before they are counted: two administrateurs who leave at once cannot both be « not the last ».
_ADMINISTRATEURS: Final = text("""
SELECT u.id FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE p.role = 'administrateur' AND p.archived_at IS NULL AND u.suspended_at IS NULL ORDER BY u.id FOR UPDATE OF u, p
""")
# Sessions, factors, former passwords and whatever else belongs to the account go with it (ON DELETE CASCADE).
_DELETE: Final = text("DELETE FROM asso.users WHERE id = :id RETURNING id")


@requires(Permission.ACCOUNT_OWN)
def delete_own_account(office: Office, actor: Actor, *, typed: str) -> None:
    """Erase the actor's account; `typed` must be the word SUPPRIMER.

    Raises StepUpNeeded, WrongConfirmation, LastAdministrator.
    """
    step_up.require_recent(office, actor)
    if typed.strip().upper() != WORD:
        raise WrongConfirmation(WORD)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        refuse_last_administrator(db, actor)
        db.execute(_DELETE, {"id": actor.user_id})
        letter = letters.account_deleted(office, to=actor.email, prenom=actor.prenom)
        outbox.post(db, office, letter, personne_id=actor.personne_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.ACCOUNT_DELETED, personne_id=actor.personne_id))


def refuse_last_administrator(db: Session, actor: Actor) -> None:
    """Raise LastAdministrator when nobody would be left to administer; locks the administrateurs."""
    if actor.role is not Role.ADMINISTRATEUR:
        return
    left = [row.id for row in db.execute(_ADMINISTRATEURS) if row.id != actor.user_id]
    if not left:
        raise LastAdministrator
