"""Streamlit's own files, from copies compressed once: it sends 4.5 MB as they are to spare the processor."""

import contextlib
import logging
import mimetypes
import os
import re
import threading
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from web.answers import sentence
from web.compression import PACKERS, accepted

TEXTS: Final = {".js", ".css", ".svg", ".json"}
FOREVER: Final = "public, immutable, max-age=31536000"
_LOG: Final = logging.getLogger(__name__)


class Copies:
    """The files of Streamlit's folder `static`, and their compressed copies in a folder named after them."""

    def __init__(self, static: Path, var: Path, *, version: str) -> None:
        files = sorted(path for path in static.rglob("*") if path.is_file())
        self.files = {path.relative_to(static).as_posix(): path for path in files}
        listing = [f"{name} {path.stat().st_size}" for name, path in self.files.items()]
        digest = sha256("\n".join([version, *listing]).encode()).hexdigest()
        self.store = var / f"static-{digest[:16]}"
        # A machine that lost its power may leave an empty copy.
        self.ready = {path.name for path in self.store.glob("*") if path.stat().st_size}

    def find(self, name: str, header: str) -> tuple[Path, str] | None:
        """The copy for a browser with this Accept-Encoding header, and its encoding; None without one."""
        for encoding in accepted(header):
            copy = _copy_name(name, encoding)
            if copy in self.ready and (self.store / copy).exists():
                return self.store / copy, encoding
        return None

    def prepare(self) -> None:
        """Start making the copies in a thread of their own; all else has priority."""
        threading.Thread(target=self.make, name="static-copies", daemon=True).start()

    def make(self) -> None:
        """Make the copies that are missing, those of every page first."""
        with contextlib.suppress(OSError):  # Linux gives each thread a priority of its own; others do not
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        try:
            self.store.mkdir(parents=True, exist_ok=True)
            for name in self._in_order():
                self._pack(name)
            for outdated in set(self.store.parent.glob("static-*")) - {self.store}:
                rmtree(outdated, ignore_errors=True)
        except OSError as error:
            _LOG.warning("No compressed copies: each file is compressed when it is first asked for.", exc_info=error)

    def _in_order(self) -> list[str]:
        first = re.findall(r'"\./(static/[^"]+)"', self.files["index.html"].read_text("utf-8"))
        texts = [name for name in self.files if name.startswith("static/") and Path(name).suffix in TEXTS]
        return sorted(texts, key=lambda name: (name not in first, self.files[name].stat().st_size))

    def _pack(self, name: str) -> None:
        for encoding, pack in PACKERS.items():
            copy = _copy_name(name, encoding)
            if copy not in self.ready:
                # Two processes may both make it: each writes its own file, and the last one stays, whole.
                part = self.store / f"{copy}.{os.getpid()}.part"
                part.write_bytes(pack(self.files[name].read_bytes()))
                part.replace(self.store / copy)
                self.ready.add(copy)


class StaticFiles:
    """Middleware that answers for /static/; a hashed name never changes its content: browsers keep it."""

    def __init__(self, app: ASGIApp, *, copies: Copies) -> None:
        self.app = app
        self.copies = copies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 and 405 here too: Streamlit would send its page instead of the missing file."""
        if scope["type"] != "http" or not scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await sentence(405)(scope, receive, send)
        elif (name := scope["path"][1:]) not in self.copies.files:
            await sentence(404)(scope, receive, send)
        else:
            encodings = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
            await (await self._file(name, encodings))(scope, receive, send)

    async def _file(self, name: str, encodings: str) -> Response:
        path = self.copies.files[name]
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if found := self.copies.find(name, encodings):
            body, headers["Content-Encoding"] = await run_in_threadpool(_read, found[0]), found[1]
        elif path.suffix in TEXTS and "gzip" in accepted(encodings):
            body, headers["Content-Encoding"] = await run_in_threadpool(_read_packed, path), "gzip"
        else:
            body = await run_in_threadpool(_read, path)
        kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(name)[0]
        return Response(body, media_type=kind or "application/octet-stream", headers=headers)


def _copy_name(name: str, encoding: str) -> str:
    return f"{name.replace('/', '_')}.{encoding}"


@lru_cache(maxsize=256)
def _read(path: Path) -> bytes:
    return path.read_bytes()


_PACKING: Final = threading.Lock()


def _read_packed(path: Path) -> bytes:
    # Anybody may ask, as often and as many at once as they like: a file costs its compression once.
    with _PACKING:
        return _packed(path)


@lru_cache(maxsize=512)  # Streamlit has 321 texts
def _packed(path: Path) -> bytes:
    return PACKERS["gzip"](path.read_bytes())
