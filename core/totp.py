"""Six-digit codes by the clock (RFC 6238, by pyotp): seeds, steps, what a typed code is worth."""

from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest
from typing import Final

import pyotp

from core.figures import TOTP_STEPS_SEEN, TOTP_STEPS_TAKEN
from core.office import Office

STEP: Final = 30  # seconds
_SEED_SYMBOLS: Final = 32  # of 5 bits each: 160 bits
# Chance comes in Crockford's symbols; authenticator apps read those of RFC 4648.
_RFC_4648: Final = str.maketrans("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


class Verdict(StrEnum):
    """What a code is worth; all but GOOD are refused."""

    GOOD = "good"
    USED = "used"
    CLOCK_OFF = "clock_off"
    WRONG = "wrong"


@dataclass(frozen=True)
class Reading:
    """A verdict, and the time step of the code (0 when it is wrong)."""

    verdict: Verdict
    step: int = 0


def new_seed(office: Office) -> bytes:
    """160 random bits (V6.5.3)."""
    return b32decode(office.symbols(_SEED_SYMBOLS).translate(_RFC_4648))


def as_text(seed: bytes) -> str:
    """A seed as authenticator apps read it: 32 letters and digits."""
    return b32encode(seed).decode()


def uri(seed: bytes, *, issuer: str, account: str) -> str:
    """The otpauth address that a QR code carries. A colon would end the issuer's name."""
    return pyotp.TOTP(as_text(seed)).provisioning_uri(name=account, issuer_name=issuer.replace(":", " "))


def code_of(seed: bytes, step: int) -> str:
    """The six digits of a time step."""
    return pyotp.TOTP(as_text(seed)).generate_otp(step)


def step_at(at: datetime) -> int:
    """The number of the time step that an instant is in."""
    return int(at.timestamp()) // STEP


def read(seed: bytes, code: str, now: datetime, *, last_step: int, warned_step: int) -> Reading:
    """What `code` is worth when `last_step` was the last one used.

    A clock that is one step off is usual and taken; one that is a few minutes off is recognised, so that people learn
    why they are refused. `warned_step` was announced that way and is dead: it might be that of a code to come.
    """
    here = step_at(now)
    found = [step for step in _nearest_first(here) if compare_digest(code_of(seed, step).encode(), code.encode())]
    alive = [step for step in found if step > last_step and step != warned_step]
    if not found:
        return Reading(Verdict.WRONG)
    if not alive:
        return Reading(Verdict.USED, found[0])
    verdict = Verdict.GOOD if abs(alive[0] - here) <= TOTP_STEPS_TAKEN else Verdict.CLOCK_OFF
    return Reading(verdict, alive[0])


def _nearest_first(here: int) -> list[int]:
    around = range(max(0, here - TOTP_STEPS_SEEN), here + TOTP_STEPS_SEEN + 1)
    return sorted(around, key=lambda step: abs(step - here))
