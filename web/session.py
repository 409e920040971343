"""POST and DELETE /session: a one-time ticket becomes an HttpOnly cookie, which goes away again (T3)."""

import json
from typing import Final

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core import devices, sessions
from core.errors import NotSignedIn, Unavailable
from core.office import Office
from web.answers import bounded_body, sentence, set_cookie
from web.guards import origin_allowed
from web.limits import visitor

BODY_AT_MOST: Final = 1024


class SessionCookie:
    """The endpoint of /session; only the application's own pages may call it."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 405 to other methods, 403 to other sites, 503 without a database."""
        request = Request(scope, receive)
        act = {"POST": self._open, "DELETE": self._close}.get(request.method)
        try:
            if act is None:
                answer = sentence(405, Allow="DELETE, POST")
            elif not self._from_our_page(request):
                answer = sentence(403)
            else:
                answer = await act(request)
        except Unavailable:
            answer = sentence(503)
        await answer(scope, receive, send)

    async def _open(self, request: Request) -> Response:
        """204 with the cookie; 400 for a ticket that is unknown, used or older than 30 s."""
        # A form of another site cannot have this type without asking first, which nobody here answers to.
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return sentence(415)
        body = await bounded_body(request, BODY_AT_MOST)
        if body is None:
            return sentence(413)
        if (ticket := _ticket(body)) is None:
            return sentence(400)
        try:
            asking = visitor(request.scope)
            opened = await run_in_threadpool(sessions.open, self.office, asking, ticket=ticket)
        except NotSignedIn:
            return sentence(400)
        answer, settings = Response(status_code=204), self.office.settings
        set_cookie(answer, settings, settings.session_cookie, opened.token)
        if opened.new_device:  # after the answer: nobody waits for a mail to be written
            answer.background = BackgroundTask(devices.announce, self.office, asking, opened.user_id)
        return answer

    async def _close(self, request: Request) -> Response:
        """204: the session of the cookie is over, whether or not there was one; the cookie is gone."""
        settings = self.office.settings
        if token := request.cookies.get(settings.session_cookie):
            asking = visitor(request.scope)
            await run_in_threadpool(sessions.close_by_token, self.office, asking, token=token)
        answer = Response(status_code=204, headers={"Clear-Site-Data": '"cache"'})
        set_cookie(answer, settings, settings.session_cookie, "", max_age=0)
        return answer

    def _from_our_page(self, request: Request) -> bool:
        """What the browser says of the page that asks; old ones, and plain http, only say its origin."""
        site = request.headers.get("sec-fetch-site")
        return site == "same-origin" if site else origin_allowed(request.scope, self.office.settings)


def _ticket(body: bytes) -> str | None:
    try:
        ticket = json.loads(body)["ticket"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return ticket if isinstance(ticket, str) and ticket.isascii() else None
