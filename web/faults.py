"""An unexpected error of the edge: logged without values, answered in French."""

import logging
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.answers import sentence

_LOG: Final = logging.getLogger(__name__)


class Faults:
    """Middleware that lets no exception out: Starlette's own answer would go round the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 500 to a request that broke; the connection closes when its answer has begun."""
        begun = scope["type"] == "lifespan"

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except Exception as error:
            _LOG.exception("A request broke:", exc_info=error)
            if begun:
                raise
            await sentence(500)(scope, receive, send)
