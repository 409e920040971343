"""The whole application as people run it: `streamlit run server.py`, on a free port, with a database of its own."""

import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import httpx
import streamlit as st

from core import opening
from core.office import Office
from core.settings import Settings, load
from db import embedded
from db.engine import open_engine
from tests.machine import scratch
from web.static import Copies

ROOT = Path(__file__).parent.parent
KEY = b"s" * 32


def model() -> Path:
    """A `var` folder, made once per run of the tests for new servers to copy: a migrated database, Streamlit's files
    compressed."""
    folder = Path(os.environ["ASSO_TEST_VAR"] + "-model")
    folder.mkdir(mode=0o711, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            settings = replace(load(ROOT / "tests", {"ASSO_KEY": b64encode(KEY).decode()}), var=folder)
            opening.migrate(settings, say=_silent)
            copies = Copies(Path(st.__file__).parent / "static", folder, version=st.__version__)
            making = Thread(target=copies.make)  # it gives up the priority of its thread
            making.start()
            making.join()
            (folder / "ready").touch()
    return folder


def _silent(_line: str) -> None:
    """Say nothing."""


def free_port() -> int:
    """A port that nobody listens on: of this worker's own, and below those that the system gives to whoever asks."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in random.sample(range(10_000 + 1_000 * worker, 11_000 + 1_000 * worker), 1_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


class Server:
    """A server in a process of its own, and the office of its database for tests that look behind the screen.

    `environ` adds settings (ASSO_PUBLIC_URL=…); the folder is short because PostgreSQL's socket is in it.
    """

    def __init__(self, application: str = "server.py", **environ: str) -> None:
        self.application = application
        self.var = Path(tempfile.mkdtemp(prefix="asso-web-", dir=scratch()))
        self.var.chmod(0o711)  # PostgreSQL, which runs under another account for root, must reach its data
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environ = {
            "ASSO_VAR": str(self.var),
            "ASSO_KEY": b64encode(KEY).decode(),
            "ASSO_PORT": str(self.port),
            "ASSO_EMBEDDED_FAST": "1",
        } | environ
        self.process: subprocess.Popen[bytes] | None = None
        self._postgres: embedded.EmbeddedPostgres | None = None

    @property
    def settings(self) -> Settings:
        """As the server has them, but for hashes that cost little."""
        return replace(load(ROOT / "tests", self.environ), password_cost=4)

    @property
    def log(self) -> str:
        return (self.var / "log").read_text("utf-8")

    def furnish(self) -> None:
        """Give it the database and the files that every server begins with, unless it has them."""
        if not (self.var / "pg").exists():
            for folder in [folder for folder in model().iterdir() if folder.name == "pg" or "static-" in folder.name]:
                shutil.copytree(folder, self.var / folder.name)

    def start(self) -> "Server":
        """Start, and wait until the server answers."""
        self.furnish()
        command = [sys.executable, "-m", "streamlit", "run", self.application]
        command += ["--server.port", str(self.port)]
        with (self.var / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | self.environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self._wait_until_it_answers()
        return self

    def _wait_until_it_answers(self, seconds: float = 120) -> None:
        assert self.process
        until = time.monotonic() + seconds
        with httpx.Client(timeout=5) as client:
            while time.monotonic() < until and self.process.poll() is None:
                with suppress(httpx.HTTPError):
                    if client.get(f"{self.url}/_stcore/health").is_success:
                        return
                time.sleep(0.05)
        if self.process.poll() is None:
            self.end(signal.SIGKILL)
        raise AssertionError(f"the server does not answer:\n{self.log}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the server and return its exit code."""
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    @property
    def database(self) -> embedded.EmbeddedPostgres:
        """The server's database, which from now on outlives it; asked again, it is started when it is dead."""
        self.release_database()
        self._postgres = embedded.start(self.var, say=lambda line: None)
        return self._postgres

    def release_database(self) -> None:
        """Let PostgreSQL stop with the server again."""
        if self._postgres:
            self._postgres.stop()
            self._postgres = None

    def office(self) -> Office:
        """The house behind the server: the same database and key, with the real clock."""
        return opening.office_on(open_engine(self.database.url("asso_app"), pool_size=2), self.settings)

    def remove(self) -> None:
        """Stop everything and leave nothing behind."""
        if self.process and self.process.poll() is None:
            self.end()
        self.release_database()
        shutil.rmtree(self.var, ignore_errors=True)
