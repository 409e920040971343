"""What a letter is: its kind, its recipient, its words twice over, and how long it is worth sending."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a letter is about; ui/messages.py has the French words."""

    INVITATION = "invitation"
    INVITE_REMINDER = "invite_reminder"
    INVITE_ACCEPTED = "invite_accepted"
    RESET = "reset"
    RESET_GOOGLE_ONLY = "reset_google_only"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the name of a letter)
    PASSWORD_CHANGE_ASKED = "password_change_asked"  # noqa: S105 (the name of a letter) # pragma: allowlist secret
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    FACTOR_RESET = "factor_reset_by_admin"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    SIGN_IN_ALARM = "sign_in_alarm"
    GOOGLE_LINKED = "google_linked"
    GOOGLE_UNLINKED = "google_unlinked"
    EMAIL_CONFIRM = "email_confirm"
    EMAIL_CHANGED = "email_changed"
    NEW_DEVICE = "new_device"
    ACCOUNT_DELETED = "account_deleted"


@dataclass(frozen=True)
class Letter:
    """A letter ready to post to one address; not sent any more once its `life` is over."""

    kind: Kind
    to: str
    subject: str
    text: str
    html: str
    life: timedelta
