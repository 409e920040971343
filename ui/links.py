"""Links from mails: their secrets leave the address bar at once and stay for this visit only."""

import streamlit as st

from ui import menu
from ui.feedback import OF_THIS_PAGE


def keep(*names: str) -> None:
    """Take the parameters `names` out of the address bar."""
    for name in names:
        if value := st.query_params.get(name):
            del st.query_params[name]
            st.session_state[OF_THIS_PAGE + name] = value


def kept(name: str) -> str | None:
    """The parameter `name` of the link that was followed, if there was one."""
    value: str | None = st.session_state.get(OF_THIS_PAGE + name)
    return value


def nothing_here() -> None:
    """What a page that is only reached by a mailed link says without it."""
    st.info("Cette page s'ouvre par le lien d'un courriel. Ouvrez-le à nouveau.", icon=":material/mail:")
    to_connexion()


def to_connexion() -> None:
    """The way to Connexion."""
    st.page_link(menu.CONNEXION.page, label="Aller à la page Connexion")


def to_forgotten_password() -> None:
    """The way to a new password."""
    st.page_link(menu.FORGOTTEN.page, label="Réinitialiser mon mot de passe")
