"""A browser's half of Streamlit's websocket: it opens a screen, changes a field, and says how long that took.

It can also give a file, and wait for what a screen looks at by itself, as a browser does.
"""

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

# The field of a WidgetState that carries the value, for each kind of element that a bench touches.
VALUES: Final = {
    "text_input": "string_value",
    "selectbox": "string_value",
    "pagination": "int_value",
    "button": "trigger_value",
    "file_uploader": "file_uploader_state_value",
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
    texts: list[str] = field(default_factory=list)
    tables: int = 0
    ticket: str = ""

    def says(self, pattern: str) -> bool:
        """Whether a text of the screen matches `pattern`."""
        return any(re.search(pattern, text) for text in self.texts)

    def expect(self, pattern: str) -> "Run":
        """The same; raises NotAsExpected unless it says so."""
        if not self.says(pattern):
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
        self.query = self._script = self._session = ""
        self._looking: dict[str, float] = {}
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

    async def give(self, name: str, file: str, content: bytes) -> Run:
        """Give a file to a field, with the cookie of this screen."""
        message = BackMsg()
        asked = message.file_urls_request
        asked.request_id, asked.session_id = file, self._session
        asked.file_names.append(file)
        await self._sent(message.SerializeToString())
        while (answer := await self._received()).WhichOneof("type") != "file_urls_response":
            pass
        [urls] = answer.file_urls_response.file_urls
        await self._put(urls.upload_url, file, content)
        given = FileUploaderState()
        given.uploaded_file_info.add(file_id=urls.file_id, name=file, size=len(content), file_urls=urls)
        return await self._rerun({self._widget(name): given})

    async def _put(self, address: str, file: str, content: bytes) -> None:
        async with httpx.AsyncClient(base_url=self.url, headers={"Origin": self.url, "User-Agent": "bench"}) as client:
            token = (await client.get("/_stcore/health")).cookies["_streamlit_xsrf"]
            headers = {"X-Xsrftoken": token, "Cookie": f"{self.cookie}; _streamlit_xsrf={token}"}
            answer = await client.put(address, files={file: (file, content, "text/csv")}, headers=headers)
        if not answer.is_success:
            raise NotAsExpected(f"{file} : {answer.status_code}")

    async def until(self, pattern: str, run: Run, *, seconds: float) -> Run:
        """Look again as often as the screen itself does, until it says `pattern`; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not run.says(pattern):
                fragment = min(self._looking, key=self._looking.__getitem__, default="")
                if not fragment:
                    raise NotAsExpected(f"« {pattern} » absent de : {run.texts[:20]}")
                await asyncio.sleep(self._looking[fragment])
                run = await self._rerun({}, fragment=fragment)
        return run

    def label(self, pattern: str) -> str:
        """The label of the last field or button drawn that matches `pattern`; raises NotAsExpected."""
        for name in reversed(self._widgets):
            if re.search(pattern, name):
                return name
        raise NotAsExpected(f"« {pattern} » absent de : {sorted(self._widgets)}")

    def _widget(self, name: str) -> Widget:
        if name not in self._widgets:
            raise NotAsExpected(f"« {name} » absent de : {sorted(self._widgets)}")
        return self._widgets[name]

    async def _rerun(self, values: dict[Widget, object], fragment: str = "") -> Run:
        message, run, began = self._message(values, fragment), Run(), time.perf_counter()
        await self._sent(message)
        async with asyncio.timeout(PATIENCE):
            while True:
                answer = await self._received()
                if answer.WhichOneof("type") == "script_finished" and answer.script_finished in ENDS:
                    run.ms = (time.perf_counter() - began) * 1000
                    return run
                self._read(answer, run)

    async def _sent(self, message: bytes) -> None:
        assert self._socket  # noqa: S101 (entered)
        await self._socket.send(message)

    async def _received(self) -> ForwardMsg:
        assert self._socket  # noqa: S101 (entered)
        return ForwardMsg.FromString(await self._socket.recv(decode=False))

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
            if isinstance(value, Message):
                getattr(state, VALUES[widget.kind]).CopyFrom(value)
            else:
                setattr(state, VALUES[widget.kind], value)
        return message.SerializeToString()

    def _read(self, answer: ForwardMsg, run: Run) -> None:
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            run.texts.clear()
            self._session = answer.new_session.initialize.session_id
            if not self._script:
                self._script = answer.new_session.page_script_hash
        elif kind == "navigation":  # the whole page is drawn again, and says anew what it looks at
            self._looking.clear()
            self._script = answer.navigation.page_script_hash or self._script
        elif kind == "page_info_changed":
            self.query = answer.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._looking[answer.auto_rerun.fragment_id] = answer.auto_rerun.interval
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
        elif kind == "bidi_component" and (ticket := re.search(r"ticket\W+?([\w-]{20,})", str(found))):
            run.ticket = ticket[1]
        if kind in VALUES:
            widget = Widget(found.id, kind, fragment)
            self._widgets |= {getattr(found, "label", ""): widget, found.id.rsplit("-", 1)[-1]: widget}
