"""A QR code for a telephone, dark on white in both appearances. (st.html takes drawings out.)"""

from typing import Final

import segno
import streamlit as st

_CSS: Final = ".square svg { display: block; width: 14rem; height: 14rem; background: #fff; border-radius: 0.6rem; }"
_JS: Final = """
export default function ({ data, parentElement }) {
  if (!data) return;
  const square = parentElement.querySelector(".square");
  square.setAttribute("aria-label", data.label);
  square.innerHTML = data.drawing;
}
"""
_element = st.components.v2.component("square", html='<div class="square" role="img"></div>', css=_CSS, js=_JS)


def show(text: str, *, label: str) -> None:
    """Draw `text`; `label` says what it is to those who cannot see it."""
    drawing = segno.make(text, micro=False).svg_inline(border=4, light="#fff", omitsize=True)
    _element(key="square", data={"drawing": drawing, "label": label})
