"""What `manage.py test` and `manage.py lint` do, once the packages they need are installed."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from alembic.util import CommandError
from playwright.sync_api import sync_playwright
from sqlalchemy.exc import SQLAlchemyError

from db import embedded, migrations
from tests import asvs
from tests.machine import CHROMIUM, PROGRAMS, can_install, found, scratch

# Files in the order of tests/conftest.py, the long ones first: the last to end are short.
WHOLE_SUITE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
FLOOR = 95  # of a hundred lines of core, db and web
OURS = ["bench", "core", "db", "web", "ui", "pages", "server.py", "Home.py", "manage.py"]
LOCKS = {"requirements.txt", "requirements-dev.txt", "bench/requirements.txt"}  # their fingerprints look like secrets
# A sentence is no key; nor are the alphabet of the codes, a placeholder, the name of a deed.
NO_SECRETS = r"(?i)\s|^(0123456789ABCDEFGHJKMNPQRSTVWXYZ|mot.?de.?passe|password_changed)$"

# Digests that a browser compares, and servers that do not exist.
NO_SECRETS_IN = r"sha256-|@[\w.]*exemple\.(org|fr)"


def test(arguments: list[str]) -> int:
    """Run pytest, on the whole suite unless told otherwise, then name what this machine lacks."""
    absent = [program for program in PROGRAMS if found(program) is None]
    if absent and can_install():
        _install_from_debian([PROGRAMS[program] for program in absent])
    if not _has_chromium():
        print("Installation de Chromium (celui de Playwright)…", flush=True)
        _python("playwright", "install", "chromium")
    os.environ["TMPDIR"] = scratch()  # what pytest and Chromium put aside
    outcome = _python("pytest", *arguments) if arguments else _whole_suite()
    for program in PROGRAMS:
        if program != CHROMIUM and found(program) is None:
            print(f"Non exécuté : {program} absent de cette machine.", flush=True)
    return outcome


def _install_from_debian(packages: list[str]) -> None:
    print(f"Installation de {', '.join(packages)} (paquets Debian)…", flush=True)
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, env=quietly, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)


def _whole_suite() -> int:
    """Every test, then the lines that none of them reached; the exit code objects to either."""
    with tempfile.TemporaryDirectory(prefix="asso-coverage-") as folder:
        figures = f"{folder}/all.json"
        outcome = _python("slipcover", "--json", "--out", figures, "-m", "pytest", *WHOLE_SUITE)
        # Apart: asked in the run itself, SlipCover 1.1 forgets what the workers measured.
        report = ["--fail-under", str(FLOOR), "--skip-covered", "--merge", figures, "--out", os.devnull]
        shortfall = _python("slipcover", *report)
    return outcome or shortfall


def _has_chromium() -> bool:
    if found(CHROMIUM):
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _python(module: str, *arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode


def docs() -> int:
    """Write the pages of docs/ that are made from the code."""
    asvs.write()
    print(f"{asvs.PAGE.relative_to(asvs.ROOT)} est à jour.", flush=True)
    return 0


def lint() -> int:
    """One line per tool, and what it says when it objects; 1 when any of them does."""
    checks = {
        "style": lambda: _tool("ruff", "check", "--quiet", "."),
        "mise en forme": lambda: _tool("ruff", "format", "--check", "--quiet", "."),
        "types": lambda: _tool("mypy"),
        "appels risqués": lambda: _tool("bandit", "-q", "-c", "pyproject.toml", "-r", *OURS),
        "secrets oubliés": _secrets,
        "migrations": lambda: _tool("tests.workshop"),  # by itself: Alembic talks even when all is well
    }
    return max([_reported(name, check) for name, check in checks.items()])


def _reported(name: str, check: Callable[[], str]) -> int:
    begun = time.monotonic()
    objection = check()
    verdict = "à corriger" if objection else "bon"
    print(f"{name:.<20} {verdict} ({time.monotonic() - begun:.1f} s)", flush=True)
    if objection:
        print(objection, flush=True)
    return int(bool(objection))


def _tool(*command: str) -> str:
    """What the tool objects to; nothing when it is content."""
    done = subprocess.run([sys.executable, "-m", *command], check=False, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip() or f"code {done.returncode}" if done.returncode else ""


def _secrets() -> str:
    """Every file of the repository, committed or not; made-up passwords are for tests alone."""
    # The folder may belong to another account than the one that checks it, as in a container.
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True)
    if listed.returncode:
        return listed.stderr
    files = [name for name in listed.stdout.splitlines() if name not in LOCKS and Path(name).exists()]
    tests = [name for name in files if name.startswith("tests/")]
    scan = ("detect_secrets.pre_commit_hook", "--exclude-secrets", NO_SECRETS, "--exclude-lines", NO_SECRETS_IN)
    others = _tool(*scan, *(set(files) - set(tests)))
    return others or _tool(*scan, "--disable-plugin", "KeywordDetector", *tests)


def _migrations() -> str:
    """What the models have that the migrations do not make, on a database thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="asso-lint-") as folder:
        # PostgreSQL, which runs under another account for root, must reach its data.
        Path(folder).chmod(0o711)
        os.environ["ASSO_EMBEDDED_FAST"] = "1"
        server = embedded.start(Path(folder), say=lambda line: None)
        try:
            migrations.upgrade(server.url("asso_migrator"))
            migrations.check(server.url("asso_migrator"))
        except (CommandError, SQLAlchemyError) as objection:
            return str(objection)
        finally:
            server.stop()
    return ""


if __name__ == "__main__":
    sys.exit(_migrations() or None)
