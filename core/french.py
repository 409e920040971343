"""Facts in French words, for screens, letters and files alike: instants in Paris time, phones, devices."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

PARIS: Final = ZoneInfo("Europe/Paris")

# The first that is found names it: each browser also claims to be those below it.
_BROWSERS: Final = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS: Final = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "Mac",
    "CrOS": "Chromebook", "Linux": "Linux",
}  # fmt: skip


def moment(at: datetime) -> str:
    """An instant in Paris time: 28/11/2026 à 14 h 05."""
    return f"{at.astimezone(PARIS):%d/%m/%Y} à {time_of_day(at)}"


def time_of_day(at: datetime) -> str:
    """The time of an instant in Paris, which no line ends in: 14 h 05."""
    local = at.astimezone(PARIS)
    return f"{local:%H} h {local:%M}"


_DAYS: Final = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def day(of: date) -> str:
    """A day in full: Samedi 28 novembre 2026."""
    number = "1er" if of.day == 1 else of.day
    return f"{_DAYS[of.weekday()]} {number} {_MONTHS[of.month - 1]} {of.year}"


def device(user_agent: str) -> str:
    """A device in words: Firefox sur Windows."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "Navigateur inconnu")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} sur {system}" if system else browser


# All of them are written in pairs, but for those that begin with 08; an export has a hundred thousand.
_IN_PAIRS: Final = re.compile(r"\+33([1-79])(\d\d)(\d\d)(\d\d)(\d\d)")


def phone(kept: str | None) -> str:
    """A phone for reading: 06 12 34 56 78, foreign ones with their country, doubtful ones as they were typed."""
    if not kept or not kept.startswith("+"):
        return kept or ""
    if (parts := _IN_PAIRS.fullmatch(kept)) is not None:
        return f"0{' '.join(parts.groups())}"
    return _by_country(kept)


@lru_cache(maxsize=10_000)
def _by_country(kept: str) -> str:
    try:
        parsed = phonenumbers.parse(kept)
    except NumberParseException:
        return kept
    if not phonenumbers.is_valid_number(parsed):
        return kept
    style = PhoneNumberFormat.NATIONAL if parsed.country_code == 33 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
