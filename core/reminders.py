"""Reminders: a mail 48 hours before an invitation ends, once for each end (figures: `INVITE_REMINDER`).

Only codes that were mailed are recalled, at the address of the fiche: the one a letter went to is wiped with the
letter, so a code mailed elsewhere is not. The code itself is not kept, and cannot be said again.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import audit, invite_letters, outbox
from core.figures import INVITE_REMINDER, INVITE_REMINDER_FROM
from core.office import Office
from core.roles import Visitor, for_operators

_AT_ONCE: Final = 50
# Two replicas never remind of one code: the second skips the row that the first has locked, then finds it done.
# The fiche, which its mail refers to, before the code, like those who renew one; who is busy there is left for later.
_CLAIM: Final = text("""
UPDATE asso.user_invites SET reminded_at = :now
FROM asso.personnes p
WHERE p."ID_PERSONNE" = user_invites."ID_PERSONNE" AND "ID_INVITE" IN (
  SELECT i."ID_INVITE" FROM asso.user_invites i JOIN asso.personnes p ON p."ID_PERSONNE" = i."ID_PERSONNE"
  WHERE i.redeemed_at IS NULL AND i.revoked_at IS NULL AND i.reminded_at IS NULL
    AND i.expires_at > :now AND i.expires_at <= :soon AND i.expires_at - i.created_at >= :life
    AND p.archived_at IS NULL AND p.email IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = p."ID_PERSONNE")
    AND EXISTS (SELECT 1 FROM asso.mails m WHERE m.personne_id = p."ID_PERSONNE" AND m.kind = 'invitation'
      AND m.created_at >= i.created_at AND m.failed_at IS NULL AND m.complained_at IS NULL)
  ORDER BY i.expires_at, i."ID_INVITE" LIMIT :size
  FOR KEY SHARE OF p SKIP LOCKED FOR UPDATE OF i SKIP LOCKED)
RETURNING p."ID_PERSONNE" AS personne_id, p.prenom, p.email, expires_at
""")


@for_operators
def remind_due(office: Office) -> int:
    """Post the reminders that are due, each in the transaction that marks its code; returns how many."""
    reminded = 0
    while True:
        with office.begin() as db:
            posted = _remind(db, office)
        reminded += posted
        if posted < _AT_ONCE:
            return reminded


def _remind(db: Session, office: Office) -> int:
    now = office.now()
    due = {"now": now, "soon": now + INVITE_REMINDER, "life": INVITE_REMINDER_FROM, "size": _AT_ONCE}
    rows = db.execute(_CLAIM, due).all()
    link = f"{office.settings.public_url}/activer_mon_acces"
    for row in rows:
        letter = invite_letters.reminder(office, to=row.email, prenom=row.prenom, link=link, expires_at=row.expires_at)
        outbox.post(db, office, letter, personne_id=row.personne_id)
    nobody = Visitor(ip="", user_agent="")
    audit.record(
        db, *(audit.entry(office, nobody, audit.Deed.INVITE_REMINDED, personne_id=row.personne_id) for row in rows)
    )
    return len(rows)
