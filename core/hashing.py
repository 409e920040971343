"""How passwords are kept: a slow hash of a keyed digest; the stored text names its scheme (V11.4.2, V11.2.2)."""

import hmac
import os
from base64 import b64encode
from functools import cache
from threading import BoundedSemaphore
from typing import Final

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from core.office import Office
from core.password_rules import normal

# More hashes at once than cores would make every screen wait.
_AT_ONCE: Final = BoundedSemaphore(max(1, min(2, os.cpu_count() or 1)))
BCRYPT: Final = "bcrypt-hmac-sha384"
ARGON2ID: Final = "argon2id-hmac-sha384"
SCHEMES: Final = {"bcrypt": BCRYPT, "argon2id": ARGON2ID}
# OWASP's parameters: 19 MiB, two passes, one lane.
_ARGON2: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(office: Office, password: str) -> str:
    """The text to keep: its scheme, then the hash of a keyed digest, so that 72 bytes never truncate (V6.2.8)."""
    keyed = _keyed(office, password)
    with _AT_ONCE:
        if SCHEMES[office.settings.password_scheme] == ARGON2ID:
            return f"{ARGON2ID}:{_ARGON2.hash(keyed)}"
        return f"{BCRYPT}:{bcrypt.hashpw(keyed, bcrypt.gensalt(office.settings.password_cost)).decode('ascii')}"


def verify(office: Office, password: str, kept: str | None) -> bool:
    """Whether `password` is the one kept; without one, the same work is done and the answer is no (T2)."""
    scheme, _, stored = (kept or _dummy(office)).partition(":")
    keyed = _keyed(office, password)
    with _AT_ONCE:
        return _same(scheme, keyed, stored) and kept is not None


def _same(scheme: str, keyed: bytes, stored: str) -> bool:
    if scheme == BCRYPT:
        return bcrypt.checkpw(keyed, stored.encode("ascii"))
    if scheme != ARGON2ID:
        raise ValueError(f"unknown password scheme: {scheme}")
    try:
        return _ARGON2.verify(stored, keyed)
    except VerifyMismatchError:
        return False


def is_outdated(office: Office, kept: str) -> bool:
    """Whether `kept` was made with another scheme or cost than today's: it is made again at the next sign-in."""
    scheme, _, stored = kept.partition(":")
    if scheme != SCHEMES[office.settings.password_scheme]:
        return True
    if scheme == ARGON2ID:
        return _ARGON2.check_needs_rehash(stored)
    return int(stored.split("$")[2]) != office.settings.password_cost


def warm(office: Office) -> None:
    """Make the dummy hash ahead of the first unknown address, which would otherwise take twice the time."""
    _dummy(office)


def _keyed(office: Office, password: str) -> bytes:
    # surrogatepass: whatever a browser sends is a password, never an error.
    digest = hmac.digest(office.key_for("passwords"), normal(password).encode("utf-8", "surrogatepass"), "sha384")
    return b64encode(digest)


def _dummy(office: Office) -> str:
    return _dummy_of(office.settings.password_scheme, office.settings.password_cost)


@cache
def _dummy_of(scheme: str, cost: int) -> str:
    nobodys = b64encode(os.urandom(48))
    if SCHEMES[scheme] == ARGON2ID:
        return f"{ARGON2ID}:{_ARGON2.hash(nobodys)}"
    return f"{BCRYPT}:{bcrypt.hashpw(nobodys, bcrypt.gensalt(cost)).decode('ascii')}"
