"""Facts as people read them: typed text that stays text, dates in Paris time, phones, devices."""

import re
from datetime import datetime
from typing import Final

from core.french import PARIS, day, device, moment, phone, time_of_day

__all__ = ["PARIS", "day", "device", "moment", "number", "phone", "plain", "short_day", "time_of_day"]

# Spaces and line ends, but for the spaces of French, on which no line ends.
_SPACES: Final = re.compile(r"[^\S\u00a0\u202f]+")
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
# After the escapes are read, Streamlit still looks for addresses and emoji names in the text: an invisible
# character inside them hides them from it.
_SOUGHT: Final = re.compile(r"(?<=[:@])|(?=www)|(?<=www)|(?<=http)|(?<=[-<=>~])(?=[->=])", re.IGNORECASE)
_INVISIBLE: Final = "\u2060"


def plain(text: str) -> str:
    """`text` for the places that only take Markdown (labels, alerts): shown as typed, on one line."""
    return _PUNCTUATION.sub(r"\\\1", _SOUGHT.sub(_INVISIBLE, _SPACES.sub(" ", text).strip()))


def short_day(at: datetime) -> str:
    """The day of an instant in Paris time: 28/11/2026."""
    return f"{at.astimezone(PARIS):%d/%m/%Y}"


def number(value: int) -> str:
    """A number with its thousands apart: 5 000."""
    return f"{value:,}".replace(",", "\u202f")
