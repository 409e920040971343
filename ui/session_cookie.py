"""From a page to the session cookie, which only the edge can set: a one-time ticket, handed over by the browser."""

from pathlib import Path
from typing import Any, Final

import streamlit as st

from core import sessions
from core.office import Office
from ui import browser, feedback
from ui.messages import edge

_ERRAND: Final = "errand"
_KEY: Final = "session_cookie"
FAILURE: Final = "cookie"
_element = st.components.v2.component(_KEY, js=Path(__file__).with_suffix(".js").read_text("utf-8"))


def hand_over(office: Office, ticket: str, *, to: str | None = None) -> None:
    """Have the browser exchange `ticket` for a cookie, then open `to`; by default the page where it is.

    From the signed-out pages that is Accueil. Ends the callback or the run.
    """
    _send(office, ticket=ticket, to=to)


def let_go(office: Office) -> None:
    """Sign this browser out, in the service and then in its cookies. Raises Unavailable."""
    if token := browser.token(office):
        sessions.close_by_token(office, browser.visitor(), token=token)
    _send(office, ticket=None, to="/connexion?fait=deconnexion")


def leave_for(office: Office, address: str) -> None:
    """Have the browser open `address`, a route of the edge, in the place of this page."""
    _send(office, go=address)


def _send(office: Office, **errand: Any) -> None:
    st.session_state[_ERRAND] = errand | {"errand": str(office.uuid())}
    st.rerun()


def carry() -> None:
    """Carry out what `hand_over` or `let_go` asked for; the run ends there, as it belongs to nobody."""
    if _ERRAND in st.session_state:
        st.text("Un instant…")
        _element(key=_KEY, data=st.session_state[_ERRAND], on_failed_change=_fail)
        st.stop()


def _fail() -> None:
    del st.session_state[_ERRAND]
    feedback.say_later(FAILURE, edge(st.session_state[_KEY].failed))
