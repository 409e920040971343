"""POST /webhooks/mailersend: what became of the mails, told by their provider."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core import deliveries
from core.errors import BadSignature, Unavailable
from core.office import Office
from web.answers import bounded_body, sentence
from web.limits import visitor

BODY_AT_MOST: Final = 64 * 1024


class MailerSendEvents:
    """The endpoint; it does not exist without a secret to check signatures with."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 405 to other methods."""
        request = Request(scope, receive)
        answer = await self._note(request) if request.method == "POST" else sentence(405, Allow="POST")
        await answer(scope, receive, send)

    async def _note(self, request: Request) -> Response:
        """204 once noted, also for an event that is nothing to us: others are sent again, then no more at all."""
        mail = self.office.settings.mail
        if mail is None or mail.webhook_secret is None:
            return sentence(404)
        body = await bounded_body(request, BODY_AT_MOST)
        if body is None:
            return sentence(413)
        asking, signature = visitor(request.scope), request.headers.get("signature", "")
        try:
            await run_in_threadpool(deliveries.receive, self.office, asking, body=body, signature=signature)
        except BadSignature:
            return sentence(403)
        except ValueError:
            return sentence(400)
        except Unavailable:
            return sentence(503)
        return Response(status_code=204)
