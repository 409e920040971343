"""Limits on tries and requests: counters in PostgreSQL, moved by one atomic statement, known or unknown alike.

Rows T2, B5 and B7 of the requirements.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.errors import TooManyAttempts
from core.office import Office
from core.roles import Actor, Visitor, open_to_visitors


@dataclass(frozen=True)
class Limit:
    """`allowed` tries in a `window`; then the rest of the window, or a delay that doubles from one minute on."""

    name: str
    allowed: int
    window: timedelta
    grows: bool = False


SIGN_IN_ADDRESS: Final = Limit("sign_in_address", 5, timedelta(minutes=15), grows=True)
SIGN_IN_IP: Final = Limit("sign_in_ip", 10, timedelta(minutes=5))
SIGN_IN_ALARM: Final = Limit("sign_in_alarm", 200, timedelta(minutes=5))  # counts only: core/alarm.py
SIGN_IN_ALARM_MAILS: Final = Limit("sign_in_alarm_mails", 1, timedelta(hours=1))
CODE_IP: Final = Limit("code_ip", 10, timedelta(hours=1))
CODE_ALL: Final = Limit("code_all", 100, timedelta(hours=1))
INVITE_RESEND: Final = Limit("invite_resend", 3, timedelta(hours=24))
INVITE_MAILS: Final = Limit("invite_mails", 50, timedelta(hours=24))
RESET_MINUTE: Final = Limit("reset_minute", 1, timedelta(seconds=60))
RESET_HOUR: Final = Limit("reset_hour", 3, timedelta(hours=1))
RESET_DAY: Final = Limit("reset_day", 5, timedelta(hours=24))
RESET_IP: Final = Limit("reset_ip", 10, timedelta(hours=1))
RESET_ALL: Final = Limit("reset_all", 60, timedelta(hours=1))
RESET_OTP: Final = Limit("reset_otp", 5, timedelta(minutes=20))
EMAIL_CHANGE: Final = Limit("email_change", 3, timedelta(hours=1))
NEW_DEVICE: Final = Limit("new_device", 1, timedelta(minutes=15))
COMMANDS: Final = Limit("commands", 30, timedelta(minutes=1))
REQUESTS: Final = Limit("requests", 30, timedelta(minutes=1))
PASSWORD_CHECK: Final = Limit("password_check", 5, timedelta(minutes=15), grows=True)
FACTOR_USER: Final = Limit("factor_user", 5, timedelta(minutes=5))
FACTOR_USER_HOUR: Final = Limit("factor_user_hour", 20, timedelta(hours=1))
FACTOR_USER_DAY: Final = Limit("factor_user_day", 50, timedelta(days=1))
FACTOR_IP: Final = Limit("factor_ip", 10, timedelta(minutes=5))

ALL: Final = (
    SIGN_IN_ADDRESS,
    SIGN_IN_IP,
    SIGN_IN_ALARM,
    SIGN_IN_ALARM_MAILS,
    CODE_IP,
    CODE_ALL,
    INVITE_RESEND,
    INVITE_MAILS,
    RESET_MINUTE,
    RESET_HOUR,
    RESET_DAY,
    RESET_IP,
    RESET_ALL,
    RESET_OTP,
    EMAIL_CHANGE,
    NEW_DEVICE,
    COMMANDS,
    REQUESTS,
    PASSWORD_CHECK,
    FACTOR_USER,
    FACTOR_USER_HOUR,
    FACTOR_USER_DAY,
    FACTOR_IP,
)


# A try counts against a limit for somebody: an account, an address that was typed, or a visitor's network address.
Counter = tuple[Limit, str | Visitor]


@dataclass(frozen=True)
class Reservation:
    """A counted try; `next_wait` is how long to wait before another one, None while some are left."""

    next_wait: timedelta | None


def neighbourhood(ip: str) -> str:
    """What is counted together: an IPv4 address, or the /64 that one IPv6 customer has to himself."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else ip


def as_json(office: Office, *limits: Counter) -> str:
    """The value of `:limits` for asso.reserve and asso.give_back; keys are sealed: no address stands in the table."""
    return json.dumps(
        [
            {
                "name": limit.name,
                "key": office.seal("limits", neighbourhood(key.ip) if isinstance(key, Visitor) else key).hex(),
                "allowed": limit.allowed,
                "grows": limit.grows,
                "seconds": int(limit.window.total_seconds()),
            }
            for limit, key in limits
        ]
    )


_RESERVE: Final = text("SELECT wait, next_wait FROM asso.reserve(CAST(:limits AS jsonb), :now)")
_GIVE_BACK: Final = text("SELECT asso.give_back(CAST(:limits AS jsonb), :everything)")


def reserve(office: Office, *limits: Counter) -> Reservation:
    """Count one try against each (limit, key), in one round trip and at once for good.

    Raises TooManyAttempts, counting nothing, when one of them is exhausted.
    """
    asked = as_json(office, *limits)
    row = office.ask(_RESERVE, limits=asked, now=office.now())[0]
    if row.wait is not None:
        raise TooManyAttempts(row.wait)
    return Reservation(row.next_wait)


def give_back(db: Session, office: Office, *limits: Counter, everything: bool = False) -> None:
    """Uncount one try, or every try, against each (limit, key), within the transaction of a success."""
    db.execute(_GIVE_BACK, {"limits": as_json(office, *limits), "everything": everything})


def count(db: Session, office: Office, limit: Limit, key: str) -> None:
    """Count one try within the transaction of a deed; raises TooManyAttempts."""
    row = db.execute(_RESERVE, {"limits": as_json(office, (limit, key)), "now": office.now()}).one()
    if row.wait is not None:
        raise TooManyAttempts(row.wait)


def count_command(db: Session, office: Office, actor: Actor) -> None:
    """Count a command of the actor, within its transaction (B5); raises TooManyAttempts."""
    count(db, office, COMMANDS, str(actor.user_id))


@open_to_visitors
def count_request(office: Office, visitor: Visitor) -> None:
    """Count a request of an address (B5): a script has as many cookies as it likes. Raises TooManyAttempts."""
    reserve(office, (REQUESTS, visitor))
