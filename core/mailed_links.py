"""The links that were mailed for an account and wait to be used: a reset, another address."""

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.office import Office

# The account is held first, as by who uses such a link: one of the two waits, and nobody waits in a circle.
_END: Final = text("""
WITH account AS (
  SELECT id FROM asso.users WHERE id = :user_id FOR NO KEY UPDATE
), address AS (
  DELETE FROM asso.email_changes c USING account WHERE c.user_id = account.id
)
UPDATE asso.password_resets r SET voided_at = :now FROM account
WHERE r.user_id = account.id AND r.used_at IS NULL AND r.voided_at IS NULL
""")


def end(db: Session, office: Office, user_id: UUID) -> None:
    """Void them, within the transaction of what takes an account back: they may have been asked by somebody else."""
    db.execute(_END, {"user_id": user_id, "now": office.now()})
