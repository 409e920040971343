"""What the machine that runs the tests offers, and what a test does when something is missing."""

import os
import shutil
from pathlib import Path

import pytest

# Chromium without a window of its own: each new window of the other one costs most of a second.
CHROMIUM = "chromium-headless-shell"
# What a server listens on to be reached from other machines.
EVERYWHERE = "0.0.0.0"  # noqa: S104 (said to programs, not listened on by us)
# program -> package of Debian
PROGRAMS = {
    CHROMIUM: CHROMIUM,
    "pgbouncer": "pgbouncer",
    "oathtool": "oathtool",
    "zbarimg": "zbar-tools",
    "soffice": "libreoffice-calc-nogui",
}


def can_install() -> bool:
    """Whether `manage.py test` may install programs: as root on Debian and its family."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def found(program: str) -> str | None:
    """The path of a program; Debian keeps servers where ordinary users do not look."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def needed(program: str) -> str:
    """The path of a program a test cannot do without; without it the test fails where it could be installed.

    Elsewhere the test is not run, and `manage.py test` names the program at its end.
    """
    path = found(program)
    if path is None and can_install():
        pytest.fail(f"{program} manque : apt install {PROGRAMS[program]}")
    if path is None:
        pytest.skip(f"non exécuté : {program} absent")
    return path


def scratch() -> str:
    """The folder for what tests throw away: a database is a thousand small files, quicker made and removed in memory.

    Its name is short and the same for every account: PostgreSQL's socket is somewhere in it.
    """
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 2**30
    return str(memory if roomy else "/tmp")
