"""Facts as people read them: typed text that stays text, dates in Paris time, phones, devices."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

PARIS: Final = ZoneInfo("Europe/Paris")
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
# After the escapes are read, Streamlit still looks for addresses and emoji names in the text: an invisible
# character inside them hides them from it.
_SOUGHT: Final = re.compile(r"(?<=[:@])|(?=www)|(?<=www)|(?<=http)|(?<=[-<=>~])(?=[->=])", re.IGNORECASE)
_INVISIBLE: Final = "\u2060"


def plain(text: str) -> str:
    """`text` for the places that only take Markdown (labels, alerts): shown as typed, on one line."""
    return _PUNCTUATION.sub(r"\\\1", _SOUGHT.sub(_INVISIBLE, " ".join(text.split())))


def moment(at: datetime) -> str:
    """An instant in Paris time: 28/11/2026 à 14 h 05."""
    local = at.astimezone(PARIS)
    return f"{local:%d/%m/%Y} à {local:%H} h {local:%M}"


def number(value: int) -> str:
    """A number with its thousands apart: 5 000."""
    return f"{value:,}".replace(",", "\u202f")


def phone(kept: str | None) -> str:
    """A phone for reading: 06 12 34 56 78, foreign ones with their country, doubtful ones as they were typed."""
    if not kept or not kept.startswith("+"):
        return kept or ""
    try:
        parsed = phonenumbers.parse(kept)
    except NumberParseException:
        return kept
    if not phonenumbers.is_valid_number(parsed):
        return kept
    style = PhoneNumberFormat.NATIONAL if parsed.country_code == 33 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


# The first that is found names it: each browser also claims to be those below it.
_BROWSERS: Final = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS: Final = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "Mac",
    "CrOS": "Chromebook", "Linux": "Linux",
}  # fmt: skip


def device(user_agent: str) -> str:
    """A device in words: Firefox sur Windows."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "Navigateur inconnu")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} sur {system}" if system else browser
