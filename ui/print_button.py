"""A button that prints facts alone on a sheet: without menu, buttons or colours, with a square to come back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import segno
import streamlit as st

from ui.element import BUTTONS, SHEET

_HERE: Final = Path(__file__)
_element = st.components.v2.component(
    "print_button",
    html='<button type="button" class="print">Imprimer</button>',
    css=BUTTONS + _HERE.with_suffix(".css").read_text("utf-8"),
    js=SHEET + _HERE.with_suffix(".js").read_text("utf-8"),
)


def show(title: str, name: str, facts: Sequence[tuple[str, str]], *, link: str) -> None:
    """Draw the button for a sheet with a `title`, a `name`, lines of (label, value), and a square that opens `link`."""
    square = segno.make(link, micro=False).svg_inline(border=2, light="#fff", omitsize=True)
    data = {"title": title, "name": name, "facts": [list(fact) for fact in facts], "square": square, "link": link}
    _element(key="print_button", data=data)
