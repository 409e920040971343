"""« Mon compte », what changes the account itself: its email address, its end (K1)."""

import streamlit as st

from core import deletion, email_changes
from core.accounts import Overview
from core.office import Office
from ui import feedback, frame, session_cookie


def email_section(office: Office, mine: Overview) -> None:
    """The address, and the way to another one, which its owner confirms by mail."""
    st.subheader("Mon adresse email", anchor=False)
    with st.container(border=True):
        st.text(mine.email)
        if feedback.done("email_change"):
            st.success(
                "Un courriel vient d'être envoyé à la nouvelle adresse : ouvrez son lien pour la confirmer. "
                "D'ici là, l'ancienne reste valable. Changer de mot de passe annulerait cette demande.",
                icon=":material/mail:",
            )
        with st.form("email_change", border=False):
            st.text_input(
                "Nouvelle adresse email", type="email", key="new_email", validate="", icon="", autocomplete="email",
                placeholder="prenom.nom@asso.org",
            )  # fmt: skip
            feedback.tell("email_change")
            st.form_submit_button("Changer mon adresse email", on_click=_change_email, args=(office,))


def _change_email(office: Office) -> None:
    typed = st.session_state.new_email
    feedback.attempt("email_change", lambda: email_changes.request(office, frame.actor(), email=typed) or True)


def end_section(office: Office) -> None:
    """The end of the account, with its typed confirmation."""
    st.subheader("Supprimer mon compte", anchor=False)
    with st.expander("Ce qui se passe si vous supprimez votre compte"):
        st.write(
            "Votre adresse email, votre mot de passe et vos appareils connectés sont effacés, et vous ne pourrez plus "
            "vous connecter. Votre fiche reste dans la liste de l'association, vos vues partagées aussi. Cette "
            "action est irréversible."
        )
        with st.form("deletion", border=False):
            st.text_input(f"Pour confirmer, saisissez {deletion.WORD}", key="deletion_word", autocomplete="off")
            feedback.tell("deletion")
            st.form_submit_button("Supprimer mon compte", on_click=_delete, args=(office,))


def _delete(office: Office) -> None:
    typed = st.session_state.deletion_word

    def command() -> bool:
        deletion.delete_own_account(office, frame.actor(), typed=typed)
        return True

    if feedback.attempt("deletion", command):
        session_cookie.let_go(office)
