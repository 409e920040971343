"""What the visitor's browser and the edge say of this connection; the one place that reads cookies and headers."""

import streamlit as st

from core.office import Office
from core.roles import Visitor


def came_through_edge() -> bool:
    """Whether web/ stands in front: it sets this header itself, after removing what a browser sent under its name."""
    return st.context.headers.get("x-asso-edge") == "1"


def token(office: Office) -> str | None:
    """The session token of the cookie, as it was when this page was opened."""
    return st.context.cookies.get(office.settings.session_cookie) or None


def visitor() -> Visitor:
    """The browser's address after trusted proxies, and how it presents itself."""
    headers = st.context.headers
    return Visitor(ip=headers.get("x-asso-client", ""), user_agent=headers.get("user-agent", ""))
