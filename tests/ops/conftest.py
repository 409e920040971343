"""Folders, accounts and processes for the tests of the embedded database and of manage.py."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg2
import pytest

from tests.machine import scratch
from tests.ops.project import Project

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
ACCOUNTS = {"root": 0, "un utilisateur": NOBODY} if os.getuid() == 0 else {"un utilisateur": os.getuid()}


def new_folder(uid: int) -> Path:
    """A short path (sockets have little room) that every account can cross, as a home of a project is."""
    folder = Path(tempfile.mkdtemp(prefix="asso-ops-", dir=scratch()))
    folder.chmod(0o755)
    os.chown(folder, uid, -1)
    return folder


def remove(folder: Path) -> None:
    """Stop what still works there, then remove it."""
    for process in postgres_in(folder):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGQUIT)
    psutil.wait_procs(postgres_in(folder), timeout=5)
    shutil.rmtree(folder)


def postgres_in(folder: Path) -> list[psutil.Process]:
    """The living PostgreSQL processes whose data is somewhere in the folder."""
    found = (process for process in psutil.process_iter(["name", "cwd", "status"]))
    return [process for process in found if _is_postgres_in(process.info, folder)]


def _is_postgres_in(facts: dict, folder: Path) -> bool:
    zombie = facts["status"] == psutil.STATUS_ZOMBIE
    return not zombie and facts["name"] == "postgres" and str(facts["cwd"]).startswith(f"{folder}/")


@dataclass
class StandIn:
    """A process that uses the embedded database of a folder, and what it said of it."""

    process: subprocess.Popen
    facts: dict

    @property
    def postgres(self) -> psutil.Process:
        return psutil.Process(self.facts["postgres"])

    def run(self, statement: str) -> list[tuple]:
        with closing(psycopg2.connect(self.facts["url"].replace("+psycopg2", ""))) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Machine:
    """One folder with an embedded database, used under one account."""

    uid: int
    folder: Path
    fast: str = "1"
    applications: list[StandIn] = field(default_factory=list)

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def data(self) -> Path:
        return self.var / "pg"

    def start(self, var: Path | None = None) -> StandIn:
        """Start an application and wait until it uses the database, or says why it cannot."""
        return self.start_at_once(1, var)[0]

    def start_at_once(self, count: int, var: Path | None = None) -> list[StandIn]:
        command = [sys.executable, "-m", "tests.ops.stand_in", str(var or self.var), str(self.uid)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        environ = os.environ | {"ASSO_EMBEDDED_FAST": self.fast}
        processes = [subprocess.Popen(command, cwd=ROOT, env=environ, **pipes) for _ in range(count)]
        started = [StandIn(process, json.loads(process.stdout.readline())) for process in processes]
        self.applications += started
        return started

    def end(self) -> None:
        for application in self.applications:
            application.stop()
        self.applications.clear()

    def runs(self) -> bool:
        return bool(postgres_in(self.folder))

    def pretend_pid(self, pid: int) -> None:
        """Write another process number where PostgreSQL keeps its own, as a reboot makes it happen."""
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        (self.data / "postmaster.pid").write_text("\n".join([str(pid), *lines[1:]]) + "\n")

    def crash(self, application: StandIn) -> None:
        """Kill the application and every PostgreSQL process at once, as when the power fails."""
        application.process.kill()
        for process in postgres_in(self.folder):
            with suppress(psutil.NoSuchProcess):  # it ends with the ones before it
                process.kill()
        application.kill()
        wait_until(lambda: not self.runs())


def wait_until(happens, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture(scope="module", params=ACCOUNTS.values(), ids=ACCOUNTS.keys())
def everywhere(request) -> Iterator[Machine]:
    """One machine per account for a module: creating a database takes most of a second."""
    machine = Machine(request.param, new_folder(request.param))
    yield machine
    remove(machine.folder)


@pytest.fixture
def machine(everywhere: Machine) -> Iterator[Machine]:
    """A machine on which nothing runs, before and after; once as root, once as a user."""
    assert not everywhere.runs()
    yield everywhere
    everywhere.end()


@pytest.fixture
def folder() -> Iterator[Path]:
    made = new_folder(os.getuid())
    yield made
    remove(made)


@pytest.fixture
def new_machine(folder: Path) -> Iterator[Machine]:
    """A machine of this account that has never had a database."""
    made = Machine(os.getuid(), folder)
    yield made
    made.end()


@pytest.fixture(scope="module")
def copied() -> Iterator[Project]:
    """A project for a module: to copy one takes as long as to refuse a command there."""
    made = new_folder(os.getuid())
    yield Project.in_folder(made / "projet")
    remove(made)


@pytest.fixture
def project(copied: Project) -> Iterator[Project]:
    """The project without settings, at rest before and after."""
    yield copied
    copied.end()
    copied.forget_secrets()
