"""« Mon mot de passe » on Mon compte: changed, or chosen for the first time beside Google."""

from typing import Final

import streamlit as st

from core import first_password, passwords, step_up
from core.accounts import Overview
from core.office import Office
from core.roles import Actor
from ui import feedback, frame, new_password, session_cookie

CURRENT: Final = "current_password"
_FORM: Final = "password"
_BACK: Final = "/mon_compte?fait=mot_de_passe"


def section(office: Office, actor: Actor, mine: Overview) -> None:
    """The form that changes the password; without one, the way to a first one."""
    st.subheader("Mon mot de passe", anchor=False)
    with st.container(border=True):
        if mine.has_password:
            _replacement(office, mine)
        else:
            _first(office, actor, mine)


@st.fragment
def _replacement(office: Office, mine: Overview) -> None:
    st.text_input("Mot de passe actuel", type="password", key=CURRENT, autocomplete="current-password")
    _fields(office, mine)
    st.button("Changer mon mot de passe", type="primary", on_click=_change, args=(office,))


def _first(office: Office, actor: Actor, mine: Overview) -> None:
    """No fragment: the drawer that asks for a proof is drawn by the page."""
    st.write(
        "Vous vous connectez avec Google : votre accès n'a pas de mot de passe. Vous pouvez en choisir un, "
        "pour vous connecter aussi sans Google."
    )
    if step_up.is_recent(office, actor):
        _fields(office, mine)
        st.button("Choisir ce mot de passe", type="primary", on_click=_choose, args=(office,))
    else:
        st.button("Choisir un mot de passe", on_click=feedback.ask_proof)


def _fields(office: Office, mine: Overview) -> None:
    new_password.fields(office, "Nouveau mot de passe", mine.role, *passwords.words_of(mine))
    feedback.tell(_FORM)


def _change(office: Office) -> None:
    current = st.session_state[CURRENT]
    if ticket := feedback.attempt(_FORM, lambda: passwords.change(office, frame.actor(), current=current, **_typed())):
        feedback.empty(CURRENT)
        _come_back(office, ticket)


def _choose(office: Office) -> None:
    if ticket := feedback.attempt(_FORM, lambda: first_password.choose(office, frame.actor(), **_typed())):
        _come_back(office, ticket)


def _typed() -> dict[str, str]:
    return {"new": st.session_state[new_password.NEW], "confirmation": st.session_state[new_password.AGAIN]}


def _come_back(office: Office, ticket: str) -> None:
    """Every session has ended; this browser gets a new one."""
    feedback.empty(new_password.NEW, new_password.AGAIN)
    session_cookie.hand_over(office, ticket, to=_BACK)
