"""The list from the keyboard: « / » to search, the arrow down to the table, Enter to open the line."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import streamlit as st

T = TypeVar("T")
_KEY: Final = "keyboard"
_element = st.components.v2.component(_KEY, js=Path(__file__).with_suffix(".js").read_text("utf-8"))


def listen(key: str, opened: Callable[[T, int], None], lines: T) -> None:
    """Call `opened` with `lines` and the number of the line that Enter was pressed on; `key` is that of the table."""
    name = f"{key}_keyboard"
    _element(key=name, on_open_change=lambda: opened(lines, int(st.session_state[name].open)))


def listen_without_table() -> None:
    """The same where nobody is found."""
    _element(key=f"{_KEY}_alone")
