"""The application under `manage.py`: a code until it is used, a quick second start, a clean end."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import MappingProxyType

import httpx
import psycopg2
import pytest

from core import invites, opening, settings
from core.roles import Visitor
from db import embedded, migrations
from db.engine import open_engine
from tests.machine import EVERYWHERE
from tests.ops.conftest import new_folder, postgres_in, remove, wait_until
from tests.ops.project import Project
from tests.serving import model

PROXIED = {"ASSO_PUBLIC_URL": "https://acces.exemple.fr"}
CODE = re.compile(r"[A-Z]{3}-[0-9A-Z]{6}-[0-9A-Z]{5}")


def silent(_line: str) -> None:
    """Say nothing."""


def first_code(printed: str) -> str | None:
    found = CODE.search(printed)
    return found and found[0]


def activate(project, code: str) -> None:
    """Do what the first administrateur does with the code, without the screen."""
    found = settings.load(project.folder, {})
    database = embedded.start(found.var, say=silent)
    office = opening.office_on(open_engine(database.url("asso_app")), found)
    visitor, password = Visitor(ip="203.0.113.7", user_agent=""), "Quatre chevaux bleus galopent"
    invites.redeem(office, visitor, code=code, email="marie@exemple.fr", password=password, confirmation=password)
    office.engine.dispose()
    database.stop()


@contextmanager
def changed(project, first: str, last: str) -> Iterator[None]:
    """The database after one statement, and another at the end."""
    database = embedded.start(project.folder / "var", say=silent)
    with closing(psycopg2.connect(database.url("postgres").replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        connection.cursor().execute(first)
        yield
        connection.cursor().execute(last)
    database.stop()


@pytest.fixture(scope="module")
def shared() -> Iterator[Project]:
    """A project whose application has never run."""
    folder = new_folder(os.getuid())
    project = Project.in_folder(folder / "projet")
    for copies in model().glob("static-*"):  # which each of the many starts would go on compressing
        shutil.copytree(copies, project.folder / "var" / copies.name)
    yield project
    remove(folder)


@pytest.fixture
def project(shared: Project) -> Iterator[Project]:
    """The project, at rest before and after."""
    yield shared
    shared.end()
    assert not postgres_in(shared.folder)


def lived(project, by, environ=MappingProxyType({}), options=(), *, at="localhost", named=None) -> str:
    """What a start printed whose end came `by` that signal: its address, and no complaint."""
    application = project.run(environ, *options, at=at)
    assert postgres_in(project.folder)
    # As a terminal does: to the application and to whatever it has started.
    os.killpg(application.process.pid, by)
    printed, complaints = application.process.communicate(timeout=30)
    assert (application.process.returncode, complaints.strip()) == (0, "")
    assert f" {named or application.url}" in printed
    assert printed.endswith("Arrêt de l'application…\n")
    assert not postgres_in(project.folder)
    assert "database system is shut down" in (project.folder / "var" / "pg.log").read_text()
    return printed


def test_three_starts_at_three_addresses_and_a_new_first_code_at_each_until_it_is_used(project):
    printed = lived(project, signal.SIGINT)
    first = first_code(printed)
    assert re.search(rf"http://localhost:\d+/activer_mon_acces\?code={first}", printed)
    second = first_code(lived(project, signal.SIGTERM, options=("--host", "127.0.0.2"), at="127.0.0.2"))
    assert second != first
    activate(project, second)
    everywhere, name = ("--host", EVERYWHERE), PROXIED["ASSO_PUBLIC_URL"]
    assert first_code(lived(project, signal.SIGHUP, PROXIED, everywhere, named=name)) is None


def test_a_new_server_soon_sends_copies_that_were_compressed_ahead(folder):
    application = Project.in_folder(folder / "projet").run()
    page = httpx.get(application.url).text
    code = application.url + re.search(r'<script type="module" crossorigin src="\.(/static/[^"]+)"', page)[1]
    wait_until(lambda: httpx.get(code, headers={"accept-encoding": "gzip, br"}).headers["content-encoding"] == "br", 60)
    application.end()


def test_a_killed_application_starts_again_in_four_seconds_without_pip_or_network(project, tmp_path):
    killed = project.run()
    killed.process.kill()
    killed.process.communicate()
    assert postgres_in(project.folder)
    (tmp_path / "pip.py").write_text("raise SystemExit('pip was asked')")
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    nowhere |= {name.lower(): address for name, address in nowhere.items()}
    application = project.run(nowhere | {"PYTHONPATH": str(tmp_path)})
    # Of processor: the other tests take their share of the clock.
    assert application.effort <= 4
    code, printed, complaints = application.end()
    assert (code, re.findall("Installation|environnement", printed), complaints.strip()) == (0, [], "")


def test_a_database_ahead_of_the_application_is_refused(project):
    ahead = "UPDATE asso.alembic_version SET version_num = '9999'"
    with changed(project, ahead, f"UPDATE asso.alembic_version SET version_num = '{migrations.newest()}'"):
        done = project.call("run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "plus récente que l'application" in done.stderr


def test_migrate_says_the_version(project):
    assert re.search(r"à jour \(version \d{4}\)", project.call("migrate").stdout)


def test_roles_prints_sql_with_new_passwords(project):
    first, second = (project.call("roles").stdout for _ in range(2))
    assert "CREATE SCHEMA IF NOT EXISTS asso" in first
    assert first != second


def test_the_demonstration_fills_an_empty_database(folder):
    done = Project.in_folder(folder / "projet").call("demo")
    assert (done.returncode, done.stderr) == (0, "")
    assert "300 Personnes" in done.stdout
    assert not postgres_in(folder)
