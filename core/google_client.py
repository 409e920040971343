"""The application as Google knows it: the [google] table of the settings (R7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.errors import SetupError

ISSUER: Final = "https://accounts.google.com"
# One provider only, so that `sub` alone identifies an account (V6.8.1); a local one is for trials.
ISSUERS: Final = re.compile(r"https://accounts\.google\.com|http://localhost(:\d{1,5})?")
ENTRIES: Final = {
    ("google", "client_id"): "ASSO_GOOGLE_CLIENT_ID",
    ("google", "client_secret"): "ASSO_GOOGLE_CLIENT_SECRET",
    ("google", "hd"): "ASSO_GOOGLE_HD",
    ("google", "issuer"): "ASSO_GOOGLE_ISSUER",
}


@dataclass(frozen=True)
class GoogleClient:
    """What signing in with Google needs; with `hd`, only accounts of that Google Workspace domain come in."""

    client_id: str
    client_secret: str = field(repr=False)
    hd: str | None = None
    issuer: str = ISSUER


def from_entries(values: Mapping[tuple[str, str], Any]) -> GoogleClient | None:
    """The client that the entries describe, None when there is none; raises SetupError when they are incomplete."""
    given = {entry: value for (table, entry), value in values.items() if table == "google"}
    if not given:
        return None
    if not {"client_id", "client_secret"} <= set(given):
        raise SetupError("[google] demande client_id et client_secret, tous les deux.")
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", given.get("hd", "exemple.org")):
        raise SetupError("[google] hd doit être un nom de domaine en minuscules, comme exemple.org.")
    issuer = given.get("issuer", ISSUER)
    if not ISSUERS.fullmatch(issuer):
        raise SetupError(f"[google] issuer doit être {ISSUER} (ou http://localhost:PORT pour un essai).")
    return GoogleClient(given["client_id"], given["client_secret"], given.get("hd"), issuer)
