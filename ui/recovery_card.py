"""Ten recovery codes, shown once: to print or to download. They never stand at an address."""

from pathlib import Path
from typing import Final

import streamlit as st

from core.office import Office
from core.roles import Actor
from ui.element import BUTTONS, SHEET

_HERE: Final = Path(__file__)
_element = st.components.v2.component(
    "recovery_card",
    html=_HERE.with_suffix(".html").read_text("utf-8"),
    css=BUTTONS + _HERE.with_suffix(".css").read_text("utf-8"),
    js=SHEET + _HERE.with_suffix(".js").read_text("utf-8"),
)


def show(office: Office, actor: Actor, codes: tuple[str, ...]) -> None:
    """Draw the codes of `actor`."""
    how = (
        f"À saisir sur {office.settings.public_url} quand le téléphone manque : "
        "« Utiliser un code de secours ». Chaque code ne sert qu'une fois."
    )
    _element(
        key="recovery_codes",
        data={
            "codes": codes,
            "title": f"{office.settings.association} – codes de secours",
            "lines": [actor.email, how],
            "file": "codes-de-secours.txt",
        },
    )
