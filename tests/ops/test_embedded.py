"""The embedded PostgreSQL: private, independent of the machine's language, at home where it may be."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.conftest import NOBODY, Machine, StandIn, new_folder, remove

only_root = pytest.mark.skipif(os.getuid() != 0, reason="non exécuté : demande root")


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


@pytest.mark.parametrize("name", ['l\'été "à" 100 %', "é" * 60], ids=["signes", "long"])
def test_an_unusual_path_gets_a_private_folder_for_its_socket(new_machine, name):
    var = new_machine.folder / name / "var"
    application = new_machine.start(var)
    assert application.facts["data"] == str(var / "pg")
    assert application.run("SELECT 1") == [(1,)]


def test_a_database_of_another_version_is_refused(new_machine):
    new_machine.data.mkdir(parents=True)
    (new_machine.data / "PG_VERSION").write_text("16\n")
    assert "PostgreSQL 16" in new_machine.start().facts["refusal"]


def test_a_folder_that_others_can_read_is_refused(new_machine):
    new_machine.start()
    new_machine.end()
    new_machine.data.chmod(0o755)
    assert "n'est pas privé" in new_machine.start().facts["refusal"]


@only_root
def test_the_database_of_another_account_is_refused(new_machine):
    new_machine.start()
    new_machine.end()
    user = Machine(NOBODY, new_machine.folder)
    assert "appartient à un autre compte" in user.start().facts["refusal"]
    user.end()


@only_root
def test_root_goes_on_with_the_database_of_a_user_as_that_user(new_machine):
    os.chown(new_machine.folder, NOBODY, -1)
    user = Machine(NOBODY, new_machine.folder)
    user.start().run("CREATE TABLE kept (n int)")
    user.end()
    application = new_machine.start()
    assert application.run("SELECT count(*) FROM kept") == [(0,)]
    assert application.postgres.uids().real == NOBODY


@only_root
def test_a_copy_made_by_root_works(new_machine):
    new_machine.start().run("CREATE TABLE kept (n int)")
    new_machine.end()
    copy = new_machine.folder / "copie"
    shutil.copytree(new_machine.var, copy)
    assert new_machine.start(copy).run("SELECT count(*) FROM kept") == [(0,)]


@only_root
def test_under_a_closed_folder_the_data_go_elsewhere_and_no_right_is_changed(new_machine):
    new_machine.folder.chmod(0o700)
    application = new_machine.start()
    data = Path(application.facts["data"])
    try:
        assert data.parent.parent == Path("/var/lib")
        assert application.facts["said"][0].endswith(f"la base est dans {data}.")
        assert stat.S_IMODE(new_machine.folder.stat().st_mode) == 0o700
        new_machine.folder.chmod(0o755)
        assert new_machine.start().facts["data"] == str(data)
    finally:
        new_machine.end()
        shutil.rmtree(data.parent)


@only_root
def test_data_that_became_unreachable_are_not_replaced_by_an_empty_database(new_machine):
    new_machine.start()
    new_machine.end()
    new_machine.folder.chmod(0o700)
    assert "n'est plus traversable" in new_machine.start().facts["refusal"]
