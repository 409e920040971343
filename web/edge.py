"""The HTTP edge put together: the routes and the middleware that server.py gives to Streamlit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import ExceptionHandler

from core.office import Office
from web import start
from web.answers import refused
from web.assets import Assets
from web.downloads import ROUTE, Downloads
from web.faults import Faults
from web.google import CALLBACK, START, Google
from web.guards import Guard, networks
from web.headers import SecurityHeaders
from web.health import Health
from web.limits import Limits
from web.mailbox import ADDRESS, Mailbox
from web.pages import OpenDoors, Pages, shell
from web.session import SessionCookie
from web.static import Copies, StaticFiles
from web.webhooks import MailerSendEvents

Themes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Edge:
    """What surrounds Streamlit; `copies.prepare()` is for when the server has started."""

    routes: list[BaseRoute]
    middleware: list[Middleware]
    exception_handlers: dict[type[Exception], ExceptionHandler]
    copies: Copies


def build(office: Office, *, static: Path, version: str, themes: Themes) -> Edge:
    """The edge of this office around the Streamlit of that `version`, whose static files are in `static`.

    `themes` has the settings of « light » and « dark ». Raises SetupError when a setting of the edge is malformed.
    """
    assets, copies = Assets(), Copies(static, office.settings.var, version=version)
    page = shell(
        (static / "index.html").read_text("utf-8"),
        title=office.settings.association,
        first=start.script(themes),
        preload=start.preloads(themes),
        scripts=[assets.address("mots.js"), assets.address("francais.js")],
    )
    pages, google, mailbox = Pages(office, page), Google(office), Mailbox(office)
    routes: list[BaseRoute] = [
        Route("/session", SessionCookie(office)),
        Route(START, google.start),
        Route(CALLBACK, google.callback),
        Route("/webhooks/mailersend", MailerSendEvents(office)),
        Route(ADDRESS, mailbox.list),
        Route(ADDRESS + "/{name}", mailbox.read),
        Route(ROUTE, Downloads(office)),
        Route("/healthz", Health(office).answer),
        Route("/asso/{name:path}", assets.answer),
        # Streamlit's pages have one segment; every other of its addresses has two or more.
        Route("/", pages.answer),
        Route("/{page}", pages.answer),
    ]
    middleware = [
        Middleware(SecurityHeaders, settings=office.settings, script_hashes=page.script_hashes),
        Middleware(Faults),
        Middleware(OpenDoors),
        Middleware(Guard, office=office, proxies=networks(office.settings)),
        Middleware(Limits, office=office),
        Middleware(StaticFiles, copies=copies),
    ]
    return Edge(routes, middleware, {HTTPException: refused}, copies)
