"""The carrier that the settings name."""

from typing import Final
from urllib.parse import urlsplit

from core.carrier_folder import NAME, FolderCarrier
from core.carrier_smtp import SmtpCarrier
from core.carriers import Carrier
from core.settings import Settings

_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def keeps_mails(settings: Settings) -> bool:
    """Whether mails only land in the mailbox of this machine, for the newcomer who tries the application on it."""
    embedded = settings.database_url is None and urlsplit(settings.public_url).hostname in _THIS_MACHINE
    return embedded and settings.mail is not None and settings.mail.provider == "dossier"


def chosen(settings: Settings) -> Carrier | None:
    """The carrier of this installation; None as long as a remote one has no [mail]: mails then wait."""
    if settings.mail is None:
        return None
    if settings.mail.provider == "dossier":
        return FolderCarrier(settings.var / NAME, settings.mail, settings.association)
    if settings.mail.provider == "smtp":
        return SmtpCarrier(settings.mail, settings.association)
    from core.carrier_mailersend import MailerSendCarrier  # 0.3 s to import, for those who use it

    return MailerSendCarrier(settings.mail, settings.association)
