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


_WANTED = "way"
_PAGES = {Way.CODE: menu.ACTIVER, Way.FORGOTTEN: menu.FORGOTTEN}


def take(way: Way) -> None:
    """Choose `way` of Connexion, before the row is drawn."""
    st.session_state[_WANTED] = way


def choice(here: Way) -> Way:
    """The row, with `here` chosen at first; the way taken, once on its page."""
    key = f"way_{_page(here).name}"
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
    if _page(way) is not _page(here):
        st.session_state[_WANTED] = way
        st.switch_page(_page(way).page)
    return way


def _page(way: Way) -> menu.Screen:
    return _PAGES.get(way, menu.CONNEXION)
