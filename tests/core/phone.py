"""A telephone with an authenticator app: what it shows at an instant."""

from base64 import b32decode
from dataclasses import dataclass
from datetime import timedelta

from core import second_factor, totp


@dataclass
class Phone:
    """It holds the typed key and has a clock that may be wrong."""

    office: object
    key: str

    def code(self, *, late_by: int = 0) -> str:
        """The code it shows when its clock is `late_by` seconds behind (or ahead, below zero)."""
        at = self.office.now() - timedelta(seconds=late_by)
        return totp.code_of(b32decode(self.key.replace(" ", "")), totp.step_at(at))

    def wrong(self) -> str:
        """Six digits that it shows at no moment near this one."""
        near = {self.code(late_by=30 * steps) for steps in range(-12, 13)}
        return next(code for code in map("{:06}".format, range(100)) if code not in near)


@dataclass
class Enrolled:
    """An account with its factor on."""

    actor: object
    phone: Phone
    recovery_codes: tuple[str, ...]


def enrol(office, actor, clock):
    """Switch the factor of `actor` on; 30 seconds later, so that a fresh code is at hand."""
    phone = Phone(office, second_factor.begin(office, actor).key)
    codes = second_factor.confirm(office, actor, code=phone.code())
    clock.advance(seconds=30)
    return Enrolled(actor, phone, codes)
