"""Another email address: confirmed from the new one, announced to the old one (figures, V7.5.1)."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core import audit, emails, letters, limits, mailed_links, outbox, sessions, step_up
from core.errors import EmailTaken, LinkVoid
from core.figures import EMAIL_CHANGE_LIFE
from core.office import Office, digest
from core.roles import Actor, Permission, Visitor, open_to_visitors, requires

# One row per account: a new request takes the place of the old one.
_REQUEST: Final = text("""
INSERT INTO asso.email_changes (user_id, token_hash, email, created_at, expires_at)
VALUES (:user_id, :token_hash, :email, :now, :expires_at)
ON CONFLICT (user_id) DO UPDATE SET token_hash = EXCLUDED.token_hash, email = EXCLUDED.email,
  created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
""")


@requires(Permission.ACCOUNT_OWN)
def request(office: Office, actor: Actor, *, email: str) -> None:
    """Mail a link to the new address; nothing changes before it is confirmed there.

    Raises StepUpNeeded, MissingField, InvalidEmail, TooManyAttempts. An address that another account has gets the
    same answer: only its owner reads the mail.
    """
    step_up.require_recent(office, actor)
    address, token, now = emails.parse(email), office.token(), office.now()
    values = {"user_id": actor.user_id, "token_hash": digest(token), "email": address, "now": now}
    link = f"{office.settings.public_url}/confirmer_email?token={token}"
    with office.begin() as db:
        limits.count_command(db, office, actor)
        limits.count(db, office, limits.EMAIL_CHANGE, str(actor.user_id))
        db.execute(_REQUEST, values | {"expires_at": now + EMAIL_CHANGE_LIFE})
        letter = letters.email_confirm(office, to=address, prenom=actor.prenom, link=link)
        outbox.post(db, office, letter, personne_id=actor.personne_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.EMAIL_CHANGE_ASKED, personne_id=actor.personne_id))


# The account is held first, as by who takes it back meanwhile: the link is then gone, or used before.
_CONFIRM: Final = text("""
WITH account AS (
  SELECT u.id, u.email, u.personne_id FROM asso.email_changes c JOIN asso.users u ON u.id = c.user_id
  WHERE c.token_hash = :token_hash AND u.suspended_at IS NULL FOR NO KEY UPDATE OF u
)
DELETE FROM asso.email_changes c USING account JOIN asso.personnes p ON p."ID_PERSONNE" = account.personne_id
WHERE c.user_id = account.id AND c.token_hash = :token_hash AND c.expires_at > :now AND p.archived_at IS NULL
RETURNING c.user_id, c.email AS new_email, account.email AS old_email, account.personne_id, p.prenom
""")
_CHANGE: Final = text("UPDATE asso.users SET email = :email WHERE id = :id")


@open_to_visitors
def confirm(office: Office, visitor: Visitor, *, token: str) -> None:
    """The owner of the new address has read the mail: it becomes the account's, every session ends (B4).

    A reset that was mailed to the old address is void. Raises LinkVoid when the link is used, replaced, cancelled by
    whatever takes the account back (core/mailed_links.py) or older than a day, EmailTaken.
    """
    try:
        with office.begin() as db:
            row = db.execute(_CONFIRM, {"token_hash": digest(token), "now": office.now()}).one_or_none()
            if row is None:
                raise LinkVoid
            db.execute(_CHANGE, {"id": row.user_id, "email": row.new_email})
            mailed_links.end(db, office, row.user_id)
            sessions.close_all(db, office, row.user_id, reason="credentials_changed")
            letter = letters.email_changed_old(office, to=row.old_email, prenom=row.prenom, new=row.new_email)
            outbox.post(db, office, letter, personne_id=row.personne_id)
            facts = {"actor_id": row.user_id, "personne_id": row.personne_id}
            audit.record(db, audit.entry(office, visitor, audit.Deed.EMAIL_CHANGED, **facts))
    except IntegrityError:
        raise EmailTaken from None
