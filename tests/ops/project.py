"""A copy of the project as a newcomer has it, driven through `manage.py` as a newcomer does."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.error import HTTPError

import psutil

from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
# Some of it is written, or goes away, while it would be copied.
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "var", "tests", "docs", "secrets.toml", ".*_cache", "*.pyc.*")
LISTS = ("requirements.txt", "requirements-dev.txt")
PATIENCE = 60.0


@dataclass
class Running:
    """The application, started by `manage.py run`."""

    process: subprocess.Popen
    url: str
    effort: float  # seconds of processor until it answered

    def end(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Its exit code, what it printed and what it complained of."""
        self.process.send_signal(by)
        printed, complaints = self.process.communicate(timeout=30)
        return self.process.returncode, printed, complaints


@dataclass
class Project:
    """A folder with the project's files, and the packages of the interpreter that runs the tests."""

    folder: Path
    running: list[Running] = field(default_factory=list)

    @classmethod
    def in_folder(cls, folder: Path) -> "Project":
        shutil.copytree(ROOT, folder, ignore=LEFT_BEHIND)
        packages = folder / ".venv"
        packages.mkdir()
        for name in ("bin", "lib", "pyvenv.cfg"):
            (packages / name).symlink_to(Path(sys.prefix) / name)
        for name in LISTS:
            shutil.copy(folder / name, packages / name)
        return cls(folder)

    @property
    def python(self) -> str:
        return str(self.folder / ".venv" / "bin" / "python")

    def call(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
        """Do a command to its end; on the usual port the application itself may be at work."""
        if arguments == ("run",):
            arguments += ("--port", str(free_port()))
        return subprocess.run(
            self._command(arguments),
            cwd=self.folder,
            env=os.environ | environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def run(self, environ: Mapping[str, str] = MappingProxyType({}), *options: str, at: str = "localhost") -> Running:
        """Start the application on a free port, and wait until it answers at that host."""
        port, deadline = free_port(), time.monotonic() + PATIENCE
        command = self._command(("run", "--port", str(port), *options))
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=os.environ | environ,
            start_new_session=True,
            preexec_fn=_listen_as_in_a_terminal,
            **pipes,
        )
        url = f"http://{at}:{port}"
        while not answers(f"{url}/healthz"):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        spent = psutil.Process(process.pid).cpu_times()
        self.running.append(Running(process, url, spent.user + spent.system))
        return self.running[-1]

    @property
    def _secrets(self) -> Path:
        return self.folder / ".streamlit" / "secrets.toml"

    def secrets(self, text: str) -> None:
        self._secrets.write_text(text, encoding="utf-8")

    def forget_secrets(self) -> None:
        self._secrets.unlink(missing_ok=True)

    def end(self) -> None:
        for application in self.running:
            if application.process.poll() is None:
                application.end()

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [self.python, str(self.folder / "manage.py"), *arguments]


def _listen_as_in_a_terminal() -> None:
    """Hear Ctrl-C and a closed terminal, which who starts the tests by `nohup` or in the background has ignored."""
    for sent in (signal.SIGINT, signal.SIGHUP):
        signal.signal(sent, signal.SIG_DFL)


def answers(url: str) -> bool:
    with suppress(HTTPError, OSError):
        return urllib.request.urlopen(url, timeout=5).status == 200  # noqa: S310 (a server of ours)
    return False
