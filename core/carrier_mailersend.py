"""Mails by MailerSend's API, with its official client and without its habits (R11)."""

import logging
import ssl
from datetime import timedelta
from typing import Any, Final

import pydantic
import requests
from mailersend import EmailBuilder, MailerSendClient  # type: ignore[import-untyped]
from mailersend.exceptions import MailerSendError, ValidationError  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProxyError, SSLError

from core.carriers import TAG, Outgoing, PermanentFailure, Reason, TemporaryFailure, Unsure, ascii_address
from core.mail_settings import MailSettings

TIMEOUT: Final = (5.0, 15.0)  # to connect, then to answer, in seconds
LONGEST_RETRY_AFTER: Final = timedelta(hours=6)


class MailerSendCarrier:
    """One request per mail: no retry of its own, no kept connection, no tracking, no log of what it sends."""

    def __init__(self, settings: MailSettings, association: str) -> None:
        self.settings = settings
        self.association = association
        # It logs whole letters, links and codes included.
        logging.getLogger("mailersend").setLevel(logging.CRITICAL + 1)

    def carry(self, mail: Outgoing) -> str | None:
        """Hand the mail over; returns MailerSend's number. Raises TemporaryFailure, PermanentFailure, Unsure."""
        try:
            request = self._request(mail)
        except (ValidationError, pydantic.ValidationError) as error:
            raise PermanentFailure(Reason.ADDRESS) from error
        with self._client() as client:
            try:
                answer = client.emails.send(request)
            except MailerSendError as error:
                raise _failure(error) from None  # its message may quote the letter
        return answer["id"] or None

    def _request(self, mail: Outgoing) -> Any:
        name = " ".join((self.settings.sender_name or self.association).split())
        address = ascii_address(mail.to)
        request = (
            EmailBuilder()
            .from_email(self.settings.sender, name)
            .to(address)
            .subject(mail.subject)
            .text(mail.text)
            .html(mail.html)
            # Its webhooks quote it: an event finds its mail even when the answer with the number was lost.
            .tag(f"{TAG}{mail.id}")
            .track_clicks(enabled=False)
            .track_opens(enabled=False)
            .build()
        )
        request.to[0].email = address  # its validation writes a domain with accents back
        return request

    def _client(self) -> MailerSendClient:
        client = MailerSendClient(
            api_key=self.settings.token,
            base_url=self.settings.base_url,
            timeout=TIMEOUT,
            max_retries=0,
        )
        # Its own adapter sends up to four times, and hides the answer of a 429 or 5xx.
        for scheme in ("https://", "http://"):
            client.session.mount(scheme, HTTPAdapter())
        # On a kept connection, « closed before we wrote » and « closed after we wrote » look the same.
        client.session.headers["Connection"] = "close"
        client.session.max_redirects = 0
        return client


def _failure(error: MailerSendError) -> TemporaryFailure | PermanentFailure | Unsure:
    if error.response is None:
        return _broken(error.__cause__)
    status = error.response.status_code
    if status == 429:
        return TemporaryFailure(Reason.BUSY, _retry_after(error.response))
    if status in {401, 403, 404}:  # the token or the address of the API: the mail itself is not to blame
        return TemporaryFailure(Reason.UNAUTHORIZED)
    if status == 504:  # a gateway waited for somebody who may have taken it
        return Unsure(Reason.BROKEN)
    if status >= 500 or status == 408:
        return TemporaryFailure(Reason.BUSY, _retry_after(error.response))
    return PermanentFailure(Reason.REFUSED)


def _broken(cause: BaseException | None) -> TemporaryFailure | Unsure:
    """Sure only when no connection was made at all."""
    if isinstance(cause, requests.TooManyRedirects):
        return TemporaryFailure(Reason.UNAUTHORIZED)
    if isinstance(cause, requests.ConnectTimeout):
        return TemporaryFailure(Reason.UNREACHABLE)
    reason = cause.args[0].reason if cause and cause.args and isinstance(cause.args[0], MaxRetryError) else None
    if isinstance(reason, SSLError) and isinstance(reason.args[0], ssl.SSLCertVerificationError):
        return TemporaryFailure(Reason.CERTIFICATE)
    if isinstance(reason, NewConnectionError | NameResolutionError | ProxyError):
        return TemporaryFailure(Reason.UNREACHABLE)
    return Unsure(Reason.BROKEN)


def _retry_after(response: requests.Response) -> timedelta | None:
    """The client's own reading of this header is always None."""
    said = response.headers.get("retry-after", "")
    return min(timedelta(seconds=int(said)), LONGEST_RETRY_AFTER) if said.isdecimal() and len(said) < 9 else None
