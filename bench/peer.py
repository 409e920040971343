"""Django admin on the same table: installed in an environment of its own, served by gunicorn, read over HTTP."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

import psutil
import psycopg2

from bench.programs import ROOT, free_port, network, program, wait_for
from bench.screen import PATIENCE, NotAsExpected
from bench.world import World
from core.errors import SetupError

LIST: Final = ROOT / "bench" / "requirements.txt"
HOME: Final = ROOT / ".venv" / "bench"
ADDRESS: Final = "/admin/peer_site/personne/"
THREADS: Final = 4


def install(say: Callable[[str], None], home: Path = HOME) -> Path:
    """The Python of the peer's environment, made unless this very list of packages is installed there.

    Raises SetupError.
    """
    python, copy = home / "bin" / "python", home / LIST.name
    if not copy.exists() or copy.read_bytes() != LIST.read_bytes():
        say("Installation de Django dans un environnement à part…")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
            subprocess.run([*pip, "--require-hashes", "-r", str(LIST)], check=True)
        except subprocess.CalledProcessError:
            raise SetupError("Django n'a pas pu être installé (réseau ? place sur le disque ?).") from None
        copy.write_bytes(LIST.read_bytes())
    return python


def versions() -> str:
    """« Django 5.2.1, gunicorn 23.0.0 », as they are pinned."""
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", LIST.read_text("utf-8"), re.MULTILINE))
    return f"Django {pinned['django']}, gunicorn {pinned['gunicorn']}"


@dataclass(frozen=True)
class Peer:
    """A running Django admin: its port, its process, and the cookie of a superuser who is signed in."""

    port: int
    process: psutil.Process
    cookie: str

    @property
    def memory(self) -> int:
        """Bytes in memory, of gunicorn and of its worker."""
        return sum(one.memory_info().rss for one in (self.process, *self.process.children()))


@contextmanager
def served(world: World, python: Path, milliseconds: float = 0) -> Iterator[Peer]:
    """Django admin on that database: one worker of four threads, whose connections stay open."""
    cookie = _prepared(world, python)
    with network(world, milliseconds) as (host, port):
        own, log = free_port(), world.office.settings.var / "peer.log"
        command = [str(python), "-m", "gunicorn", "bench.peer_site.wsgi:application", f"--bind=127.0.0.1:{own}"]
        command += ["--workers=1", f"--threads={THREADS}", "--keep-alive=75", "--no-control-socket"]
        with program(command, log=log, **_environ(world, host, port)) as process:
            wait_for(own, process, log)
            yield Peer(own, psutil.Process(process.pid), cookie)


def _environ(world: World, host: str, port: int) -> dict[str, str]:
    settings = {"DJANGO_SETTINGS_MODULE": "bench.peer_site.settings", "PEER_KEY": world.key}
    return settings | {"PEER_HOST": host, "PEER_PORT": str(port)}


def _prepared(world: World, python: Path) -> str:
    """Make Django's own tables, in a schema beside ours; the cookie of a superuser who is signed in."""
    _execute(world, "CREATE SCHEMA IF NOT EXISTS peer")
    with network(world, 0) as (host, port):
        environ = os.environ | _environ(world, host, port)
        command = [str(python), "-m", "bench.peer_site.prepare"]
        done = subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    return f"sessionid={done.stdout.split()[-1]}"


def _execute(world: World, statement: str) -> None:
    with closing(psycopg2.connect(world.database.url("postgres").replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def index(world: World, *, present: bool) -> None:
    """The index that a careful Django project would add for its order, or none: the table is ours."""
    order = 'CREATE INDEX peer_order ON asso.personnes (nom, prenom, "ID_PERSONNE" DESC)'
    _execute(world, order if present else "DROP INDEX IF EXISTS asso.peer_order")


class Tab:
    """One connection of a browser to the peer, kept open from one page to the next."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def __aenter__(self) -> "Tab":
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._peer.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Hang up."""
        self._writer.close()

    async def get(self, query: str = "") -> float:
        """The milliseconds until the whole list is there; raises NotAsExpected on any other page."""
        began = time.perf_counter()
        asked = f"GET {ADDRESS}{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._peer.cookie}\r\n\r\n"
        self._writer.write(asked.encode())
        async with asyncio.timeout(PATIENCE):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            body = await self._reader.readexactly(int(length[1])) if length else b""
        ms = (time.perf_counter() - began) * 1000
        if not head.startswith(b"HTTP/1.1 200") or b'class="field-prenom' not in body:
            raise NotAsExpected(f"{ADDRESS}{query} : {head[:200]!r}")
        return ms
