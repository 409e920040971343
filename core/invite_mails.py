"""Invitation codes by mail: the one just shown, or a new one in the place of a mail that did not arrive (R11)."""

from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.orm import Session

from core import audit, emails, invites, letters, limits, outbox
from core.errors import CodeReplaced
from core.letter import Letter
from core.office import Office
from core.roles import Actor, Permission, requires


@requires(Permission.INVITES_MANAGE)
def send(office: Office, actor: Actor, *, personne_id: UUID, code: str, email: str) -> None:
    """Mail the live `code` of a Personne to `email`.

    Raises MissingField, InvalidEmail, CodeReplaced, TooManyAttempts (50 a day for one administrateur).
    """
    address = emails.parse(email)
    with office.begin() as db:
        _count(db, office, actor)
        invite = invites.redeemable(db, office, code)
        if invite is None or invite.personne_id != personne_id:
            raise CodeReplaced
        letter = _letter(office, address, invite.prenom, code, invite.expires_at)
        outbox.post(db, office, letter, personne_id=personne_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.INVITE_MAILED, personne_id=personne_id))


@requires(Permission.INVITES_MANAGE)
def send_new(office: Office, actor: Actor, *, personne_id: UUID, email: str) -> None:
    """Mail a new code to `email`; the old one is dead. Raises like `send` and `invites.issue`."""
    address = emails.parse(email)
    with office.begin() as db:
        _count(db, office, actor)
        issued, entry = invites.renew(db, office, actor, personne_id=personne_id)
        letter = _letter(office, address, issued.prenom, issued.code, issued.expires_at)
        outbox.post(db, office, letter, personne_id=personne_id)
        audit.record(db, entry, audit.entry(office, actor, audit.Deed.INVITE_MAILED, personne_id=personne_id))


def _count(db: Session, office: Office, actor: Actor) -> None:
    limits.count_command(db, office, actor)
    limits.count(db, office, limits.INVITE_MAILS, str(actor.user_id))


def _letter(office: Office, to: str, prenom: str, code: str, expires_at: datetime) -> Letter:
    link = f"{office.settings.public_url}/activer_mon_acces?code={quote(code)}"
    return letters.invitation(office, to=to, prenom=prenom, code=code, link=link, expires_at=expires_at)
