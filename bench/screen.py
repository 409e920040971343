"""A browser's half of Streamlit's websocket: it opens a screen, changes a field, and says how long that took."""

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

# The field of a WidgetState that carries the value, for each kind of element that a bench touches.
VALUES: Final = {
    "text_input": "string_value",
    "selectbox": "string_value",
    "pagination": "int_value",
    "button": "trigger_value",
}
ENDS: Final = {
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
}
PATIENCE: Final = 60.0


class NotAsExpected(Exception):
    """The screen showed something else than what was measured for; the message says what."""


@dataclass
class Run:
    """What one message to the server brought, up to the end of the script."""

    ms: float = 0.0
    bytes: int = 0
    texts: list[str] = field(default_factory=list)
    tables: int = 0
    ticket: str = ""

    def expect(self, pattern: str) -> "Run":
        """The same; raises NotAsExpected unless a text of the screen matches `pattern`."""
        if not any(re.search(pattern, text) for text in self.texts):
            raise NotAsExpected(f"« {pattern} » absent de : {self.texts[:20]}")
        return self


@dataclass(frozen=True)
class Widget:
    """A field or a button of the screen."""

    id: str
    kind: str
    fragment: str


class Screen:
    """One tab at `url`/`page`, signed in by `cookie`."""

    def __init__(self, url: str, page: str, cookie: str = "") -> None:
        self.url, self.page, self.cookie = url, page, cookie
        self.query = self._script = ""
        self._widgets: dict[str, Widget] = {}
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> "Screen":
        """Open the websocket, with what a browser sends."""
        place = urlsplit(self.url)
        self._socket = await connect(
            f"ws://{place.netloc}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
            user_agent_header="bench",
            max_size=None,
            compression=None,
            ping_interval=None,
            proxy=None,
            open_timeout=PATIENCE,
            close_timeout=0.2,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close it."""
        if self._socket:
            with contextlib.suppress(Exception):
                await self._socket.close()

    async def open(self, query: str = "") -> Run:
        """The whole page at that query of its address."""
        self.query = query
        return await self._rerun({})

    async def change(self, name: str, value: object, *, and_before: dict[str, object] | None = None) -> Run:
        """Give a field a value, or press a button (True), as its fragment or its page draws it again.

        `name` is the key in the code or the label; `and_before` are fields of the same form.
        """
        values = {self._widget(key): of for key, of in ((and_before or {}) | {name: value}).items()}
        return await self._rerun(values, fragment=self._widget(name).fragment)

    def _widget(self, name: str) -> Widget:
        if name not in self._widgets:
            raise NotAsExpected(f"« {name} » absent de : {sorted(self._widgets)}")
        return self._widgets[name]

    async def _rerun(self, values: dict[Widget, object], fragment: str = "") -> Run:
        assert self._socket  # noqa: S101 (entered)
        message, run, began = self._message(values, fragment), Run(), time.perf_counter()
        await self._socket.send(message)
        async with asyncio.timeout(PATIENCE):
            while True:
                raw = await self._socket.recv(decode=False)
                run.bytes += len(raw)
                answer = ForwardMsg.FromString(raw)
                if answer.WhichOneof("type") == "script_finished" and answer.script_finished in ENDS:
                    run.ms = (time.perf_counter() - began) * 1000
                    return run
                self._read(answer, run)

    def _message(self, values: dict[Widget, object], fragment: str) -> bytes:
        """What the browser sends; what it does not repeat, the server keeps as it was."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.fragment_id = self.query, self._script, fragment
        if not self._script:
            asked.page_name = self.page
        asked.context_info.timezone, asked.context_info.locale = "Europe/Paris", "fr-FR"
        asked.context_info.url = f"{self.url}/{self.page}"
        for widget, value in values.items():
            state = asked.widget_states.widgets.add()
            state.id = widget.id
            setattr(state, VALUES[widget.kind], value)
        return message.SerializeToString()

    def _read(self, answer: ForwardMsg, run: Run) -> None:
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            run.texts.clear()
            if not self._script:
                self._script = answer.new_session.page_script_hash
        elif kind == "navigation" and answer.navigation.page_script_hash:
            self._script = answer.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = answer.page_info_changed.query_string
        elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            self._element(answer.delta.new_element, answer.delta.fragment_id, run)

    def _element(self, element: Any, fragment: str, run: Run) -> None:
        kind = element.WhichOneof("type")
        found = getattr(element, kind) if kind else None
        if kind in {"markdown", "text", "heading", "alert"}:
            run.texts.append(found.body)
        elif kind == "exception":
            raise NotAsExpected(f"{found.type}: {found.message}")
        elif kind == "dataframe":
            run.tables += 1
        elif kind == "bidi_component" and (ticket := re.search(r"ticket\W+([\w-]{20,})", str(found))):
            run.ticket = ticket[1]
        if kind in VALUES:
            widget = Widget(found.id, kind, fragment)
            self._widgets |= {getattr(found, "label", ""): widget, found.id.rsplit("-", 1)[-1]: widget}
