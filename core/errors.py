"""Why something is refused: facts without sentences (ui/messages.py has the French words)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


class Refusal(Exception):
    """Something that was asked will not be done; subclasses carry the facts a screen needs to say why."""


class SetupError(Exception):
    """The application cannot start here; the message is one French sentence for the person who runs it."""


# Not frozen: Python writes __traceback__ on an exception that crosses a context manager.
@dataclass(eq=False)
class NotSignedIn(Refusal):
    """No session goes with this cookie or this ticket."""


@dataclass(eq=False)
class SessionEnded(Refusal):
    """There was a session: idle too long, over its 8 hours, or closed (signed out, replaced, password changed)."""

    reason: Literal["idle", "expired", "closed"]


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The role does not hold this permission; the attempt has been audited."""

    permission: str


@dataclass(eq=False)
class TooManyAttempts(Refusal):
    """A limit of figures.md was reached; `retry_after` is how long to wait."""

    retry_after: timedelta


@dataclass(eq=False)
class WrongCredentials(Refusal):
    """One answer for every failed sign-in (B8)."""


@dataclass(eq=False)
class UnusableCode(Refusal):
    """One answer for an invitation code that is unknown, used, expired or revoked."""


@dataclass(eq=False)
class MissingField(Refusal):
    """A mandatory field is empty."""

    field: str


@dataclass(eq=False)
class TextTooLong(Refusal):
    """More characters than are kept."""

    field: str
    limit: int
    length: int


@dataclass(eq=False)
class InvalidCharacters(Refusal):
    """Control characters (NUL, escape…), which no name has and no database keeps."""

    field: str


@dataclass(eq=False)
class InvalidPhone(Refusal):
    """Not made of digits and the usual signs between them."""

    field: str


@dataclass(eq=False)
class InvalidEmail(Refusal):
    """Not an email address."""


@dataclass(eq=False)
class EmailTaken(Refusal):
    """Another account has this address."""


@dataclass(eq=False)
class WeakPassword(Refusal):
    """The rules of the password policy that are not met, by name (passwords.checklist)."""

    unmet: tuple[str, ...]


@dataclass(eq=False)
class PasswordsDiffer(Refusal):
    """The confirmation is not the password."""


@dataclass(eq=False)
class WrongCurrentPassword(Refusal):
    """The current password, asked again for a sensitive act, is wrong."""


@dataclass(eq=False)
class SamePassword(Refusal):
    """The new password is the current one."""


@dataclass(eq=False)
class RoleAboveOwn(Refusal):
    """Nobody grants more than they hold."""


@dataclass(eq=False)
class AlreadyActivated(Refusal):
    """This Personne has an account already and needs no code."""


@dataclass(eq=False)
class AlreadyDone(Refusal):
    """The same form was sent twice; the first one was carried out."""


@dataclass(eq=False)
class NotFound(Refusal):
    """No such record, or not for this actor: from outside the two look the same."""


@dataclass(eq=False)
class Unavailable(Refusal):
    """The database does not answer; nothing was done."""
