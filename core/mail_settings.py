"""Who carries the mails: the [mail] table of the settings, checked once (R11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from core import emails
from core.errors import InvalidEmail, MissingField, SetupError

Provider = Literal["mailersend", "smtp", "dossier"]

MAILERSEND_URL: Final = "https://api.mailersend.com/v1"
_NAMES: Final = (
    "provider", "token", "from", "from_name", "webhook_secret", "base_url",
    "smtp_host", "smtp_port", "smtp_user", "smtp_password",
)  # fmt: skip
# (table, entry) -> environment variable that overrides it
ENTRIES: Final = {("mail", name): f"ASSO_MAIL_{name.upper()}" for name in _NAMES}
_NEEDED: Final[Mapping[Provider, tuple[str, ...]]] = {
    "mailersend": ("token", "from"),
    "smtp": ("smtp_host", "from"),
    "dossier": (),
}


@dataclass(frozen=True)
class MailSettings:
    """A provider and what it needs; `dossier` is the mailbox that comes with the embedded database."""

    provider: Provider = "dossier"
    sender: str = "ne-pas-repondre@localhost"
    sender_name: str | None = None  # None: the association's
    token: str = ""
    base_url: str = MAILERSEND_URL
    webhook_secret: str | None = None
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = None


def from_entries(values: Mapping[tuple[str, str], Any], *, embedded: bool) -> MailSettings | None:
    """The [mail] table; without one, the mailbox of an embedded installation, or None: mails then wait.

    Raises SetupError.
    """
    mail = {name: values["mail", name] for name in _NAMES if ("mail", name) in values}
    if not mail:
        return MailSettings() if embedded else None
    provider = _provider(mail.get("provider"), embedded=embedded)
    for name in _NEEDED[provider]:
        if name not in mail:
            raise SetupError(f"Avec [mail] provider = '{provider}', ajoutez [mail] {name}.")
    if ("smtp_user" in mail) != ("smtp_password" in mail):
        raise SetupError("[mail] smtp_user et smtp_password vont ensemble.")
    return MailSettings(
        provider=provider,
        sender=_sender(mail["from"]) if "from" in mail else MailSettings.sender,
        sender_name=mail.get("from_name"),
        token=mail.get("token", ""),
        base_url=_address(mail.get("base_url", MAILERSEND_URL)),
        webhook_secret=mail.get("webhook_secret"),
        smtp_host=mail.get("smtp_host", ""),
        smtp_port=_port(mail.get("smtp_port", MailSettings.smtp_port)),
        smtp_user=mail.get("smtp_user"),
        smtp_password=mail.get("smtp_password"),
    )


def _provider(name: object, *, embedded: bool) -> Provider:
    if name not in _NEEDED:
        raise SetupError("[mail] provider doit être mailersend, smtp ou dossier.")
    if name == "dossier" and not embedded:
        raise SetupError("[mail] provider = 'dossier' ne vaut qu'avec la base embarquée : choisissez un fournisseur.")
    return cast(Provider, name)


def _sender(address: str) -> str:
    try:
        return emails.parse(address)
    except (InvalidEmail, MissingField) as error:
        raise SetupError("[mail] from doit être une adresse comme ne-pas-repondre@exemple.fr.") from error


def _address(url: str) -> str:
    local = ("http://127.0.0.1:", "http://localhost:")
    if not url.startswith(("https://", *local)):
        raise SetupError("[mail] base_url doit commencer par https://.")
    return url.rstrip("/")


def _port(port: object) -> int:
    if not str(port).isdecimal() or not 0 < int(str(port)) < 65536:
        raise SetupError("[mail] smtp_port doit être un nombre de 1 à 65535 (587, ou 465 en TLS direct).")
    return int(str(port))
