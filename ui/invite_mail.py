"""« Envoyer par courriel »: the code just shown, to the address that somebody types."""

from uuid import UUID

import streamlit as st

from core import invite_mails
from core.office import Office
from ui import feedback, frame
from ui.plain import plain

FORM = "envoi_code"
EMAIL = "envoi_email"


def offer(office: Office, personne_id: UUID, code: str) -> None:
    """The field and the button, or why there is none; then where the code went."""
    if office.settings.mail is None:
        st.caption("L'envoi par courriel n'est pas configuré : transmettez le code vous-même.")
        return
    if sent_to := feedback.done(FORM):
        st.success(f"Le code est en route vers {plain(sent_to)}.", icon=":material/mark_email_read:")
        return
    with st.form(FORM):
        st.text_input("Email", type="email", key=EMAIL, validate="", icon="", placeholder="prenom.nom@asso.org")
        feedback.tell(FORM)
        st.form_submit_button(
            "Envoyer par courriel",
            icon=":material/forward_to_inbox:",
            on_click=_send,
            args=(personne_id, code),
            width="stretch",
        )


def _send(personne_id: UUID, code: str) -> None:
    if not feedback.done(FORM):
        feedback.attempt(FORM, lambda: _sent(personne_id, code, st.session_state[EMAIL].strip()))


def _sent(personne_id: UUID, code: str, email: str) -> str:
    invite_mails.send(frame.office(), frame.actor(), personne_id=personne_id, code=code, email=email)
    return email


def forget() -> None:
    """Forget where the last code went, before another Personne is added."""
    feedback.forget(FORM)
    st.session_state[EMAIL] = ""
