"""Mon compte: who I am here, my password, my devices, my journal."""

from uuid import UUID

import streamlit as st

from core import accounts, devices, passwords, sessions
from core.roles import Permission
from ui import account, changes, exports, factor, frame, google, new_password, session_cookie, step_up
from ui.feedback import attempt, done, empty, tell
from ui.frame import enter

office, actor = enter(Permission.ACCOUNT_OWN)

CURRENT = "current_password"


def change_password() -> None:
    """Change it; every session ends, and this browser gets a new one."""
    state = st.session_state
    typed = {"current": state[CURRENT], "new": state[new_password.NEW], "confirmation": state[new_password.AGAIN]}
    if ticket := attempt("password", lambda: passwords.change(office, frame.actor(), **typed)):
        empty(CURRENT, new_password.NEW, new_password.AGAIN)
        session_cookie.hand_over(office, ticket, to="/mon_compte?fait=mot_de_passe")


def close_others() -> None:
    """Sign the other devices out."""
    attempt("sessions", lambda: sessions.close_others(office, frame.actor()))


def close_one(session_id: UUID) -> None:
    """Sign one device out."""
    attempt("sessions", lambda: devices.close(office, frame.actor(), session_id=session_id))


@st.fragment
def password() -> None:
    """The current password, the new one, and its rules as it is typed."""
    st.text_input("Mot de passe actuel", type="password", key=CURRENT, autocomplete="current-password")
    new_password.fields(office, "Nouveau mot de passe", actor.role, mine.nom, mine.prenom, mine.email)
    tell("password")
    st.button("Changer mon mot de passe", type="primary", on_click=change_password)


google.arrive(office)
mine = accounts.overview(office, actor)

st.title("Mon compte", anchor=False)
account.asked(actor)
account.identity(mine)

st.subheader("Mon mot de passe", anchor=False)
with st.container(border=True):
    if mine.has_password:
        password()
    else:
        st.write("Vous vous connectez avec Google : votre accès n'a pas de mot de passe.")

factor.section(office, actor, mine)
changes.email_section(office, mine)

google.account(office, mine)

st.subheader("Mes appareils connectés", anchor=False)
account.devices(mine.sessions, close_one)
tell("sessions")
account.closed(done("sessions"))
if len(mine.sessions) > 1:
    st.button("Déconnecter les autres appareils", icon=":material/devices_off:", on_click=close_others)

st.subheader("Mon journal", anchor=False)
st.caption("Les derniers événements de votre compte. Si l'un d'eux vous étonne, changez votre mot de passe.")
account.journal(mine.events)
exports.own_section(office)
changes.end_section(office)
step_up.offer(office, actor, back_to="/mon_compte")
