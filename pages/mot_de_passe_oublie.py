"""Mot de passe oublié: a link and a code by mail, then a new password (R8)."""

import streamlit as st

from core import resets
from ui import entrance, new_password, session_cookie
from ui import second_step as factor
from ui.entrance import Way
from ui.feedback import attempt, done, forget, tell
from ui.frame import visitors_only

office, visitor = visitors_only()

# The handle of this browser's request, or the token of the mailed link: where the second step begins.
KEY = "reset_key"


def ask() -> None:
    """Have a link and a code mailed."""
    if handle := attempt("reset_ask", lambda: resets.ask(office, visitor, email=st.session_state.reset_email)):
        st.session_state[KEY] = handle
        forget("reset")


def change() -> None:
    """Exchange the code for a new password; once it has, another one begins with the address again."""
    state = st.session_state
    if KEY not in state:
        return  # a second click
    typed = {"key": state[KEY], "otp": state.otp}
    chosen = {"new": state[new_password.NEW], "confirmation": state[new_password.AGAIN]}
    ticket = attempt("reset", lambda: factor.or_wait(lambda: resets.finish(office, visitor, **typed, **chosen)))
    if ticket or factor.waits():
        del state[KEY]
    if ticket:
        session_cookie.hand_over(office, ticket, to="/accueil?fait=mot_de_passe")


def start_again() -> None:
    """Back to the address."""
    st.session_state.pop(KEY, None)
    forget("reset")


@st.fragment
def second_step() -> None:
    """The code, then the new password with its rules as it is typed."""
    if factor.waits():
        st.rerun()
    if done("reset_ask"):
        st.success("Si un compte correspond à cette adresse, un courriel vient d'être envoyé.", icon=":material/mail:")
    st.write("Saisissez le code du courriel, puis choisissez votre nouveau mot de passe.")
    st.text_input("Code OTP", key="otp", autocomplete="one-time-code", placeholder="123456")
    new_password.fields(office, "Nouveau mot de passe", None)
    tell("reset")
    st.button("Changer mon mot de passe", type="primary", on_click=change, width="stretch")
    st.button("Recommencer avec une autre adresse", on_click=start_again, type="tertiary")


# The token of the link leaves the address bar at once; opening the link changes nothing by itself.
if token := st.query_params.get("token"):
    del st.query_params["token"]
    st.session_state[KEY] = token

if factor.waits():
    factor.draw(office, visitor)
    st.stop()

st.title("Réinitialiser mon mot de passe", anchor=False)
st.write("Vous recevrez un OTP + un lien magique. OTP obligatoire. Durée : 20 minutes.")
entrance.choice(Way.FORGOTTEN)
with st.container(border=True):
    if KEY in st.session_state:
        second_step()
    else:
        with st.form("reset_ask", border=False):
            st.text_input(
                "Email de récupération", type="email", key="reset_email", validate="", icon="", autocomplete="email",
                placeholder="prenom.nom@asso.org", persist_state="session",
            )  # fmt: skip
            tell("reset_ask")
            st.form_submit_button("Envoyer un code de vérification", type="primary", on_click=ask, width="stretch")
