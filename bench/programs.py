"""The programs that a bench starts beside itself: each ends with the block that started it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psutil

from bench.world import World

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 60.0
LONG_PATIENCE: Final = 300.0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def program(command: Sequence[str], *, log: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the project's folder, that writes to `log`; ended with the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        process.kill()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once `process` listens on `port`; raises RuntimeError when it never does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} ne répond pas :\n{log.read_text('utf-8')[-3000:]}")


@contextmanager
def network(world: World, milliseconds: float) -> Iterator[tuple[str, int]]:
    """Where PostgreSQL is reached: the socket itself, or a port of this machine as far away as is wanted."""
    folder = world.database.socket_dir
    if not milliseconds:
        yield str(folder), 5432
        return
    command = [sys.executable, "-m", "bench.delay", str(folder / ".s.PGSQL.5432"), str(milliseconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout  # noqa: S101 (a pipe was asked for)
        with process.stdout as printed:
            yield "127.0.0.1", int(printed.readline())
    finally:
        process.terminate()
        process.wait()


@contextmanager
def application(world: World, milliseconds: float = 0) -> Iterator[tuple[str, psutil.Process]]:
    """Our server on that database, as people run it: its address and its process."""
    with network(world, milliseconds) as (host, port):
        own, log = free_port(), world.office.settings.var / "application.log"
        environ = {
            "ASSO_DATABASE_URL": f"postgresql://asso_app@/asso?host={quote(host, safe='')}&port={port}",
            "ASSO_KEY": world.key,
            "ASSO_PORT": str(own),
            "ASSO_VAR": str(world.office.settings.var),
        }
        command = [sys.executable, "-m", "streamlit", "run", "server.py", f"--server.port={own}"]
        with program(command, log=log, **environ) as process:
            wait_for(own, process, log)
            yield f"http://localhost:{own}", psutil.Process(process.pid)


def settle(processes: Iterable[psutil.Process]) -> None:
    """Wait until what servers do once is done: ours compresses the files of its pages, for a minute or so."""
    until = time.monotonic() + LONG_PATIENCE
    for process in processes:
        while time.monotonic() < until and max(process.cpu_percent(interval=1) for _ in range(3)) > 10:
            pass
