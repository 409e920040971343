"""The ways in, a row of choices that the signed-out pages share (R6)."""

from enum import StrEnum

import streamlit as st

from ui import menu


class Way(StrEnum):
    """A choice of the row, by its label."""

    EMAIL = "Email / mot de passe"
    GOOGLE = "Google"
    CODE = "Activer mon accès"
    FORGOTTEN = "Mot de passe oublié"


_ICONS = {
    Way.EMAIL: ":material/mail:",
    Way.GOOGLE: ":material/account_circle:",
    Way.CODE: ":material/key:",
    Way.FORGOTTEN: ":material/lock_reset:",
}
NO_GOOGLE = "La connexion avec Google n'est pas configurée."
ASK_FOR_A_CODE = "Contactez un administrateur de l'association pour recevoir un nouveau code."


_WANTED = "way"


def choice(here: Way) -> Way:
    """The row, with `here` chosen at first; the way taken, once on its page."""
    key = f"way_{menu.ACTIVER.name if here is Way.CODE else menu.CONNEXION.name}"
    if _WANTED in st.session_state:
        st.session_state[key] = st.session_state.pop(_WANTED)
    way = st.segmented_control(
        "Méthode de connexion",
        list(Way),
        default=here,
        required=True,
        format_func=lambda way: f"{_ICONS[way]} {way}",
        key=key,
        label_visibility="collapsed",
    )
    if (way is Way.CODE) != (here is Way.CODE):
        st.session_state[_WANTED] = way
        st.switch_page(menu.ACTIVER.file if way is Way.CODE else menu.CONNEXION.file)
    return way
