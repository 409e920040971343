"""The end of an account, asked by its owner: what identifies is erased, the Personne stays (K1)."""

from typing import Final

from sqlalchemy import text

from core import audit, fiche_rows, letters, limits, outbox, step_up
from core.errors import WrongConfirmation
from core.office import Office
from core.roles import Actor, Permission, requires

WORD: Final = "SUPPRIMER"

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
        fiche_rows.take_turn(db)
        fiche_rows.refuse_last_administrator(db, actor.personne_id, actor.role, own=True)
        db.execute(_DELETE, {"id": actor.user_id})
        letter = letters.account_deleted(office, to=actor.email, prenom=actor.prenom)
        outbox.post(db, office, letter, personne_id=actor.personne_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.ACCOUNT_DELETED, personne_id=actor.personne_id))
