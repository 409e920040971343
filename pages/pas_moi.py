"""« Ce n'était pas moi »: the link of a mail about a new device; opening it changes nothing, the button does."""

import streamlit as st

from core import devices
from ui import links
from ui.feedback import attempt, done, tell
from ui.frame import anybody

office, visitor = anybody()


def disown(account: str, seal: str) -> None:
    """End every session of the account."""
    attempt("disown", lambda: (devices.disown(office, visitor, user_id=account, seal=seal),))


st.title("Ce n'était pas moi", anchor=False)
links.keep("compte", "sceau")
if done("disown"):
    st.success("Tous les appareils ont été déconnectés de votre compte.", icon=":material/check_circle:")
    st.write("Changez maintenant votre mot de passe : celui qui s'est connecté le connaît peut-être.")
    links.to_forgotten_password()
elif (account := links.kept("compte")) and (seal := links.kept("sceau")):
    st.write("Si vous ne reconnaissez pas cet appareil, déconnectez-les tous, puis changez votre mot de passe.")
    tell("disown")
    st.button("Déconnecter tous mes appareils", type="primary", on_click=disown, args=(account, seal))
else:
    links.nothing_here()
