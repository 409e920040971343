"""Who takes mails out of the house, and what can come of it; one file per carrier."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from core.mail_settings import MailSettings


@dataclass(frozen=True)
class Outgoing:
    """A mail as it leaves: its row in the outbox, its only recipient, its words."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str
    at: datetime  # UTC


# Before a mail's number, where a provider lets a mail carry one.
TAG: Final = "courriel-"


class Carrier(Protocol):
    """One way out."""

    def carry(self, mail: Outgoing) -> str | None:
        """Hand `mail` over, at most once; returns the provider's own number for it, if it gives one.

        Raises TemporaryFailure, PermanentFailure or Unsure.
        """


class Reason(StrEnum):
    """Why a mail did not leave or arrive; ui/messages.py has the French words.

    A short list: what a server says may name people, and is not kept.
    """

    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    UNAUTHORIZED = "unauthorized"
    BUSY = "busy"
    DISK = "disk"
    BROKEN = "broken"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"
    ADDRESS = "address"
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    SOFT_BOUNCED = "soft_bounced"
    HARD_BOUNCED = "hard_bounced"
    COMPLAINT = "complaint"


@dataclass(eq=False)
class TemporaryFailure(Exception):
    """Nothing was handed over; another try can succeed, not before `retry_after` when the provider says so."""

    reason: Reason
    retry_after: timedelta | None = None


@dataclass(eq=False)
class PermanentFailure(Exception):
    """Nothing was handed over, and no other try would change that."""

    reason: Reason


@dataclass(eq=False)
class Unsure(Exception):
    """The connection broke after the mail had left: another try could send it twice."""

    reason: Reason


_NAMED: Final = 128


def composed(mail: Outgoing, settings: MailSettings, association: str) -> EmailMessage:
    """`mail` as a message with a text and an HTML part; raises PermanentFailure for an address it cannot be sent to."""
    message = EmailMessage()
    name = " ".join((settings.sender_name or association).split())[:_NAMED]
    message["From"] = Address(name, addr_spec=settings.sender)
    message["To"] = ascii_address(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{settings.sender.rpartition('@')[2]}>"
    # No answer of a machine to a machine (RFC 3834), no « out of office » sent back to a mail about a password.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def ascii_address(address: str) -> str:
    """`address` as every mail server understands it; raises PermanentFailure when its local part is not ASCII."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise PermanentFailure(Reason.ADDRESS) from error
