"""Have I Been Pwned, asked with five characters of a digest (k-anonymity): is a password breached (V6.2.12)?"""

import logging
from hashlib import sha1
from typing import Final

import requests

from core.office import Office
from core.password_rules import normal

_LOG: Final = logging.getLogger("asso.breaches")
TIMEOUT: Final = 1.0


def holds(office: Office, password: str) -> bool:
    """Whether `password` is known to be breached; no when it is switched off or does not answer within a second.

    Padding hides from the network how long the answer is. A failure is logged, without anything of the password.
    """
    if office.settings.breaches_url is None:
        return False
    # The service speaks SHA-1; nothing is protected by it here (V11.4.1).
    digest = sha1(normal(password).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper()
    try:
        answer = requests.get(
            f"{office.settings.breaches_url}/{digest[:5]}", headers={"Add-Padding": "true"}, timeout=TIMEOUT
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        _LOG.warning("breach check skipped: %s", type(error).__name__)
        return False
    return any(_counts(line, digest[5:]) for line in answer.text.splitlines())


def _counts(line: str, suffix: str) -> bool:
    """Whether this line is the one of `suffix`; padding lines have the count 0."""
    found, _, count = line.partition(":")
    return found.strip().upper() == suffix and count.strip().isdigit() and int(count) > 0
