"""Confirmer mon email: the owner of a new address says that it is theirs; opening the link changes nothing."""

import streamlit as st

from core import email_changes
from ui import links
from ui.feedback import attempt, done, tell
from ui.frame import anybody

office, visitor = anybody()

st.title("Confirmer mon adresse email", anchor=False)
links.keep("token")
if done("confirm_email"):
    st.success("Votre adresse est changée. Connectez-vous avec elle.", icon=":material/check_circle:")
    links.to_connexion()
elif token := links.kept("token"):
    st.write("Confirmez que cette nouvelle adresse est la vôtre. Vous devrez ensuite vous reconnecter.")
    tell("confirm_email")
    st.button(
        "Confirmer ma nouvelle adresse",
        type="primary",
        on_click=lambda: attempt("confirm_email", lambda: email_changes.confirm(office, visitor, token=token) or True),
    )
else:
    links.nothing_here()
