"""A field in which a fact of a fiche is typed; the format that is expected stays in sight, under it."""

from typing import Any, Final

import streamlit as st

from core.fiche_fields import NAMES, PHONES
from ui.messages import FIELDS

EXAMPLES: Final = {"email": "prenom.nom@\u2060asso.org"} | dict.fromkeys(PHONES, "06 12 34 56 78")  # no link


def draw(field: str, typed: str = "", *, key: str, **options: Any) -> None:
    """The field called `field`, of core.fiche_fields.FIELDS.

    Browsers complete nothing: these are somebody else's facts, not those of who types.
    """
    if field == "note":
        st.text_area(FIELDS[field], typed, key=key, max_chars=5000, **options)
        return
    star = " *" if field in NAMES else ""
    with st.container(gap="xxsmall"):
        st.text_input(FIELDS[field] + star, typed, key=key, autocomplete="off", **options)
        if field in EXAMPLES:
            st.caption(f"Exemple : {EXAMPLES[field]}")
