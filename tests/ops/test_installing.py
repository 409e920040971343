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
        environ = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder)}
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


def test_an_installation_interrupted_then_refused_is_finished_and_the_next_commands_only_do_their_work(newcomer):
    interrupted = newcomer.start()
    wait_until((newcomer.folder / ".venv" / "bin" / "python").exists, seconds=60)  # which has no pip yet
    os.killpg(interrupted.pid, signal.SIGKILL)
    interrupted.communicate()
    assert newcomer.unfinished.exists()
    right = newcomer.folder.joinpath("requirements.txt").read_text()
    newcomer.wants("0" * 64)
    done = newcomer.call()
    assert "Installation" in done.stdout
    done.stdout = ""  # what it was at, not what stopped it
    assert refused(done).startswith("L'installation des paquets n'a pas abouti")
    assert newcomer.unfinished.exists()
    newcomer.folder.joinpath("requirements.txt").write_text(right)
    done = newcomer.call()
    assert (done.returncode, done.stderr) == (0, "")
    assert not newcomer.unfinished.exists()
    said = done.stdout.splitlines(keepends=True)
    assert [line.partition(" ")[0] for line in said[:-1]] == ["Création", "Installation"]
    assert "requirements.txt (1 paquets vérifiés" in said[1]
    assert said[-1] == newcomer.works == newcomer.call().stdout
