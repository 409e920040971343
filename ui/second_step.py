"""The second step of Connexion: a code after the password. The step's token stays on the server (T4)."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from core import second_step
from core.errors import SecondFactorNeeded, SignInOver
from core.office import Office
from core.roles import Visitor
from ui import feedback, session_cookie
from ui.messages import in_french

_FORM: Final = "second_step"
_PENDING: Final = feedback.OF_THIS_PAGE + "pending_sign_in"
_BY_RECOVERY: Final = feedback.OF_THIS_PAGE + "by_recovery_code"
_CODE: Final = "second_step_code"
_RECOVERY: Final = "second_step_recovery"


def or_wait(enter: Callable[[], str]) -> str | None:
    """The ticket of a way in, or None when a code is asked next: `waits` says so from then on."""
    try:
        return enter()
    except SecondFactorNeeded as needed:
        wait_for(needed)
        return None


def wait_for(needed: SecondFactorNeeded) -> None:
    """Have Connexion ask for the code of this sign-in."""
    feedback.forget(_FORM)
    feedback.forget(session_cookie.FAILURE)
    st.session_state[_PENDING] = needed.pending


def waits() -> bool:
    """Whether a code is asked in place of Connexion's form."""
    return _PENDING in st.session_state


def draw(office: Office, visitor: Visitor) -> None:
    """The screen « Vérification en deux étapes »."""
    by_recovery = st.session_state.get(_BY_RECOVERY, False)
    st.title("Vérification en deux étapes", anchor=False)
    with st.form(_FORM):
        if by_recovery:
            st.write("Saisissez l'un des codes de secours que vous avez gardés. Chacun ne sert qu'une fois.")
            st.text_input("Code de secours", key=_RECOVERY, placeholder="XXXX-XXXX-XXXX-XXXX", autocomplete="off")
        else:
            st.write("Saisissez le code que montre l'application de votre téléphone.")
            st.text_input("Code à 6 chiffres", key=_CODE, placeholder="123456", autocomplete="one-time-code")
        feedback.tell(_FORM)
        st.form_submit_button("Vérifier", type="primary", on_click=_verify, args=(office, visitor), width="stretch")
    with st.container(horizontal=True):
        other = "Utiliser un code à 6 chiffres" if by_recovery else "Utiliser un code de secours"
        st.button(other, type="tertiary", icon=":material/key:", on_click=_turn, args=(not by_recovery,))
        st.button("Recommencer", type="tertiary", icon=":material/undo:", on_click=_over)
    if by_recovery:
        st.caption("Téléphone et codes de secours perdus ? Un administrateur peut retirer cette vérification.")


def _verify(office: Office, visitor: Visitor) -> None:
    if not waits():
        return
    field = _RECOVERY if st.session_state.get(_BY_RECOVERY) else _CODE
    pending, code = st.session_state[_PENDING], st.session_state[field]
    if ticket := feedback.attempt(_FORM, lambda: _finish(office, visitor, pending, code), spent=(field,)):
        _over()
        session_cookie.hand_over(office, ticket)


def _finish(office: Office, visitor: Visitor, pending: str, code: str) -> str | None:
    try:
        return second_step.finish(office, visitor, pending=pending, code=code)
    except SignInOver as refusal:
        _over()
        feedback.say_later(session_cookie.FAILURE, in_french(refusal))
        return None


def _turn(by_recovery: bool) -> None:
    feedback.forget(_FORM)
    st.session_state[_BY_RECOVERY] = by_recovery


def _over() -> None:
    for key in (_PENDING, _BY_RECOVERY):
        st.session_state.pop(key, None)
    feedback.forget(_FORM)
