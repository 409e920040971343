"""What an administrateur does with the account of somebody else: suspend it, open it again, ask a new password (B6)."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, fiche_rows, letters, limits, outbox, sessions, step_up
from core.audit import Deed
from core.errors import NoAccount, NoPassword, OwnFiche
from core.office import Office
from core.roles import Actor, Permission, requires

_SUSPEND: Final = text("UPDATE asso.users SET suspended_at = CAST(:at AS timestamptz) WHERE id = :user_id")
_ASK: Final = text("UPDATE asso.users SET password_change_required_at = :at WHERE id = :user_id")


@requires(Permission.ACCOUNTS_MANAGE)
def suspend(office: Office, actor: Actor, *, personne_id: UUID) -> None:
    """Close an account until it is opened again: its sessions end. Suspended already, nothing happens.

    Raises StepUpNeeded, NotFound, NoAccount, OwnFiche, LastAdministrator.
    """
    step_up.require_recent(office, actor)
    with office.begin() as db:
        row = _account(db, office, actor, personne_id)
        if row.suspended_at is None:
            fiche_rows.refuse_last_administrator(db, row.id, row.role)
            db.execute(_SUSPEND, {"at": office.now(), "user_id": row.user_id})
            sessions.close_all(db, office, row.user_id, reason="suspended")
            audit.record(db, audit.entry(office, actor, Deed.ACCOUNT_SUSPENDED, personne_id=personne_id))


@requires(Permission.ACCOUNTS_MANAGE)
def unsuspend(office: Office, actor: Actor, *, personne_id: UUID) -> None:
    """Open a suspended account again. Raises StepUpNeeded, NotFound, NoAccount, OwnFiche."""
    step_up.require_recent(office, actor)
    with office.begin() as db:
        row = _account(db, office, actor, personne_id)
        if row.suspended_at is not None:
            db.execute(_SUSPEND, {"at": None, "user_id": row.user_id})
            audit.record(db, audit.entry(office, actor, Deed.ACCOUNT_UNSUSPENDED, personne_id=personne_id))


@requires(Permission.ACCOUNTS_MANAGE)
def ask_new_password(office: Office, actor: Actor, *, personne_id: UUID) -> None:
    """Let somebody do nothing but change their password from now on, and tell them by mail.

    Raises StepUpNeeded, NotFound, NoAccount, NoPassword (a Google account), OwnFiche.
    """
    step_up.require_recent(office, actor)
    with office.begin() as db:
        row = _account(db, office, actor, personne_id)
        if not row.has_password:
            raise NoPassword
        db.execute(_ASK, {"at": office.now(), "user_id": row.user_id})
        letter = letters.password_change_asked(office, to=row.account_email, prenom=row.prenom)
        outbox.post(db, office, letter, personne_id=personne_id)
        audit.record(db, audit.entry(office, actor, Deed.PASSWORD_CHANGE_ASKED, personne_id=personne_id))


def _account(db: Session, office: Office, actor: Actor, personne_id: UUID) -> Row[Any]:
    limits.count_command(db, office, actor)
    row = fiche_rows.lock_in_turn(db, personne_id)
    if row.id == actor.personne_id:
        raise OwnFiche
    if row.user_id is None:
        raise NoAccount
    return row
