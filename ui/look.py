"""The little that the theme cannot say: the logo, sizes for fingers, long names, print."""

from pathlib import Path
from typing import Final

import streamlit as st

_LOGO: Final = (Path(__file__).resolve().parent.parent / "web" / "assets" / "logo.svg").read_text("utf-8")
_STYLE: Final = "<style>" + Path(__file__).with_suffix(".css").read_text("utf-8") + "</style>"


def dress() -> None:
    """Draw the logo and add the styles."""
    st.logo(_LOGO, size="large")
    st.html(_STYLE)
