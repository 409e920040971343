"""At most 30 requests a minute from one address on the routes that do something (B5)."""

import math
import re
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core import limits
from core.downloads import ADDRESS
from core.errors import TooManyAttempts, Unavailable
from core.office import Office
from core.roles import Visitor
from web.answers import SENTENCES, no_file, sentence

COUNTED: Final = re.compile(r"/session|/auth/.*|/telechargements/.*|/_stcore/upload_file/.*")


def visitor(scope: Scope) -> Visitor:
    """Who asks, as web/guards.py has established it."""
    return Visitor((scope.get("client") or ("",))[0] or "", Headers(scope=scope).get("user-agent", ""))


class Limits:
    """Middleware: 429 with Retry-After over the limit; 403 for a file from somebody who is not signed in."""

    def __init__(self, app: ASGIApp, *, office: Office) -> None:
        self.app = app
        self.office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request when its route is counted, and pass it on when there is room."""
        if scope["type"] != "http" or not COUNTED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
        elif scope["path"].startswith("/_stcore/") and not self._has_cookie(scope):
            await sentence(403)(scope, receive, send)
        else:
            await self._counted(scope, receive, send)

    def _has_cookie(self, scope: Scope) -> bool:
        return self.office.settings.session_cookie in HTTPConnection(scope).cookies

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await run_in_threadpool(limits.count_request, self.office, visitor(scope))
        except TooManyAttempts as refusal:
            seconds = max(1, math.ceil(refusal.retry_after.total_seconds()))
            await _refusal(scope, 429, Retry_After=str(seconds))(scope, receive, send)
        except Unavailable:
            await _refusal(scope, 503)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _refusal(scope: Scope, status: int, **headers: str) -> Response:
    """In the words of the house, on a page for whoever follows the link to a file."""
    if scope["path"].startswith(ADDRESS):
        return no_file(status, SENTENCES[status], **headers)
    return sentence(status, **headers)
