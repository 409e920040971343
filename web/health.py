"""/healthz: whether the database answers, and the version of its schema; nothing more."""

import asyncio
import time
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import health
from core.errors import Unavailable
from core.office import Office

# Asked a thousand times a second by a stranger, it still asks the database once.
FRESH_SECONDS: Final = 1.0


class Health:
    """The endpoint; it keeps its answer for a second."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.asking = asyncio.Lock()
        self.asked_at = -FRESH_SECONDS
        self.schema: str | None = None

    async def answer(self, _request: Request) -> Response:
        """200 with the revision of the schema, or 503."""
        async with self.asking:
            if time.monotonic() - self.asked_at >= FRESH_SECONDS:
                self.schema = await run_in_threadpool(self._ask)
                self.asked_at = time.monotonic()
        if self.schema is None:
            return JSONResponse({"database": "indisponible"}, 503)
        return JSONResponse({"database": "ok", "schema": self.schema})

    def _ask(self) -> str | None:
        try:
            return health.schema(self.office)
        except Unavailable:
            return None
