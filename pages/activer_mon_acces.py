"""Activer mon accès: an invitation code becomes an account."""

import streamlit as st

from core import invites
from ui import entrance, google, new_password, session_cookie
from ui.entrance import Way
from ui.feedback import attempt, empty, tell
from ui.frame import visitors_only

office, visitor = visitors_only()

MODES = ["Email / mot de passe", "Google"]
GOOD_TO_KNOW = """
- Le code rattache votre compte à votre fiche (Personne), que l'association a déjà créée.
- Avec Google, vous continuez sur la page de Google.
- Avec un email, votre compte est créé ici si besoin.
"""


def activate() -> None:
    """Redeem the code typed, then open a session."""
    state = st.session_state
    typed = {"code": state.code, "email": state.activation_email}
    chosen = {"password": state[new_password.NEW], "confirmation": state[new_password.AGAIN]}
    if ticket := attempt("activation", lambda: invites.redeem(office, visitor, **typed, **chosen)):
        empty(new_password.NEW, new_password.AGAIN)
        session_cookie.hand_over(office, ticket, to="/accueil?fait=activation")


@st.fragment
def by_email() -> None:
    """The account's email and password."""
    st.text_input(
        "Email",
        type="email",
        key="activation_email",
        validate="",
        icon="",
        placeholder="prenom.nom@asso.org",
        autocomplete="email",
        persist_state="session",
    )
    new_password.fields(office, "Mot de passe", None, st.session_state.get("activation_email", ""))
    tell("activation")
    st.button("Activer mon accès", type="primary", on_click=activate, width="stretch")


# The code of a link leaves the address bar, where others could read it.
if linked := st.query_params.get("code"):
    del st.query_params["code"]
    st.session_state["code"] = linked

if google.arrive(office):
    st.session_state["mode"] = MODES[1]

st.title("Activer mon accès", anchor=False)
st.write(
    "Saisissez votre code d'invitation. Vous pouvez ensuite activer votre accès via Email / mot de passe ou via Google."
)
entrance.choice(Way.CODE)
with st.container(border=True):
    st.text_input(
        "Code d'invitation",
        key="code",
        placeholder="ZDL-XXXXXX-YYYYY",
        autocomplete="one-time-code",
        persist_state="session",
    )
    if st.radio("Mode d'activation", MODES, horizontal=True, key="mode") == MODES[0]:
        by_email()
    else:
        google.activation(office, visitor)
st.info(GOOD_TO_KNOW, title="Bon à savoir", icon=":material/lightbulb:")
