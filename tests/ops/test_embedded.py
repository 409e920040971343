"""The embedded PostgreSQL: private, independent of the machine's language, at home where it may be."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from db import embedded
from tests.ops.conftest import Machine, StandIn, new_folder, postgres_in, remove


@pytest.fixture(scope="module")
def application() -> Iterator[StandIn]:
    """An application of this account, running for the whole module."""
    machine = Machine(os.getuid(), new_folder(os.getuid()), fast="")
    yield machine.start()
    machine.end()
    remove(machine.folder)


def var_of(application: StandIn) -> Path:
    return Path(application.facts["data"]).parent


def test_ctrl_c_in_the_terminal_leaves_the_database_to_the_application(application):
    database = application.facts["postgres"]
    assert os.getsid(database) == database
    assert os.getpgid(database) != os.getpgid(application.process.pid)


def test_nobody_else_can_reach_the_database(application):
    assert stat.S_IMODE((var_of(application) / "pg").stat().st_mode) == 0o700
    assert stat.S_IMODE((var_of(application) / "pg.run").stat().st_mode) == 0o700
    assert application.run("SHOW listen_addresses") == [("",)]


def test_a_quarter_of_the_memory_is_for_what_is_read_often_and_no_more_than_a_long_list_needs(application):
    [(kept,)] = application.run("SELECT pg_size_bytes(current_setting('shared_buffers')) / 1048576")
    assert kept == min(max(psutil.virtual_memory().total // 4 // 2**20, 128), 512)


def test_the_database_does_not_speak_the_language_of_the_machine(application):
    facts = "SELECT lower('ÉŒ'), current_setting('server_encoding'), current_setting('lc_messages'), 'é' > 'z'"
    assert application.run(facts) == [("éœ", "UTF8", "C", True)]
    assert application.run("SHOW timezone") == [("UTC",)]


def test_pages_are_checked_and_written_for_good(application):
    wanted = "SELECT setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'data_checksums')"
    assert application.run(wanted) == [("on",)] * 3


def test_faults_are_logged_without_the_values_that_caused_them(application):
    application.run("CREATE TABLE once (email text PRIMARY KEY)")
    application.run("INSERT INTO once VALUES ('jean@exemple.fr')")
    with pytest.raises(Exception, match="duplicate key"):
        application.run("INSERT INTO once VALUES ('jean@exemple.fr')")
    logged = (var_of(application) / "pg.log").read_text()
    assert "duplicate key" in logged
    assert "jean" not in logged


def test_the_application_never_is_superuser(application):
    assert application.run("SELECT rolname FROM pg_roles WHERE rolsuper") == [("postgres",)]
    assert application.run("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'asso%'") == [(4,)]


def test_four_first_starts_at_once_share_one_database(new_machine):
    crowd = new_machine.start_at_once(4)
    assert len({application.facts["postgres"] for application in crowd}) == 1
    new_machine.end()
    assert not new_machine.runs()


def test_an_interrupted_creation_is_begun_again(new_machine):
    unfinished = new_machine.var / "pg.new"
    unfinished.mkdir(parents=True, mode=0o700)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert new_machine.start().run("SELECT 1") == [(1,)]


def test_a_database_of_another_version_is_refused(new_machine):
    new_machine.data.mkdir(parents=True)
    (new_machine.data / "PG_VERSION").write_text("16\n")
    assert "PostgreSQL 16" in new_machine.start().facts["refusal"]


def test_a_folder_that_others_can_read_is_refused(new_machine):
    new_machine.start()
    new_machine.end()
    new_machine.data.chmod(0o755)
    assert "n'est pas privé" in new_machine.start().facts["refusal"]


def test_stopping_twice_does_nothing_more(folder):
    server = embedded.start(folder / "var", say=print)
    server.stop()
    server.stop()
    with pytest.raises(embedded.EmbeddedError, match="ne fonctionne plus"):
        _ = server.pid


def test_a_start_that_fails_leaves_nothing_running(folder, monkeypatch):
    def without_roles(url):
        raise psycopg2.OperationalError("la liaison est rompue")

    monkeypatch.setattr(embedded.roles, "create", without_roles)
    with pytest.raises(embedded.EmbeddedError, match="la liaison est rompue"):
        embedded.start(folder / "var", say=print)
    assert not postgres_in(folder)


def test_a_database_that_cannot_start_is_refused_with_its_own_reason(new_machine):
    new_machine.start()
    new_machine.end()
    (new_machine.data / "postgresql.conf").write_text("max_connections = beaucoup")
    assert "FATAL" in new_machine.start().facts["refusal"]
