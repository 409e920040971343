"""What a password must be: each rule by name, the same for the live checklist and for the service (B6, S1, V6.2)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from zxcvbn import zxcvbn

from core.figures import (
    PASSPHRASE_MIN,
    PASSWORD_MAX,
    PASSWORD_MIN,
    PASSWORD_MIN_ADMINISTRATEUR,
    ZXCVBN_MIN,
)
from core.roles import Role

BUNDLED: Final = Path(__file__).with_name("common_passwords.txt")
# Runs that fingers and schoolbooks make; a password may hold three of their characters in a row, not four.
_RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
)
_RUN: Final = 4
# zxcvbn's time grows with the square of the length, and 72 characters are judged already.
_JUDGED: Final = 72
_SHORTEST_OWN_WORD: Final = 3


@dataclass(frozen=True)
class Holder:
    """Whose password it is, as far as is known: the role decides the length, the words may not be in it."""

    role: Role | None = None
    words: tuple[str, ...] = ()


def normal(password: str) -> str:
    """The password as it is counted, compared and hashed: Unicode NFC, otherwise exactly as typed (V6.2.8)."""
    return unicodedata.normalize("NFC", password)


def checklist(password: str, holder: Holder, *, common: Path | None = None) -> tuple[tuple[str, bool], ...]:
    """Each rule by name and whether `password` meets it; looks nothing up outside this machine.

    `common` is a file of common passwords, one a line, on top of the bundled ones.
    """
    text = normal(password)
    least = PASSWORD_MIN_ADMINISTRATEUR if holder.role is Role.ADMINISTRATEUR else PASSWORD_MIN
    return (
        (f"min_{least}", len(text) >= least),
        (f"max_{PASSWORD_MAX}", 0 < len(text) <= PASSWORD_MAX),
        ("four_kinds_or_phrase", _has_four_kinds(text) or len(text) >= PASSPHRASE_MIN),
        ("no_sequence", bool(text) and not _has_sequence(text)),
        ("not_own_words", bool(text) and not _holds_own_word(text, holder.words)),
        ("hard_to_guess", bool(text) and _is_hard_to_guess(text, holder.words)),
        ("not_common", bool(text) and not _is_common(text, common)),
    )


def _has_four_kinds(text: str) -> bool:
    tests = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())
    return all(any(test(character) for character in text) for test in tests)


def _has_sequence(text: str) -> bool:
    folded = _folded(text)
    runs = [run[start : start + _RUN] for line in _RUNS for run in (line, line[::-1]) for start in range(len(run) - 3)]
    return re.search(r"(.)\1\1", folded) is not None or any(run in folded for run in runs)


def _holds_own_word(text: str, words: tuple[str, ...]) -> bool:
    folded = _folded(text)
    return any(word in folded for word in _own(words))


def _own(words: tuple[str, ...]) -> set[str]:
    """The words of a person that count: parts of names and of the address, a phone's last eight digits."""
    parts = {part for word in words for part in re.split(r"[\W_]+", _folded(word))}
    digits = {re.sub(r"\D", "", word)[-8:] for word in words if not re.search("[a-z]", _folded(word))}
    return {part for part in parts | digits if len(part) >= _SHORTEST_OWN_WORD and part not in _TOO_COMMON}


# Parts of every address, which say nothing about a person.
_TOO_COMMON: Final = {"com", "org", "net", "www", "asso", "gmail", "exemple", "example"}


def _is_hard_to_guess(text: str, words: tuple[str, ...]) -> bool:
    score: int = zxcvbn(text[:_JUDGED], user_inputs=sorted(_own(words)))["score"]
    return score >= ZXCVBN_MIN


def _is_common(text: str, more: Path | None) -> bool:
    return any(text.casefold() in _common(path) for path in (BUNDLED, more) if path)


@cache
def _common(path: Path) -> frozenset[str]:
    lines = path.read_text("utf-8", errors="replace").splitlines()
    return frozenset(normal(line.strip()).casefold() for line in lines if line.strip())


def _folded(text: str) -> str:
    """Lower case without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
