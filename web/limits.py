"""At most 30 requests a minute of one person, or of one address, on the routes that do something (B5)."""

import math
import re
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core import requests
from core.downloads import ADDRESS
from core.errors import NotSignedIn, Refusal, TooManyAttempts, Unavailable
from core.office import Office
from core.roles import Actor, Visitor
from web.answers import SENTENCES, no_file, sentence

FILES: Final = "/_stcore/upload_file/"
COUNTED: Final = re.compile(rf"/session|/auth/.*|/telechargements/.*|{FILES}.*", re.DOTALL)


def visitor(scope: Scope) -> Visitor:
    """Who asks, as web/guards.py has established it."""
    return Visitor((scope.get("client") or ("",))[0] or "", Headers(scope=scope).get("user-agent", ""))


class Limits:
    """Middleware: 429 with Retry-After over the limit; 403 for a file from somebody who may not send one."""

    def __init__(self, app: ASGIApp, *, office: Office) -> None:
        self.app = app
        self.office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request when its route is counted, and pass it on when there is room."""
        if scope["type"] != "http" or not COUNTED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
        else:
            refused = await run_in_threadpool(self._refused, scope)
            await (refused or self.app)(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        """Why the request goes no further, None when it does; its body is not read until then."""
        token = HTTPConnection(scope).cookies.get(self.office.settings.session_cookie)
        try:
            actor = requests.count(self.office, visitor(scope), token=token)
            if scope["path"].startswith(FILES):
                _let_in(self.office, actor)
        except TooManyAttempts as refusal:
            seconds = max(1, math.ceil(refusal.retry_after.total_seconds()))
            return _refusal(scope, 429, Retry_After=str(seconds))
        except Unavailable:
            return _refusal(scope, 503)
        except Refusal:
            return _refusal(scope, 403)
        return None


def _let_in(office: Office, actor: Actor | None) -> None:
    """Streamlit itself takes a file from anybody: a window that is open is enough for it."""
    if actor is None:
        raise NotSignedIn
    requests.send_file(office, actor)


def _refusal(scope: Scope, status: int, **headers: str) -> Response:
    """In the words of the house, on a page for whoever follows the link to a file."""
    if scope["path"].startswith(ADDRESS):
        return no_file(status, SENTENCES[status], **headers)
    return sentence(status, **headers)
