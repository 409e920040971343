"""The edge for tests: around a stand-in for Streamlit that says what reaches it, or in front of the real thing."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from core import sessions
from core.office import Office
from core.roles import Actor
from tests.serving import Server
from web import edge

with warnings.catch_warnings():  # it would rather have httpx2, which Authlib cannot use yet
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

STATIC = Path(streamlit.__file__).parent / "static"
Browser = Callable[..., TestClient]


def said(connection: HTTPConnection) -> dict[str, object]:
    """What the stand-in for Streamlit sees of a request."""
    return {"headers": dict(connection.headers), "client": connection.client and connection.client.host}


async def _echo(request: Request) -> Response:
    answer = JSONResponse(said(request))
    answer.set_cookie("_streamlit_xsrf", "2|x", samesite=None)
    return answer


async def _break(_request: Request) -> Response:
    raise ValueError("ce que quelqu'un a saisi")


async def _stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(said(websocket))
    await websocket.close()


@pytest.fixture
def browser(office: Office) -> Browser:
    """A browser in front of the edge; `peer` is its address, other words change the settings."""

    def opened(*, peer: str = "203.0.113.7", **changes: object) -> TestClient:
        settings = replace(office.settings, **changes)
        around = edge.build(replace(office, settings=settings), static=STATIC, version="test", themes={})
        streamlit_app = [
            Route("/_stcore/bidi-components/broken", _break),
            WebSocketRoute("/_stcore/stream", _stream),
            Mount("/", Route("/{path:path}", _echo, methods=["GET", "PUT"])),
        ]
        app = Starlette(
            routes=[*around.routes, *streamlit_app],
            middleware=around.middleware,
            exception_handlers=around.exception_handlers,
        )
        return TestClient(app, base_url=settings.public_url, client=(peer, 50000), follow_redirects=False)

    return opened


@pytest.fixture
def ticket(office: Office, marie: Actor) -> str:
    """What a sign-in of Marie ends with."""
    return new_ticket(office, marie.user_id)


def new_ticket(office: Office, user_id: object) -> str:
    with office.begin() as db:
        return sessions.issue_ticket(db, office, user_id)


@pytest.fixture(scope="module")
def served() -> Iterator[Server]:
    """The real server."""
    server = Server()
    yield server.start()
    server.remove()
