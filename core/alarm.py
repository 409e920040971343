"""Refused sign-ins, counted over the whole site: many of them in a short time are an attack, and people are told."""

import logging
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import text

from core import audit, limits, notices
from core.errors import TooManyAttempts
from core.office import Office
from core.roles import Visitor

_LOG: Final = logging.getLogger(__name__)
_SITE: Final = "site"
# One statement, as without the counter: it only counts, and makes nobody wait. It says when it is full, once in its
# window.
_REFUSED: Final = text(f"""
WITH audited AS ({audit.APPEND})
SELECT next_wait IS NOT NULL AS full_now FROM asso.reserve(CAST(:limits AS jsonb), :now)
""")  # noqa: S608 (made of our own constants)


def refused(office: Office, visitor: Visitor, deed: audit.Deed, **facts: Any) -> None:
    """Audit the refused sign-in `deed`, and raise the alarm when it is the 200th in five minutes; one round trip.

    `facts` as for audit.entry. Figures: alarm at 200 / 5 min.
    """
    entry = audit.entry(office, visitor, deed, outcome="refused", **facts)
    counted = limits.as_json(office, (limits.SIGN_IN_ALARM, _SITE))
    if office.ask(_REFUSED, entries=audit.as_json(entry), limits=counted, now=office.now())[0].full_now:
        _raise(office, visitor)


def _raise(office: Office, visitor: Visitor) -> None:
    count, minutes = limits.SIGN_IN_ALARM.allowed, int(limits.SIGN_IN_ALARM.window.total_seconds() // 60)
    _LOG.warning("%s refused sign-ins within %s minutes.", count, minutes)
    with office.begin() as db:
        with suppress(TooManyAttempts):  # an attack that lasts all night is one mail an hour
            limits.count(db, office, limits.SIGN_IN_ALARM_MAILS, _SITE)
            notices.sign_in_alarm(db, office)
        alarm = audit.Deed.SIGN_IN_ALARM
        audit.record(db, audit.entry(office, visitor, alarm, count=count, minutes=minutes))
