"""The address that people use: [asso] public_url, or where the server listens when only this machine calls."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from core.errors import SetupError

EXAMPLE: Final = "https://acces.exemple.fr"
# Those that « localhost » names too.
_LOCALHOST: Final = frozenset({"127.0.0.1", "::1"})


def from_entries(values: Mapping[tuple[str, str], Any], *, host: str, port: str) -> str:
    """The public address of a server that listens on `host`; raises SetupError.

    Over http it is one of this machine: cookies are not Secure there, and may not leave it (core/settings.py).
    """
    if ("asso", "public_url") in values:
        return _checked(str(values["asso", "public_url"]).rstrip("/"))
    if not _is_this_machine(host) and ("asso", "hosts") not in values:
        raise SetupError(
            f"Pour servir d'autres machines sur {host}, ajoutez [asso] public_url, l'adresse qu'elles utilisent, "
            f"comme {EXAMPLE} (derrière un proxy TLS)."
        )
    own = _is_this_machine(host) and host not in _LOCALHOST
    return f"http://{host if own else 'localhost'}:{port}"


def _checked(address: str) -> str:
    host = _host_of(address)
    if host is None:
        raise SetupError(f"[asso] public_url doit être comme {EXAMPLE}.")
    if address.startswith("http:") and not _is_this_machine(host):
        raise SetupError(
            f"[asso] public_url doit être en https, comme {EXAMPLE} (derrière un proxy TLS) : en http, les mots de "
            "passe se liraient sur le réseau."
        )
    return address


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
