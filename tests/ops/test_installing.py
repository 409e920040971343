"""manage.py installs what the application needs, in a folder of its own, from a list of one small package."""

import os
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.machine import unmeasured
from tests.ops.conftest import wait_until
from tests.ops.project import ROOT
from tests.ops.test_surroundings import refused

WHEEL = "small-1.0-py3-none-any.whl"
INFO = "small-1.0.dist-info"
# What stands for the application: it says where it runs, and what it finds there.
APPLICATION = """
import sys

import small

COMMANDS = {"migrate": lambda root, say: say(f"{small.WHAT} dans {sys.prefix}")}
"""


class Newcomer:
    """A folder with manage.py, a list of packages, and the only place where pip may find them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "core").mkdir()
        for name in ("manage.py", "core/__init__.py", "core/errors.py"):
            shutil.copy(ROOT / name, folder / name)
        (folder / "core" / "running.py").write_text(APPLICATION)
        with ZipFile(folder / WHEEL, "w") as wheel:
            wheel.writestr("small.py", "WHAT = 'un petit paquet'\n")
            wheel.writestr(f"{INFO}/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
            wheel.writestr(f"{INFO}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{INFO}/RECORD", "")
        self.wants(sha256((folder / WHEEL).read_bytes()).hexdigest())

    def wants(self, fingerprint: str) -> None:
        """Write the list, with this fingerprint of the package."""
        (self.folder / "requirements.txt").write_text(f"small==1.0 \\\n    --hash=sha256:{fingerprint}\n")

    @property
    def unfinished(self) -> Path:
        return self.folder / ".venv" / "unfinished"

    def start(self) -> subprocess.Popen:
        command = [sys.executable, str(self.folder / "manage.py"), "migrate"]
        environ = unmeasured() | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder)}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.folder, env=environ, start_new_session=True, **pipes)

    def call(self) -> subprocess.CompletedProcess:
        process = self.start()
        printed, complaints = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, printed, complaints)

    @property
    def works(self) -> str:
        """What the application says when it runs inside `.venv`."""
        return f"un petit paquet dans {self.folder / '.venv'}\n"


@pytest.fixture
def newcomer(folder):
    return Newcomer(folder)


def announced(printed: str) -> list[str]:
    """What the command did before its work, by the first word of each line."""
    return [line.partition(" ")[0] for line in printed.splitlines() if not line.startswith("un petit paquet")]


def test_an_installation_that_was_interrupted_then_refused_is_begun_again_and_then_only_serves(newcomer):
    """One life, because an environment takes seconds to make: killed while it is made, refused, finished, used."""
    right = (newcomer.folder / "requirements.txt").read_text()
    interrupted = newcomer.start()
    wait_until((newcomer.folder / ".venv" / "bin" / "python").exists, seconds=60)  # which has no pip yet
    os.killpg(interrupted.pid, signal.SIGKILL)
    assert announced(interrupted.communicate()[0]) == ["Création"]
    assert newcomer.unfinished.exists()

    newcomer.wants("0" * 64)
    done = newcomer.call()
    assert announced(done.stdout) == ["Création", "Installation"]
    done.stdout = ""  # what it was at, not what stopped it
    assert refused(done).startswith("L'installation des paquets n'a pas abouti")
    assert newcomer.unfinished.exists()

    (newcomer.folder / "requirements.txt").write_text(right)
    done = newcomer.call()
    assert (done.returncode, done.stderr) == (0, "")
    assert announced(done.stdout) == ["Création", "Installation"]
    assert "requirements.txt (1 paquets vérifiés" in done.stdout
    assert done.stdout.endswith(newcomer.works)
    assert not newcomer.unfinished.exists()

    assert newcomer.call().stdout == newcomer.works
