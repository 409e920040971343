"""What MailerSend reports of the mails it took: signed events, each counted once (R11)."""

import hmac
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from core.carriers import TAG, Reason
from core.errors import BadSignature
from core.office import Office
from core.roles import Visitor, open_to_visitors

# The provider publishes the secret under which it signs the ping of its own page: it proves nothing.
PUBLIC_SECRET: Final = "test_Am3L1GuOIc4blLUuHqAPxxwkZaJyEk8G"  # noqa: S105 (of the documentation) # pragma: allowlist secret
PING: Final = "webhook.test"

# What an event says of a mail: the column it dates, and the reason it leaves.
_MEANING: Final[dict[str, tuple[str, Reason | None]]] = {
    "activity.sent": ("accepted", None),
    "activity.delivered": ("delivered", None),
    "activity.soft_bounced": ("deferred", Reason.SOFT_BOUNCED),
    "activity.deferred": ("deferred", Reason.SOFT_BOUNCED),
    "activity.hard_bounced": ("failed", Reason.HARD_BOUNCED),
    "activity.spam_complaint": ("complained", Reason.COMPLAINT),
}


@dataclass(frozen=True)
class _Event:
    """A delivery event; `mail_id` when the mail carried its own number as a tag."""

    id: str
    kind: str
    provider_id: str | None
    mail_id: UUID | None


# An event that comes again, or before our own record of the hand-over, changes nothing it should not.
_NOTE: Final = text("""
WITH fresh AS (
  INSERT INTO asso.mail_events (id, received_at) VALUES (:event_id, :now) ON CONFLICT (id) DO NOTHING RETURNING id
)
UPDATE asso.mails SET sealed = NULL, claimed_at = NULL, unsure_at = NULL,
  provider_id = coalesce(provider_id, :provider_id),
  accepted_at = coalesce(accepted_at, :now),
  delivered_at = CASE WHEN :what = 'delivered' THEN coalesce(delivered_at, :now) ELSE delivered_at END,
  deferred_at = CASE WHEN :what = 'deferred' THEN CAST(:now AS timestamptz) ELSE deferred_at END,
  failed_at = CASE WHEN :what = 'failed' THEN coalesce(failed_at, :now) ELSE failed_at END,
  complained_at = CASE WHEN :what = 'complained' THEN coalesce(complained_at, :now) ELSE complained_at END,
  reason = CASE WHEN :what IN ('accepted', 'delivered') OR failed_at IS NOT NULL THEN reason ELSE :reason END
WHERE (provider_id = :provider_id OR id = :mail_id) AND EXISTS (SELECT FROM fresh)
""")


@open_to_visitors
def receive(office: Office, _visitor: Visitor, *, body: bytes, signature: str) -> None:
    """Take note of the event in `body`, signed under the webhook's secret; another kind of event is nothing to us.

    One round trip. Raises BadSignature, and ValueError for a signed body that is no event.
    """
    mail = office.settings.mail
    if mail is None or mail.webhook_secret is None:
        raise BadSignature
    if not _signed(mail.webhook_secret, body, signature):
        if _signed(PUBLIC_SECRET, body, signature) and _read(body).kind == PING:
            return
        raise BadSignature
    event = _read(body)
    if event.kind not in _MEANING:
        return
    what, reason = _MEANING[event.kind]
    values = {"event_id": event.id, "provider_id": event.provider_id, "mail_id": event.mail_id}
    office.ask(_NOTE, **values, what=what, reason=reason, now=office.now())


def _signed(secret: str, body: bytes, signature: str) -> bool:
    expected = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def _read(body: bytes) -> _Event:
    """The event; ValueError when it has no shape of one."""
    try:
        found = json.loads(body)
        data = found.get("data") or {}
        if found["type"] not in _MEANING:
            return _Event("", str(found["type"]), None, None)
        email = data["email"]
        return _Event(_short(data["id"]), found["type"], _short(email["message"]["id"]), _mail_id(email.get("tags")))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not an event") from error


def _short(text: Any) -> str:
    if not isinstance(text, str) or not 0 < len(text) <= 100 or not text.isalnum():
        raise TypeError("not an identifier")
    return text


def _mail_id(tags: Any) -> UUID | None:
    for tag in tags if isinstance(tags, list) else ():
        with suppress(ValueError):
            if isinstance(tag, str) and tag.startswith(TAG):
                return UUID(tag.removeprefix(TAG))
    return None
