"""Notices: what the owner of an account is told by mail after something important."""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import invite_letters, letters, limits, outbox, security_letters
from core.french import device
from core.office import Office
from core.roles import Actor, Visitor


def password_changed(db: Session, office: Office, account: Any, visitor: Visitor) -> None:
    """`account` has email, prenom, personne_id (an Actor or a row); within the deed's transaction."""
    letter = letters.password_changed(
        office, to=account.email, prenom=account.prenom, device=device(visitor.user_agent), at=office.now()
    )
    outbox.post(db, office, letter, personne_id=account.personne_id)


def invite_accepted(db: Session, office: Office, invite: Any) -> None:
    """To who issued the code of `invite` (a row of invites.redeemable), if they still manage invitations."""
    if invite.issuer_email is not None:
        whom = f"{invite.prenom} {invite.nom}"
        letter = invite_letters.accepted(
            office, to=invite.issuer_email, prenom=invite.issuer_prenom, whom=whom, at=office.now()
        )
        outbox.post(db, office, letter, personne_id=invite.issuer_personne_id)


def recovery_codes_renewed(db: Session, office: Office, actor: Actor) -> None:
    """To the owner of the account, within the deed's transaction."""
    letter = security_letters.recovery_codes_renewed(
        office, to=actor.email, prenom=actor.prenom, device=device(actor.visitor.user_agent), at=office.now()
    )
    outbox.post(db, office, letter, personne_id=actor.personne_id)


_ADMINISTRATEURS: Final = text("""
SELECT u.email, u.personne_id, p.prenom FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
WHERE p.role = 'administrateur' AND p.archived_at IS NULL AND u.suspended_at IS NULL
""")


def sign_in_alarm(db: Session, office: Office) -> None:
    """To every administrateur who can sign in, within the transaction of the alarm."""
    link = f"{office.settings.public_url}/journal?type=connexions&refus=oui"
    facts = {"count": limits.SIGN_IN_ALARM.allowed, "minutes": limits.SIGN_IN_ALARM.window.seconds // 60}
    for account in db.execute(_ADMINISTRATEURS):
        letter = security_letters.sign_in_alarm(office, to=account.email, prenom=account.prenom, link=link, **facts)
        outbox.post(db, office, letter, personne_id=account.personne_id)
