"""Mon compte: who I am here, my password, my devices, my journal."""

from contextlib import suppress
from uuid import UUID

import streamlit as st

from core import accounts, devices, sessions
from core.errors import NotFound
from core.roles import Permission
from ui import account, changes, exports, factor, frame, google, own_password, step_up
from ui.feedback import attempt, done, tell
from ui.frame import enter

office, actor = enter(Permission.ACCOUNT_OWN)


def close_others() -> None:
    """Sign the other devices out; a second click finds none, and leaves said how many there were."""
    attempt("sessions", lambda: sessions.close_others(office, frame.actor()) or done("sessions"))


def close_one(session_id: UUID) -> None:
    """Sign one device out."""

    def close() -> int:
        with suppress(NotFound):  # a second click, or it has ended meanwhile
            devices.close(office, frame.actor(), session_id=session_id)
        return 1

    attempt("sessions", close)


google.arrive(office)
mine = accounts.overview(office, actor)

st.title("Mon compte", anchor=False)
account.asked(actor)
account.identity(mine)

own_password.section(office, actor, mine)
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
