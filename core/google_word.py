"""Why a visit to Google did not end in a session, kept for the page that says it: read once, by the same browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from core import google_flows
from core.errors import (
    AccessSuspended,
    EmailTaken,
    GoogleAlreadyLinked,
    GoogleDeclined,
    GoogleElsewhere,
    GoogleEmailUnverified,
    GoogleInterrupted,
    GoogleNotConfigured,
    GoogleOtherDomain,
    GoogleTaken,
    GoogleUnavailable,
    InvalidEmail,
    NotSignedIn,
    OtherGoogleAccount,
    Refusal,
    SecondFactorNeeded,
    SessionEnded,
    StepUpNeeded,
    TooManyAttempts,
    UnknownGoogleAccount,
    UnusableCode,
)
from core.figures import PENDING_SIGN_IN
from core.office import Office
from core.roles import open_to_visitors

# All that a page is ever told by this means.
KNOWN: Final[dict[str, type[Refusal]]] = {
    kind.__name__: kind
    for kind in (
        AccessSuspended, EmailTaken, GoogleAlreadyLinked, GoogleDeclined, GoogleElsewhere, GoogleEmailUnverified,
        GoogleInterrupted, GoogleNotConfigured, GoogleOtherDomain, GoogleTaken, GoogleUnavailable, InvalidEmail,
        NotSignedIn, OtherGoogleAccount, SecondFactorNeeded, SessionEnded, StepUpNeeded, TooManyAttempts,
        UnknownGoogleAccount, UnusableCode,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """Why a visit came to nothing; `code` is the invitation code typed before it, which nobody has to type again."""

    refusal: Refusal
    code: str | None = None


@open_to_visitors
def leave(office: Office, *, browser: str, refusal: Refusal, code: str | None = None) -> str:
    """Keep this word, sealed, for five minutes; returns the one-time token that reads it.

    What is not known is not told.
    """
    told = refusal if type(refusal).__name__ in KNOWN else GoogleInterrupted()
    facts = {name: _plain(value) for name, value in vars(told).items()}
    token = office.token()
    content = {"word": type(told).__name__, "facts": facts, "code": code}
    google_flows.keep(office, token, browser, content, life=PENDING_SIGN_IN)
    return token


@open_to_visitors
def read(office: Office, *, browser: str | None, token: str) -> Word | None:
    """What was left under `token` for this browser, once; a SecondFactorNeeded is the step that remains."""
    found = google_flows.find(office, token, browser, take=True)
    if found is None or "word" not in found:
        return None
    facts: dict[str, Any] = found["facts"]
    if "retry_after" in facts:
        facts["retry_after"] = timedelta(seconds=facts["retry_after"])
    return Word(KNOWN[found["word"]](**facts), found["code"])


def _plain(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value
