"""What elements of our own share: the look of their buttons, and how they print a sheet."""

from pathlib import Path
from typing import Final

BUTTONS: Final = Path(__file__).with_name("buttons.css").read_text("utf-8")
SHEET: Final = Path(__file__).with_name("print_sheet.js").read_text("utf-8")
