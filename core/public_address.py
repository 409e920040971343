"""The address that people use: [asso] public_url, or where the server listens when only this machine calls."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from core.errors import SetupError

EXAMPLE: Final = "https://acces.exemple.fr"
# What « localhost » names.
_LOCALHOST: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def from_entries(values: Mapping[tuple[str, str], Any], *, host: str, port: str) -> str:
    """The public address of a server that listens on `host`; raises SetupError.

    Over http it is one of this machine, and so is every other name under which it is called: cookies are not Secure
    there, and may not leave it (core/settings.py).
    """
    given = values.get(("asso", "public_url"))
    address = _own_address(host, port) if given is None else str(given).rstrip("/")
    called = _host_of(address)
    if called is None:
        raise SetupError(f"[asso] public_url doit être comme {EXAMPLE}.")
    others = [name for name in (called, *values.get(("asso", "hosts"), ())) if not _is_this_machine(name)]
    if others and not address.startswith("https:"):
        raise SetupError(
            f"Pour servir d'autres machines, [asso] public_url doit être en https, comme {EXAMPLE} (derrière un proxy "
            f"TLS) : en http, les mots de passe se liraient sur le réseau ({others[0]})."
        )
    return address


def _own_address(host: str, port: str) -> str:
    """Where the server listens, as this machine calls it; raises SetupError for an address of others."""
    if not _is_this_machine(host):
        raise SetupError(
            f"Pour servir d'autres machines sur {host}, ajoutez [asso] public_url, l'adresse qu'elles utilisent, "
            f"comme {EXAMPLE} (derrière un proxy TLS)."
        )
    return f"http://{'localhost' if host in _LOCALHOST else host}:{port}"


def _host_of(address: str) -> str | None:
    if not re.fullmatch(r"https?://[^/\s?#]+", address):
        return None
    try:
        return urlsplit(address).hostname
    except ValueError:  # a bracket that is not closed
        return None


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
