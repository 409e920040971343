"""« Confirmer votre identité »: the drawer that opens when a sensitive act needs a fresh proof (V7.5.1)."""

from typing import Final

import streamlit as st

from core import google as google_accounts
from core import step_up
from core.office import Office
from core.roles import Actor
from ui import feedback, frame, google, session_cookie

_FORM: Final = "step_up"
_PROOF: Final = "step_up_proof"
_RECENT: Final = "step_up_recent"


def offer(office: Office, actor: Actor, *, back_to: str) -> None:
    """Open the drawer if the last attempt was refused for want of a fresh proof; then load `back_to` again."""
    if feedback.wants_proof():
        _drawer(office, actor, back_to)


def proved() -> bool:
    """Whether the proof is fresh, in a callback; else it is asked, before anything is typed: it loads a page again."""
    return bool(feedback.attempt(_RECENT, lambda: step_up.require_recent(frame.office(), frame.actor()) or True))


@st.dialog("Confirmer votre identité", on_dismiss=feedback.no_proof)
def _drawer(office: Office, actor: Actor, back_to: str) -> None:
    st.write("Cette action est sensible : confirmez que c'est bien vous. La confirmation vaut dix minutes.")
    ways = google_accounts.status(office, actor)
    if ways.has_password or actor.has_second_factor:
        _typed_proof(office, actor, back_to)
    if ways.linked and office.settings.google:
        google.prove(office, back_to=back_to)


def _typed_proof(office: Office, actor: Actor, back_to: str) -> None:
    with st.form(_FORM, border=False):
        if actor.has_second_factor:
            st.text_input("Code à 6 chiffres ou code de secours", key=_PROOF, autocomplete="one-time-code")
        else:
            st.text_input("Votre mot de passe", type="password", key=_PROOF, autocomplete="current-password")
        feedback.tell(_FORM)
        st.form_submit_button(
            "Confirmer", type="primary", on_click=_prove, args=(office, actor, back_to), width="stretch"
        )


def _prove(office: Office, actor: Actor, back_to: str) -> None:
    proof = st.session_state[_PROOF]
    by_code = actor.has_second_factor
    if ticket := feedback.attempt(_FORM, lambda: _ticket(office, by_code=by_code, proof=proof), spent=(_PROOF,)):
        feedback.no_proof()
        session_cookie.hand_over(office, ticket, to=f"{back_to}{'&' if '?' in back_to else '?'}fait=identite")


def _ticket(office: Office, *, by_code: bool, proof: str) -> str:
    actor = frame.actor()
    if by_code:
        return step_up.by_code(office, actor, code=proof)
    return step_up.by_password(office, actor, password=proof)
