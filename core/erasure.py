"""A fiche erased for good, with its account and its history; the audit stays, without personal data (RGPD art. 17)."""

import unicodedata
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core import audit, fiche_rows, limits, outbox, step_up
from core.errors import OwnFiche, WrongConfirmation
from core.office import Office
from core.roles import Actor, Permission, requires

# The account goes first, and takes its sessions, factors and former passwords along; then the fiche, its codes and
# its history.
_ERASE: Final = (
    text("DELETE FROM asso.users WHERE personne_id = :id"),
    text('DELETE FROM asso.personnes WHERE "ID_PERSONNE" = :id'),
)


@requires(Permission.PERSONNES_ERASE)
def erase(office: Office, actor: Actor, *, id: UUID, typed: str) -> None:
    """Erase the fiche `id`, which nothing brings back; `typed` must be « Prénom Nom », however it is typed.

    Case, blanks, the kind of apostrophe and the Unicode form of accents make no difference.

    Raises StepUpNeeded, NotFound, OwnFiche, WrongConfirmation, LastAdministrator, TooManyAttempts.
    """
    step_up.require_recent(office, actor)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        row = fiche_rows.lock_in_turn(db, id)
        _check(actor, row, typed)
        fiche_rows.refuse_last_administrator(db, row.id, row.role)
        outbox.drop(db, office, [id])
        for statement in _ERASE:
            db.execute(statement, {"id": id})
        facts = {"role": row.role, "account": row.user_id is not None}
        audit.record(db, audit.entry(office, actor, audit.Deed.PERSONNE_ERASED, personne_id=id, **facts))


def _check(actor: Actor, row: Row[Any], typed: str) -> None:
    if row.id == actor.personne_id:
        raise OwnFiche
    if _normal(typed) != _normal(name := full_name(row.prenom, row.nom)):
        raise WrongConfirmation(name)


def full_name(prenom: str, nom: str) -> str:
    """What must be typed to confirm."""
    return f"{prenom} {nom}"


def _normal(typed: str) -> str:
    """Keyboards have one apostrophe, word processors another; some systems compose no accents."""
    composed = unicodedata.normalize("NFC", typed.replace("’", "'").casefold())
    return " ".join(composed.split())
