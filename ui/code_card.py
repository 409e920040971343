"""An invitation code, shown once: large, to copy, to scan, to print, with its end."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

import segno
import streamlit as st

from core.invites import Issued
from core.office import Office
from ui.element import BUTTONS, SHEET
from ui.plain import moment

_HERE: Final = Path(__file__)
_element = st.components.v2.component(
    "code_card",
    html=_HERE.with_suffix(".html").read_text("utf-8"),
    css=BUTTONS + _HERE.with_suffix(".css").read_text("utf-8"),
    js=SHEET + _HERE.with_suffix(".js").read_text("utf-8"),
)


def show(office: Office, issued: Issued) -> None:
    """Draw the code of `issued`; its QR opens « Activer mon accès » with the code filled in."""
    address = f"{office.settings.public_url}/activer_mon_acces"
    until = f"Valable jusqu'au {moment(issued.expires_at)}."
    with st.container(key="code_card"):
        st.code(issued.code, language=None)
        st.text(f"{until} Il n'est affiché qu'une fois.")
        _element(
            key="code_card_actions",
            data={
                "title": f"{office.settings.association} – code d'invitation",
                "name": f"{issued.prenom} {issued.nom}",
                "code": issued.code,
                "lines": [until, f"Pour activer votre accès : {address}, ou scannez ce carré avec un téléphone."],
                "qr": _qr(f"{address}?code={quote(issued.code)}"),
            },
        )


def _qr(text: str) -> str:
    """A QR code as an SVG element, dark on white in both appearances so that phones read it."""
    return segno.make(text, micro=False).svg_inline(border=2, light="#fff", omitsize=True)
