"""Two fiches that become one, in SQL: read side by side, held, and all that points to one moved to the other."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import outbox
from core.audit import APPEND
from core.errors import NotFound
from core.office import Office

# The fields of a fiche that a person chooses one by one; what else it has follows by itself.
FIELDS: Final = ("nom", "prenom", "email", "telephone_1", "telephone_2", "role", "note")

_FICHES: Final = """
SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.email, p.telephone_1, p.telephone_2, p.role, p.note, p.version,
  p.created_at, p.updated_at, p.archived_at, u.id AS user_id, u.email AS account,
  (SELECT i.expires_at FROM asso.user_invites i
   WHERE i."ID_PERSONNE" = p."ID_PERSONNE" AND i.redeemed_at IS NULL AND i.revoked_at IS NULL) AS code_until
FROM asso.personnes p LEFT JOIN asso.users u ON u.personne_id = p."ID_PERSONNE"
WHERE p."ID_PERSONNE" IN (CAST(:one AS uuid), CAST(:other AS uuid))
"""
# Both readings are audited (T5), or neither when one of the fiches is gone.
READ: Final = text(f"""
WITH fiche AS ({_FICHES}), audited AS ({APPEND.rstrip()} WHERE (SELECT count(*) FROM fiche) = 2)
SELECT * FROM fiche
""")  # noqa: S608 (made of our own constants)

# In the order of the keys, so that nobody waits in a circle, with the fiches that one of them was told apart from,
# whose keys will be written again; then read, which sees what the wait let pass.
_HOLD: Final = text(f"""
SELECT 1 FROM asso.personnes p WHERE p."ID_PERSONNE" IN (CAST(:one AS uuid), CAST(:other AS uuid))
  OR p."ID_PERSONNE" IN (SELECT one_id FROM asso.not_duplicates WHERE other_id = :other)
  OR p."ID_PERSONNE" IN (SELECT other_id FROM asso.not_duplicates WHERE one_id = :other)
ORDER BY p."ID_PERSONNE" FOR UPDATE;
{_FICHES}
""")  # noqa: S608 (made of our own constants)

# Those of the two who have no code any more.
_WITHOUT_CODE: Final = """
  SELECT p."ID_PERSONNE" FROM asso.personnes p WHERE p."ID_PERSONNE" IN (:keep, :drop) AND NOT EXISTS (
    SELECT 1 FROM asso.user_invites i
    WHERE i."ID_PERSONNE" = p."ID_PERSONNE" AND i.redeemed_at IS NULL AND i.revoked_at IS NULL)
"""
# One live code at most stays: the one that lasts longer, none for somebody who has an account. The fiche that goes
# takes nothing with it: what pointed to it has moved, but for pairs told apart, which are written again.
_FOLLOW: Final = text(f"""
UPDATE asso.user_invites SET revoked_at = :now
WHERE "ID_PERSONNE" IN (:keep, :drop) AND redeemed_at IS NULL AND revoked_at IS NULL AND (:activated OR "ID_INVITE" <> (
  SELECT i."ID_INVITE" FROM asso.user_invites i
  WHERE i."ID_PERSONNE" IN (:keep, :drop) AND i.redeemed_at IS NULL AND i.revoked_at IS NULL
  ORDER BY i.expires_at DESC, i.created_at DESC, i."ID_INVITE" LIMIT 1));
{outbox.withdraw_sql(_WITHOUT_CODE)};
UPDATE asso.users SET personne_id = :keep WHERE personne_id = :drop;
UPDATE asso.user_invites SET "ID_PERSONNE" = :keep WHERE "ID_PERSONNE" = :drop;
UPDATE asso.personne_changes SET personne_id = :keep WHERE personne_id = :drop;
UPDATE asso.mails SET personne_id = :keep WHERE personne_id = :drop;
INSERT INTO asso.not_duplicates (one_id, other_id, actor_id, at)
SELECT least(third, :keep), greatest(third, :keep), actor_id, at FROM (
  SELECT CASE WHEN one_id = :drop THEN other_id ELSE one_id END AS third, actor_id, at
  FROM asso.not_duplicates WHERE :drop IN (one_id, other_id)) AS pair
WHERE third <> :keep ON CONFLICT DO NOTHING;
DELETE FROM asso.personnes WHERE "ID_PERSONNE" = :drop;
UPDATE asso.personnes SET nom = :nom, prenom = :prenom, email = :email, telephone_1 = :telephone_1,
  telephone_2 = :telephone_2, role = :role, note = :note, version = version + 1, updated_at = :now,
  archived_at = CASE WHEN :archived THEN archived_at END
WHERE "ID_PERSONNE" = :keep
""")  # noqa: S608 (made of our own constants)


# The CTE `keys`: the fiche :about, and those that became a part of it, whose entries stay in the audit under the keys
# they had. It begins a WITH.
KEYS: Final = """RECURSIVE keys (id) AS (
  SELECT CAST(:about AS uuid)
  UNION SELECT CAST(merged.details ->> 'from_key' AS uuid) FROM keys
    JOIN asso.audit_log merged ON merged.personne_id = keys.id AND merged.deed = 'personne_merged'
)"""


def hold(db: Session, keep: UUID, drop: UUID) -> tuple[Row[Any], Row[Any]]:
    """Both fiches, locked until the end of the transaction; raises NotFound."""
    rows = {row.id: row for row in db.execute(_HOLD, {"one": keep, "other": drop})}
    if len(rows) < 2:
        raise NotFound
    return rows[keep], rows[drop]


def follow(db: Session, office: Office, kept: Row[Any], dropped: Row[Any], merged: Mapping[str, str | None]) -> None:
    """Write `merged` on the fiche that stays, move to it what belongs to the other one, and delete that one."""
    ids = {"keep": kept.id, "drop": dropped.id, "now": office.now()}
    facts = {
        "activated": bool(kept.user_id or dropped.user_id),
        "archived": bool(kept.archived_at and dropped.archived_at),
    }
    db.execute(_FOLLOW, {**merged, **ids, **facts})
