"""Facts in French words, for screens and letters alike: instants in Paris time, devices."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

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
    local = at.astimezone(PARIS)
    return f"{local:%d/%m/%Y} à {local:%H} h {local:%M}"


def device(user_agent: str) -> str:
    """A device in words: Firefox sur Windows."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "Navigateur inconnu")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} sur {system}" if system else browser
