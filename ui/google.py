"""Google on the screens: the way there begins with a button, the way back ends here with ?suite= (R7)."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from core import google, google_flows, google_word
from core.accounts import Overview
from core.errors import SecondFactorNeeded
from core.office import Office
from core.roles import Visitor
from ui import browser, entrance, feedback, frame, second_step, session_cookie
from ui.messages import in_french

_FORM: Final = "google"
_UNLINK: Final = "google_unlink"
_BACK: Final = "suite"


def arrive(office: Office) -> bool:
    """Take what a visit to Google left for this page, which says it or asks for the second factor, with the
    code that was typed in its field again; True if it did."""
    token = st.query_params.get(_BACK)
    if not token:
        return False
    del st.query_params[_BACK]
    word = google_word.read(office, browser=browser.cookie(office), token=token)
    if word is None:
        return False
    if isinstance(word.refusal, SecondFactorNeeded):
        second_step.wait_for(word.refusal)
    else:
        feedback.say_later(_FORM, in_french(word.refusal))
    if word.code:
        st.session_state["code"] = word.code
    return True


def sign_in(office: Office, visitor: Visitor) -> None:
    """The choice « Google » of Connexion."""
    if office.settings.google is None:
        st.info(f"{entrance.NO_GOOGLE} Utilisez votre email et votre mot de passe.", icon=":material/info:")
        return
    with st.container(border=True):
        st.subheader("Connexion avec Google", anchor=False)
        st.caption("Vous continuez sur la page de Google, puis vous revenez ici.")
        feedback.tell(_FORM)
        _button(office, "Se connecter avec Google", lambda: _begin_sign_in(office, visitor))


def _begin_sign_in(office: Office, visitor: Visitor) -> str:
    return google_flows.begin_sign_in(office, visitor, browser=browser.cookie(office), to=browser.here())


def activation(office: Office, visitor: Visitor) -> None:
    """The mode « Google » of Activer mon accès; the code typed is sealed before one leaves."""
    if office.settings.google is None:
        st.info(f"{entrance.NO_GOOGLE} Choisissez « {entrance.Way.EMAIL} ».", icon=":material/info:")
        return
    st.caption("Votre accès s'ouvrira avec votre compte Google : vous n'aurez pas de mot de passe à retenir ici.")
    feedback.tell(_FORM)
    _button(office, "Activer mon accès", lambda: _begin_activation(office, visitor))


def _begin_activation(office: Office, visitor: Visitor) -> str:
    code = st.session_state["code"]
    return google_flows.begin_activation(office, visitor, browser=browser.cookie(office), code=code)


def account(office: Office, mine: Overview) -> None:
    """« Compte Google » of Mon compte: linked or not, and the button for the contrary."""
    st.subheader("Compte Google", anchor=False)
    with st.container(border=True):
        if feedback.done(_UNLINK):
            st.success(
                "Votre compte Google est détaché. Vos autres appareils sont déconnectés.",
                icon=":material/check_circle:",
            )
        feedback.tell(_FORM)
        if mine.google_linked:
            _linked(office, mine)
        elif office.settings.google is None:
            st.write(entrance.NO_GOOGLE)
        else:
            st.write("Rattachez votre compte Google pour vous connecter aussi avec lui.")
            _button(office, "Rattacher mon compte Google", lambda: _begin_link(office), primary=False)


def _linked(office: Office, mine: Overview) -> None:
    st.write("Un compte Google est rattaché à votre accès : il vous permet de vous connecter.")
    if mine.has_password:
        feedback.tell(_UNLINK)
        st.button("Détacher mon compte Google", icon=":material/link_off:", on_click=_unlink, args=(office,))
    else:
        st.caption("C'est votre seul moyen de connexion : il ne peut pas être détaché.")


def _begin_link(office: Office) -> str:
    return google_flows.begin_link(office, frame.actor(), browser=browser.cookie(office))


def _unlink(office: Office) -> None:
    feedback.forget(_FORM)
    feedback.attempt(_UNLINK, lambda: google.unlink(office, frame.actor()) or True)


def prove(office: Office, *, back_to: str) -> None:
    """The button that proves, with the linked account, who one is; then `back_to` is loaded again."""
    feedback.tell(_FORM)
    _button(office, "Confirmer avec Google", lambda: _begin_proof(office, back_to), primary=False)


def _begin_proof(office: Office, back_to: str) -> str:
    to = f"{back_to}{'&' if '?' in back_to else '?'}{urlencode({'fait': 'identite'})}"
    state = google_flows.begin_step_up(office, frame.actor(), browser=browser.cookie(office), to=to)
    feedback.no_proof()
    return state


def _button(office: Office, label: str, begin: Callable[[], str], *, primary: bool = True) -> None:
    st.button(
        label,
        type="primary" if primary else "secondary",
        icon=":material/account_circle:",
        on_click=_go,
        args=(office, begin),
        width="stretch" if primary else "content",
    )


def _go(office: Office, begin: Callable[[], str]) -> None:
    """Begin a visit, and leave for Google."""
    feedback.forget(_UNLINK)
    if state := feedback.attempt(_FORM, begin):
        session_cookie.leave_for(office, f"/auth/google/start?{urlencode({'state': state})}")
