"""Connexion: the ways in, and the form for an email and a password."""

import streamlit as st

from core import accounts
from ui import entrance, google, second_step, session_cookie
from ui.entrance import Way
from ui.feedback import attempt, tell
from ui.frame import visitors_only

office, visitor = visitors_only()


def sign_in() -> None:
    """Exchange the email and password typed for a session."""
    typed = {"email": st.session_state.email, "password": st.session_state.password}
    ticket = attempt(
        "connexion",
        lambda: second_step.or_wait(lambda: accounts.sign_in(office, visitor, **typed)),
        spent=("password",),
    )
    if ticket:
        session_cookie.hand_over(office, ticket)


if google.arrive(office):
    entrance.take(Way.GOOGLE)
if second_step.waits():
    second_step.draw(office, visitor)
    st.stop()

st.title("Connexion", anchor=False)
st.write(
    "Choisissez votre méthode de connexion. "
    "L'activation par code sert à rattacher votre compte à votre fiche existante."
)
way = entrance.choice(Way.EMAIL)

if way is Way.EMAIL:
    with st.form("connexion"):
        st.subheader("Connexion interne", anchor=False)
        st.caption("Utilisez vos identifiants internes (email + mot de passe).")
        st.text_input(
            "Email",
            type="email",
            key="email",
            validate="",
            icon="",
            placeholder="prenom.nom@asso.org",
            autocomplete="username",
            persist_state="session",
        )
        st.text_input("Mot de passe", type="password", key="password", autocomplete="current-password")
        tell("connexion")
        st.form_submit_button("Se connecter", type="primary", on_click=sign_in, width="stretch")
else:
    google.sign_in(office, visitor)
