"""Mails by SMTP: over TLS that is verified, or not at all (R11)."""

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from core.carriers import Outgoing, PermanentFailure, Reason, TemporaryFailure, Unsure, composed
from core.mail_settings import MailSettings

TIMEOUT: Final = 10.0
IMPLICIT_TLS: Final = 465
# Its numbers are unique for ever, and its webhooks quote them; other servers use theirs again.
_MAILERSEND: Final = "mailersend.net"
_QUEUED: Final = re.compile(rb"queued as ([0-9a-fA-F]{24})\b")


class SmtpCarrier:
    """One connection per mail: rare mails would find a kept one closed."""

    def __init__(self, settings: MailSettings, association: str) -> None:
        self.settings = settings
        self.association = association

    def carry(self, mail: Outgoing) -> str | None:
        """Hand the mail over; raises TemporaryFailure, PermanentFailure, Unsure."""
        return send_email_smtp(self.settings, composed(mail, self.settings, self.association))


def send_email_smtp(settings: MailSettings, message: EmailMessage) -> str | None:
    """Send `message`; returns the number of MailerSend's SMTP server, None of another's.

    Raises TemporaryFailure, PermanentFailure, Unsure.
    """
    try:
        server = _connected(settings)
    except ssl.SSLCertVerificationError as error:
        raise TemporaryFailure(Reason.CERTIFICATE) from error
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryFailure(Reason.UNREACHABLE) from error
    try:
        return _handed_over(server, settings, message)
    finally:
        server.close()  # not quit(): what it could still answer changes nothing


def _connected(settings: MailSettings) -> smtplib.SMTP:
    """A connection that is encrypted with a verified certificate, and signed in."""
    context = ssl.create_default_context()  # starttls() without it verifies nothing
    host, port = settings.smtp_host, settings.smtp_port
    server: smtplib.SMTP
    if port == IMPLICIT_TLS:
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        if port != IMPLICIT_TLS:
            server.starttls(context=context)
        if settings.smtp_user is not None and settings.smtp_password is not None:
            _sign_in(server, settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: smtplib.SMTP, user: str, password: str) -> None:
    try:
        server.login(user, password)
    except smtplib.SMTPException as error:  # some servers answer a wrong password by hanging up
        raise TemporaryFailure(Reason.UNAUTHORIZED) from error


def _handed_over(server: smtplib.SMTP, settings: MailSettings, message: EmailMessage) -> str | None:
    try:
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(settings.sender), settings)
        _expect(server.rcpt(message["To"]), settings)
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryFailure(Reason.UNREACHABLE) from error
    try:
        code, said = server.data(message.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as error:  # refused before the first byte
        raise _failure(error.smtp_code, settings) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unsure(Reason.BROKEN) from error
    _expect((code, said), settings)
    found = _QUEUED.search(said) if _is_mailersend(settings) else None
    return found[1].decode() if found else None


def _expect(answer: tuple[int, bytes], settings: MailSettings) -> None:
    if not 200 <= answer[0] < 300:
        raise _failure(answer[0], settings)


def _failure(code: int, settings: MailSettings) -> TemporaryFailure | PermanentFailure:
    """4xx is for now and 5xx for good, save that MailerSend says 450 of a mail that it will never take."""
    if code == 450 and _is_mailersend(settings):
        return PermanentFailure(Reason.REFUSED)
    return TemporaryFailure(Reason.BUSY) if code < 500 else PermanentFailure(Reason.REFUSED)


def _is_mailersend(settings: MailSettings) -> bool:
    return settings.smtp_host == _MAILERSEND or settings.smtp_host.endswith(f".{_MAILERSEND}")
