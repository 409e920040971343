"""What stands under the menu: the association, who is here, the way out; and the heartbeat of the session."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from core.errors import Unavailable
from core.office import Office
from core.roles import Actor
from ui import feedback, session_cookie
from ui.messages import ROLES

_FORM = "leave"


def association(office: Office) -> None:
    """Whose application this is."""
    with st.sidebar.container(key="association"):
        st.text(office.settings.association)


def person(office: Office, actor: Actor, now: Callable[[], Actor]) -> None:
    """Who is here, and the way out; `now` checks the session again, without touching it."""
    with st.sidebar.container(key="person"):
        st.text(f"{actor.prenom} {actor.nom}")
        st.text(ROLES[actor.role])
        st.button("Se déconnecter", icon=":material/logout:", width="stretch", on_click=_leave, args=(office,))
        feedback.tell(_FORM)
        _heartbeat(now)


def _leave(office: Office) -> None:
    feedback.attempt(_FORM, lambda: session_cookie.let_go(office))


@st.fragment(run_every="30s")
def _heartbeat(now: Callable[[], Actor]) -> None:
    """See that the session has ended, even in a tab that nobody touches; a silent database ends nothing."""
    with suppress(Unavailable):
        now()
