"""The audit log: every deed and every refusal, in the deed's own transaction; append-only and chained (T7, S4)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.office import Office
from core.roles import Actor, Visitor, for_operators


class Deed(StrEnum):
    """What was done or attempted; ui/messages.py has the French words."""

    SESSION_OPENED = "session_opened"
    SESSION_CLOSED = "session_closed"
    SESSIONS_CLOSED = "sessions_closed"
    SIGN_IN = "sign_in"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the name of a deed)
    ACCOUNT_ACTIVATED = "account_activated"
    INVITE_ISSUED = "invite_issued"
    INVITE_REVOKED = "invite_revoked"
    INVITE_REDEEMED = "invite_redeemed"
    INVITE_MAILED = "invite_mailed"
    INVITE_EXTENDED = "invite_extended"
    INVITE_REMINDED = "invite_reminded"
    CODES_PRINTED = "codes_printed"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    ACCOUNT_DELETED = "account_deleted"
    SESSION_DISOWNED = "session_disowned"
    RESET_ASKED = "reset_asked"
    RESET_DONE = "reset_done"
    GOOGLE_SIGN_IN = "google_sign_in"
    GOOGLE_LINKED = "google_linked"
    GOOGLE_UNLINKED = "google_unlinked"
    STEPPED_UP = "stepped_up"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    FACTOR_CHECKED = "factor_checked"
    FACTOR_RESET = "factor_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    PERSONNE_CREATED = "personne_created"
    PERSONNE_READ = "personne_read"
    PERSONNE_CHANGED = "personne_changed"
    PERSONNE_EXPORTED = "personne_exported"
    TOLD_APART = "told_apart"
    PERSONNE_ARCHIVED = "personne_archived"
    PERSONNE_RESTORED = "personne_restored"
    PERSONNE_ERASED = "personne_erased"
    PERSONNES_EXPORTED = "personnes_exported"
    OWN_DATA_EXPORTED = "own_data_exported"
    PERSONNE_MERGED = "personne_merged"
    ROLE_CHANGED = "role_changed"
    PASSWORD_CHANGE_ASKED = "password_change_asked"  # noqa: S105 (the name of a deed) # pragma: allowlist secret
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_UNSUSPENDED = "account_unsuspended"
    SIGN_IN_ALARM = "sign_in_alarm"
    JOURNAL_READ = "journal_read"
    JOURNAL_EXPORTED = "journal_exported"
    JOURNAL_CHECKED = "journal_checked"
    RIGHTS_READ = "rights_read"
    PERSONNES_IMPORTED = "personnes_imported"
    IMPORT_UNDONE = "import_undone"
    VIEW_SAVED = "view_saved"
    VIEW_REMOVED = "view_removed"
    DEMO_FILLED = "demo_filled"
    NOT_ALLOWED = "not_allowed"
    ROLE_GRANT_REFUSED = "unauthorized_role_change_attempt"


@dataclass(frozen=True)
class Verification:
    """What `verify` found: how many rows there are, and the number of the first one that is not as it was written."""

    rows: int
    first_altered: int | None


def entry(
    office: Office,
    who: Actor | Visitor,
    deed: Deed,
    *,
    outcome: str = "done",
    actor_id: UUID | None = None,
    personne_id: UUID | None = None,
    **details: Any,
) -> dict[str, Any]:
    """A row for the log; `actor_id` only where a visitor is recognised without being signed in.

    `details` never hold a secret, and no more personal data than the sentence on screen needs.
    """
    visitor = who.visitor if isinstance(who, Actor) else who
    return {
        "at": office.now(),
        "deed": deed.value,
        "outcome": outcome,
        "actor_id": who.user_id if isinstance(who, Actor) else actor_id,
        "personne_id": personne_id,
        "ip": visitor.ip,
        "details": details,
    }


# Numbers and digests are the database's own (trigger asso.audit_chain). Any number of entries in one statement,
# which can also stand as a CTE in the statement of a deed.
APPEND = """
INSERT INTO asso.audit_log (at, deed, outcome, actor_id, personne_id, ip, details)
SELECT at, deed, outcome, actor_id, personne_id, ip, details
FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS entry(
  at timestamptz, deed text, outcome text, actor_id uuid, personne_id uuid, ip text, details jsonb)
"""


def as_json(*entries: Mapping[str, Any]) -> str:
    """The value of `:entries` in APPEND."""
    return json.dumps(entries, default=str)


def record(db: Session, *entries: Mapping[str, Any]) -> None:
    """Append `entries` in the transaction of the deed; call it last, because writers of the log wait in a row."""
    db.execute(text(APPEND), {"entries": as_json(*entries)})


def record_alone(office: Office, who: Actor | Visitor, deed: Deed, **facts: Any) -> None:
    """Append one entry by itself, for a refusal that leaves no other trace."""
    office.ask(text(APPEND), entries=as_json(entry(office, who, deed, **facts)))


_VERIFY = text("""
WITH chain AS (
  SELECT seq, digest, content_digest,
    row_number() OVER (ORDER BY seq) AS position,
    lag(digest, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY seq) AS previous,
    asso.audit_content(seq, at, deed, outcome, actor_id, personne_id, ip, details) AS actual
  FROM asso.audit_log
), found AS (
  SELECT count(*) AS rows, max(seq) AS last,
    min(position) FILTER (
      WHERE seq <> position OR content_digest <> actual OR digest <> sha256(previous || content_digest)
    ) AS altered,
    (SELECT digest FROM asso.audit_log ORDER BY seq DESC LIMIT 1) AS digest
  FROM chain
)
SELECT found.rows, CASE
    WHEN altered IS NOT NULL THEN altered
    WHEN head.seq IS DISTINCT FROM coalesce(last, 0) THEN found.rows + 1
    WHEN last IS NOT NULL AND head.digest <> found.digest THEN last
  END AS first_altered
FROM found LEFT JOIN asso.audit_head head ON true
""")


@for_operators
def verify(office: Office) -> Verification:
    """Walk the chain and compare it with its head: an altered, missing, added or cut-off row shows."""
    row = office.ask(_VERIFY)[0]
    return Verification(rows=row.rows, first_altered=row.first_altered)
