"""Why something is refused: facts without sentences (ui/messages.py has the French words)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID


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
class WrongOtp(Refusal):
    """The mailed code is wrong; some tries are left."""


@dataclass(eq=False)
class ResetVoid(Refusal):
    """The reset is over: used, too old, replaced by a newer one, or five wrong codes. One starts again."""


@dataclass(eq=False)
class LinkVoid(Refusal):
    """A mailed link that is used, replaced or too old."""


@dataclass(eq=False)
class LastAdministrator(Refusal):
    """Without this administrateur nobody could administer any more; `own` when it is the actor."""

    own: bool = True


@dataclass(eq=False)
class WrongConfirmation(Refusal):
    """What confirms was not typed: a word of ours, or the name of a person."""

    word: str


@dataclass(eq=False)
class SecondFactorNeeded(Refusal):
    """The password, or Google, was right; `pending` is the token of the step that remains (5 minutes)."""

    pending: str


@dataclass(eq=False)
class StepUpNeeded(Refusal):
    """This act asks to prove again who one is: the last proof is older than 10 minutes (V7.5.1)."""


@dataclass(eq=False)
class PasswordChangeRequired(Refusal):
    """An administrateur asked for a new password: nothing else until then (B6)."""


@dataclass(eq=False)
class SecondFactorRequired(Refusal):
    """The role must have a second factor, and its delay is over: nothing else until then."""


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


@dataclass(eq=False)
class SignInOver(Refusal):
    """The second step of this sign-in took more than 5 minutes, or is done already: one begins again."""


@dataclass(eq=False)
class WrongFactorCode(Refusal):
    """Neither the code of the moment nor an unused recovery code."""


@dataclass(eq=False)
class UsedFactorCode(Refusal):
    """A code of the second factor serves once; the next one comes within 30 seconds (V6.5.1)."""


@dataclass(eq=False)
class ClockOff(Refusal):
    """The code is that of another moment: the clock of the telephone is minutes off."""


@dataclass(eq=False)
class FactorAlreadyOn(Refusal):
    """The account has a second factor; it goes before another one comes."""


@dataclass(eq=False)
class FactorNotOn(Refusal):
    """The account has no second factor."""


@dataclass(eq=False)
class EnrolmentOver(Refusal):
    """The square was shown more than 15 minutes ago, or never: one begins again."""


@dataclass(eq=False)
class OwnFactor(Refusal):
    """Nobody resets their own second factor: another administrateur does, or the person who runs the application."""


@dataclass(eq=False)
class GoogleNotConfigured(Refusal):
    """This installation has no sign-in with Google."""


@dataclass(eq=False)
class GoogleUnavailable(Refusal):
    """Google does not answer, or not as it should."""


@dataclass(eq=False)
class GoogleInterrupted(Refusal):
    """The visit to Google cannot be used: unknown, over, too old, of another browser, or not signed as it must be."""


@dataclass(eq=False)
class GoogleElsewhere(Refusal):
    """Google only comes back to the public address, and the browser is at another one."""

    address: str


@dataclass(eq=False)
class GoogleDeclined(Refusal):
    """The person said no on Google's page."""


@dataclass(eq=False)
class GoogleEmailUnverified(Refusal):
    """Google has not checked the address of this account."""


@dataclass(eq=False)
class GoogleOtherDomain(Refusal):
    """Only Google accounts of `domain` are let in."""

    domain: str


@dataclass(eq=False)
class UnknownGoogleAccount(Refusal):
    """No account is linked to this Google account; an invitation code links one."""


@dataclass(eq=False)
class GoogleTaken(Refusal):
    """This Google account is linked to another account."""


@dataclass(eq=False)
class GoogleAlreadyLinked(Refusal):
    """A Google account is linked already; it must be taken off first."""


@dataclass(eq=False)
class OtherGoogleAccount(Refusal):
    """Another Google account was chosen than the linked one."""


@dataclass(eq=False)
class LastWayIn(Refusal):
    """Without it there would be no way in any more."""


@dataclass(eq=False)
class AccessSuspended(Refusal):
    """The account is suspended, or its Personne archived."""


@dataclass(eq=False)
class CodeReplaced(Refusal):
    """This code is not, or no longer, the live one of this Personne: nobody could use it."""


@dataclass(eq=False)
class NotSentAgain(Refusal):
    """A mail of this kind is not sent again by somebody else: the person asks for a new one."""


@dataclass(eq=False)
class BadSignature(Refusal):
    """A delivery event that its provider did not sign."""


@dataclass(eq=False)
class DownloadVoid(Refusal):
    """A prepared file that was fetched already, is older than 5 minutes, or was prepared by another session."""


@dataclass(eq=False)
class NoLiveCode(NotFound):
    """This Personne has no code that could still be used."""


@dataclass(eq=False)
class OtherCode(Refusal):
    """This Personne has another code than the one that was chosen on the screen: it stays as it is."""


@dataclass(eq=False)
class CodeAtFullLife(Refusal):
    """This code ends as late as a code may (figures: `days` after its creation)."""

    days: int


@dataclass(eq=False)
class NoAddress(Refusal):
    """This fiche holds no address to write to."""


@dataclass(eq=False)
class OwnRole(Refusal):
    """Nobody changes their own role."""


@dataclass(eq=False)
class OwnFiche(Refusal):
    """Nobody archives, erases, suspends or imports over their own fiche: another administrateur does."""


@dataclass(eq=False)
class FicheChanged(Refusal):
    """Somebody else has changed this fiche since it was read."""

    id: UUID


@dataclass(eq=False)
class FicheConflict(FicheChanged):
    """The same while editing: `by` whom (None when the account is gone) and when, what is kept of the fields that were
    typed, as it is typed, and the version that would be overwritten."""

    by: str | None
    at: datetime
    kept: dict[str, str]
    version: int


@dataclass(eq=False)
class EmailOnAnotherFiche(Refusal):
    """The fiche `id` has this address already; None: one that the author may not see."""

    id: UUID | None


@dataclass(eq=False)
class PerhapsDuplicate(Refusal):
    """Fiches with the same names or the same phone: `alike` holds a duplicates.Alike of each.

    `apart` are the keys of those that were declared other people, and are alike too. `hidden`: there are others,
    archived, which the author may not see.
    """

    alike: tuple[Any, ...]
    apart: tuple[UUID, ...] = ()
    hidden: bool = False


@dataclass(eq=False)
class NoAccount(Refusal):
    """This Personne has no account: there is nothing to suspend, nor a password to ask for."""


@dataclass(eq=False)
class NoPassword(Refusal):
    """The account has no password: it is entered with Google."""


@dataclass(eq=False)
class TooManyPeople(Refusal):
    """More people at once than one bulk deed takes."""

    limit: int
    asked: int


@dataclass(eq=False)
class TwoAccounts(Refusal):
    """Both fiches have an account, and an account is never thrown away by a merge."""


@dataclass(eq=False)
class SameFiche(Refusal):
    """A fiche is not merged with itself."""


@dataclass(eq=False)
class FileTooBig(Refusal):
    """A file of more than `limit` megabytes."""

    limit: int


@dataclass(eq=False)
class NotASheet(Refusal):
    """Neither a CSV nor an Excel workbook (.xlsx), whatever its name says."""


@dataclass(eq=False)
class LockedSheet(Refusal):
    """A workbook with a password, or of Excel before 2007 (.xls)."""


@dataclass(eq=False)
class BrokenSheet(Refusal):
    """Damaged, or made so that reading it does harm."""


@dataclass(eq=False)
class InflatedSheet(Refusal):
    """A workbook that unfolds to far more than any list of people."""


@dataclass(eq=False)
class NulBytes(Refusal):
    """The file holds NUL bytes, which no text has."""


@dataclass(eq=False)
class EmptySheet(Refusal):
    """No row holds anything."""


@dataclass(eq=False)
class TooManyRows(Refusal):
    """More rows than one import takes."""

    limit: int


@dataclass(eq=False)
class SameFieldTwice(Refusal):
    """Two columns of a file were given to one field."""

    field: str


@dataclass(eq=False)
class NothingToImport(Refusal):
    """The plan creates and changes nothing."""


@dataclass(eq=False)
class PlanOutdated(Refusal):
    """Fiches changed since the preview was made; nothing was written."""


@dataclass(eq=False)
class ImportRunning(Refusal):
    """Another import is being written: one at a time."""


@dataclass(eq=False)
class ImportUndone(Refusal):
    """This import was undone already."""


@dataclass(eq=False)
class ChangedSinceImport(Refusal):
    """`count` fiches of an import changed since; `people` are the first ones, as (nom, prénom).

    `gone` of them are no more: erased, or a part of another fiche.
    """

    count: int
    people: tuple[tuple[str, str], ...] = ()
    gone: int = 0


@dataclass(eq=False)
class FormulaInField(Refusal):
    """A row of a file: a formula where a name, a number or an address should stand."""

    field: str


@dataclass(eq=False)
class UnknownRole(Refusal):
    """A row of a file: not the name of a role."""


@dataclass(eq=False)
class RoleNotByFile(Refusal):
    """A row of a file: nobody becomes administrateur by a file."""


@dataclass(eq=False)
class FicheOfAdministrateur(Refusal):
    """A row of a file: it would change the fiche of an administrateur."""


@dataclass(eq=False)
class ArchivedFiche(Refusal):
    """The fiche is archived: it is restored before anything is written on it."""


@dataclass(eq=False)
class HiddenFiche(Refusal):
    """A row of a file that may be somebody archived, whom its author may not see."""


@dataclass(eq=False)
class RepeatedRow(Refusal):
    """A row of a file: the same person as row `line`."""

    line: int


@dataclass(eq=False)
class RepeatedEmail(Refusal):
    """A row of a file: row `line` has the same address."""

    line: int


@dataclass(eq=False)
class EmailOfAnother(Refusal):
    """A row of a file: a fiche with another first name has this address."""


@dataclass(eq=False)
class SameName(Refusal):
    """A row of a file that may be a fiche with the same name."""


@dataclass(eq=False)
class SwappedName(Refusal):
    """A row of a file that may be a fiche whose nom is its prénom, and the other way round."""


@dataclass(eq=False)
class SamePhone(Refusal):
    """A row of a file that may be a fiche with the same phone."""


@dataclass(eq=False)
class SameNameAsRow(Refusal):
    """A row of a file that may be the person of row `line`."""

    line: int


@dataclass(eq=False)
class SwappedNameAsRow(Refusal):
    """A row of a file that may be the person of row `line`, nom and prénom the other way round."""

    line: int


@dataclass(eq=False)
class SamePhoneAsRow(Refusal):
    """A row of a file with the same phone as row `line`, under another name."""

    line: int
