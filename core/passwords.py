"""Passwords: what they must be, how they are kept, how they are changed (S1, B4, B6)."""

import hmac
import os
import unicodedata
from base64 import b64encode
from functools import cache
from threading import BoundedSemaphore
from typing import Final

import bcrypt
from sqlalchemy import text

from core import audit, limits, sessions
from core.errors import (
    MissingField,
    PasswordsDiffer,
    SamePassword,
    TooManyAttempts,
    WeakPassword,
    WrongCurrentPassword,
)
from core.figures import PASSWORD_MAX, PASSWORD_MIN, PASSWORD_MIN_ADMINISTRATEUR
from core.office import Office
from core.roles import Actor, Permission, Role, requires

# More hashes at once than cores would make every screen wait.
_AT_ONCE: Final = BoundedSemaphore(max(1, min(2, os.cpu_count() or 1)))
_SCHEME: Final = "bcrypt-hmac-sha384"


def checklist(password: str, role: Role | None) -> tuple[tuple[str, bool], ...]:
    """Each rule of the policy by name, and whether `password` meets it; lengths count characters after NFC.

    `role` is None while it is not known yet (a visitor with a code).
    """
    length = len(_normal(password))
    minimum = PASSWORD_MIN_ADMINISTRATEUR if role is Role.ADMINISTRATEUR else PASSWORD_MIN
    return ((f"min_{minimum}", length >= minimum), (f"max_{PASSWORD_MAX}", 0 < length <= PASSWORD_MAX))


def unmet(password: str, role: Role | None) -> tuple[str, ...]:
    """The names of the rules that `password` does not meet."""
    return tuple(rule for rule, met in checklist(password, role) if not met)


def check(password: str, confirmation: str, role: Role | None) -> None:
    """Raise MissingField, WeakPassword or PasswordsDiffer unless `password` may be chosen."""
    if not password:
        raise MissingField("password")
    if missing := unmet(password, role):
        raise WeakPassword(missing)
    if _normal(password) != _normal(confirmation):
        raise PasswordsDiffer


def hash_password(office: Office, password: str) -> str:
    """The text to keep: its scheme, then bcrypt of a keyed digest, so that 72 bytes never truncate (V6.2.8)."""
    with _AT_ONCE:
        kept = bcrypt.hashpw(_keyed(office, password), bcrypt.gensalt(office.settings.password_cost))
    return f"{_SCHEME}:{kept.decode('ascii')}"


def verify(office: Office, password: str, kept: str | None) -> bool:
    """Whether `password` is the one kept; without one, the same work is done and the answer is no (T2)."""
    scheme, _, stored = (kept or _dummy(office)).partition(":")
    if scheme != _SCHEME:
        raise ValueError(f"unknown password scheme: {scheme}")
    with _AT_ONCE:
        same = bcrypt.checkpw(_keyed(office, password), stored.encode("ascii"))
    return same and kept is not None


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _keyed(office: Office, password: str) -> bytes:
    key = office.key_for("passwords")
    # surrogatepass: whatever a browser sends is a password, never an error.
    return b64encode(hmac.digest(key, _normal(password).encode("utf-8", "surrogatepass"), "sha384"))


@cache
def _dummy_of(cost: int) -> str:
    return f"{_SCHEME}:{bcrypt.hashpw(b64encode(os.urandom(48)), bcrypt.gensalt(cost)).decode('ascii')}"


def _dummy(office: Office) -> str:
    return _dummy_of(office.settings.password_cost)


def warm(office: Office) -> None:
    """Make the dummy hash ahead of the first unknown address, which would otherwise take twice the time."""
    _dummy(office)


_KEPT: Final = text("SELECT password_hash FROM asso.users WHERE id = :id")
_CHANGE: Final = text("UPDATE asso.users SET password_hash = :hash, password_changed_at = :now WHERE id = :id")


@requires(Permission.ACCOUNT_OWN)
def change(office: Office, actor: Actor, *, current: str, new: str, confirmation: str) -> str:
    """Change the actor's password; every session ends, this one too (B4), and the ticket returned opens a new one.

    Raises MissingField, WrongCurrentPassword, WeakPassword, PasswordsDiffer, SamePassword, TooManyAttempts.
    """
    if not current:
        raise MissingField("current_password")
    check(new, confirmation, actor.role)
    _confirm(office, actor, current)
    if _normal(new) == _normal(current):
        raise SamePassword
    kept = hash_password(office, new)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        db.execute(_CHANGE, {"hash": kept, "now": office.now(), "id": actor.user_id})
        sessions.close_all(db, office, actor.user_id, reason="password_changed")
        ticket = sessions.issue_ticket(db, office, actor.user_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.PASSWORD_CHANGED, personne_id=actor.personne_id))
    return ticket


def _confirm(office: Office, actor: Actor, current: str) -> None:
    """Raise unless `current` is the actor's password; wrong ones are counted and audited."""
    counter = (limits.PASSWORD_CHECK, str(actor.user_id))
    tried = limits.reserve(office, counter)
    if not verify(office, current, office.ask(_KEPT, id=actor.user_id)[0].password_hash):
        audit.record_alone(office, actor, audit.Deed.PASSWORD_CHANGED, outcome="refused", reason="wrong_password")
        raise TooManyAttempts(tried.next_wait) if tried.next_wait else WrongCurrentPassword()
    with office.begin() as db:
        limits.give_back(db, office, counter, everything=True)
