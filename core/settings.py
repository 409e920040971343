"""Settings: `.streamlit/secrets.toml` (the file behind st.secrets), overridden by ASSO_* variables."""

import os
import re
import tomllib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from core import google_client, mail_settings, public_address
from core.errors import SetupError
from core.figures import BCRYPT_COST
from core.google_client import GoogleClient
from core.mail_settings import MailSettings

# (table, entry) -> environment variable that overrides it
ENTRIES: Final = (
    {
        ("database", "url"): "ASSO_DATABASE_URL",
        ("database", "migrations_url"): "ASSO_MIGRATIONS_URL",
        ("asso", "key"): "ASSO_KEY",
        ("asso", "name"): "ASSO_NAME",
        ("asso", "sigle"): "ASSO_SIGLE",
        ("asso", "public_url"): "ASSO_PUBLIC_URL",
        ("asso", "hosts"): "ASSO_HOSTS",
        ("asso", "trusted_proxies"): "ASSO_TRUSTED_PROXIES",
        ("asso", "var"): "ASSO_VAR",
        ("asso", "words"): "ASSO_WORDS",
        ("asso", "passwords_file"): "ASSO_PASSWORDS_FILE",
        ("asso", "breaches_url"): "ASSO_BREACHES_URL",
    }
    | google_client.ENTRIES
    | mail_settings.ENTRIES
)
BREACHES_URL: Final = "https://api.pwnedpasswords.com/range"
LISTS: Final = {("asso", "hosts"), ("asso", "trusted_proxies"), ("asso", "words")}
NUMBERS: Final = {("mail", "smtp_port")}


@dataclass(frozen=True)
class Settings:
    """What differs from one installation to another."""

    key: bytes
    var: Path
    database_url: str | None = None  # None: the embedded PostgreSQL
    migrations_url: str | None = None
    association: str = "Association"
    sigle: str = "ZDL"
    public_url: str = "http://localhost:8501"
    hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # the association's own: its town, projects… (V6.1.2)
    passwords_file: Path | None = None
    breaches_url: str | None = None  # None: not asked
    google: GoogleClient | None = None  # None: no sign-in with Google
    mail: MailSettings | None = None  # None: mails wait in the outbox
    # Days after the activation within which a role must have a second factor; a role that is not here need not.
    second_factor_days: Mapping[str, int] = field(default_factory=lambda: {"administrateur": 7})
    password_cost: int = BCRYPT_COST
    password_scheme: str = "bcrypt"  # noqa: S105 (the name of a scheme)

    @property
    def https(self) -> bool:
        """Whether people reach the application over https."""
        return self.public_url.startswith("https://")

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """The host names, without port, under which the application may be called."""
        return (urlsplit(self.public_url).hostname or "localhost", "localhost", "127.0.0.1", *self.hosts)

    @property
    def session_cookie(self) -> str:
        """The session cookie's name; __Host- needs https."""
        return "__Host-session" if self.https else "session"

    @property
    def browser_cookie(self) -> str:
        """The name of the cookie that tells one visitor's browser from another."""
        return "__Host-browser" if self.https else "browser"


def load(root: Path, environ: Mapping[str, str], *, host: str = "127.0.0.1") -> Settings:
    """The settings of the installation in `root`, whose server listens on `host`.

    Raises SetupError, with a sentence for the person who runs it, on an unknown or malformed entry. Without a
    database URL a server key is made once in the `var` folder; a remote database needs one in the secrets.
    """
    values = _from_file(root / ".streamlit" / "secrets.toml") | _from_environment(environ)
    for name in ("url", "migrations_url"):
        if url := values.get(("database", name)):
            values["database", name] = _postgres(url, name)
    return Settings(
        database_url=values.get(("database", "url")),
        migrations_url=values.get(("database", "migrations_url")),
        var=(var := Path(values.get(("asso", "var"), root / "var")).resolve()),
        key=_key(values.get(("asso", "key")), var, remote=("database", "url") in values),
        association=values.get(("asso", "name"), "Association"),
        sigle=_matching(values.get(("asso", "sigle"), "ZDL"), r"[A-Z]{2,6}", "sigle", "de 2 à 6 lettres majuscules"),
        public_url=public_address.from_entries(values, host=host, port=environ.get("ASSO_PORT", "8501")),
        hosts=tuple(values.get(("asso", "hosts"), ())),
        trusted_proxies=tuple(values.get(("asso", "trusted_proxies"), ())),
        words=tuple(values.get(("asso", "words"), ())),
        passwords_file=_readable(values.get(("asso", "passwords_file"))),
        breaches_url=_breaches(values.get(("asso", "breaches_url"), BREACHES_URL)),
        google=google_client.from_entries(values),
        mail=mail_settings.from_entries(values, embedded=("database", "url") not in values),
    )


def _from_file(path: Path) -> dict[tuple[str, str], Any]:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"Le fichier {path} n'est pas du TOML valable : {error}.") from error
    except OSError as error:
        raise SetupError(f"Le fichier {path} n'est pas lisible : vérifiez ses droits.") from error
    return {
        (table, entry): _typed(path, table, entry, value)
        for table, entries in tables.items()
        for entry, value in (entries.items() if isinstance(entries, dict) else [("", entries)])
    }


def _typed(path: Path, table: str, entry: str, value: object) -> object:
    if (table, entry) not in ENTRIES:
        known = ", ".join(f"[{table}] {entry}" for table, entry in ENTRIES)
        name = f"[{table}] {entry}" if entry else table
        raise SetupError(f"Le fichier {path} contient une entrée inconnue : {name}. Entrées connues : {known}.")
    if (table, entry) in NUMBERS and type(value) is int:
        return value
    wanted = list if (table, entry) in LISTS else str
    texts = value if isinstance(value, list) else [value]
    if not isinstance(value, wanted) or not all(isinstance(text, str) for text in texts) or not value:
        kind = "une liste de textes" if wanted is list else "un texte"
        raise SetupError(f"Dans le fichier {path}, [{table}] {entry} doit être {kind}.")
    return value


def _from_environment(environ: Mapping[str, str]) -> dict[tuple[str, str], Any]:
    return {
        entry: environ[variable].split(",") if entry in LISTS else environ[variable]
        for entry, variable in ENTRIES.items()
        if environ.get(variable)
    }


def _postgres(url: str, name: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SetupError(f"[database] {name} n'est pas une adresse de base de données valable.") from error
    if parsed.drivername not in {"postgresql", "postgres", "postgresql+psycopg2"} or not parsed.database:
        raise SetupError(f"[database] {name} doit ressembler à postgresql://utilisateur:motdepasse@hote:5432/base.")
    return parsed.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def _matching(value: str, pattern: str, entry: str, example: str) -> str:
    if not re.fullmatch(pattern, value.rstrip("/")):
        raise SetupError(f"[asso] {entry} doit être {example}.")
    return value.rstrip("/")


def _readable(path: str | None) -> Path | None:
    if path is None:
        return None
    if not Path(path).is_file():
        raise SetupError(f"[asso] passwords_file : le fichier {path} n'existe pas.")
    return Path(path)


def _breaches(url: str) -> str | None:
    """The address to ask about breached passwords, None when the setting says « non »."""
    if url == "non":
        return None
    return _matching(url, r"https?://\S+", "breaches_url", "une adresse http(s), ou « non »")


def _key(text: str | None, var: Path, *, remote: bool) -> bytes:
    if text is None and remote:
        raise SetupError(
            "Une base de données distante demande une clé : ajoutez [asso] key, faite par : openssl rand -base64 32."
        )
    try:
        key = b64decode(text or _local_key(var), validate=True)
    except (NotBase64, ValueError) as error:
        raise SetupError("[asso] key n'est pas en base64 : refaites-la par openssl rand -base64 32.") from error
    if len(key) < 32:
        raise SetupError("[asso] key est trop courte : il faut 32 octets en base64 (openssl rand -base64 32).")
    return key


def _local_key(var: Path) -> str:
    """The key of an embedded installation, made at its first start; it is worth as much as the data beside it."""
    path = var / "secret.key"
    try:
        var.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_new(path, os.urandom(32))
        return path.read_text("ascii").strip()
    except OSError as error:
        raise SetupError(f"Le dossier {var} n'est pas accessible en écriture : vérifiez ses droits.") from error


def _write_new(path: Path, key: bytes) -> None:
    from base64 import b64encode

    part = path.with_suffix(f".{os.urandom(8).hex()}")
    part.touch(mode=0o600)
    part.write_bytes(b64encode(key))
    try:
        os.link(part, path)  # never over a key that another start has just made
    except FileExistsError:
        pass
    finally:
        part.unlink()
