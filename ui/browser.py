"""What the visitor's browser and the edge say of this connection; the one place that reads cookies and headers."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from core.office import Office
from core.roles import Visitor


def came_through_edge() -> bool:
    """Whether web/ stands in front: it sets this header itself, after removing what a browser sent under its name."""
    return st.context.headers.get("x-asso-edge") == "1"


def token(office: Office) -> str | None:
    """The session token of the cookie, as it was when this page was opened."""
    return st.context.cookies.get(office.settings.session_cookie) or None


def cookie(office: Office) -> str | None:
    """What tells this browser from another; nothing of it is in the page."""
    return st.context.cookies.get(office.settings.browser_cookie) or None


def here() -> str:
    """The address of this page, without its host."""
    query = urlencode(st.query_params.to_dict())
    return urlsplit(st.context.url or "").path + (f"?{query}" if query else "")


def visitor() -> Visitor:
    """The browser's address after trusted proxies, and how it presents itself."""
    headers = st.context.headers
    return Visitor(ip=headers.get("x-asso-client", ""), user_agent=headers.get("user-agent", ""))
