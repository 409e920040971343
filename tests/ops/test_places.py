"""Where the embedded PostgreSQL works, and as whom: inside the project if it may; no folder's rights are changed."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from db import embedded, embedded_place
from tests.ops.conftest import NOBODY, Machine

only_root = pytest.mark.skipif(os.getuid() != 0, reason="non exécuté : demande root")


@pytest.mark.parametrize("name", ['l\'été "à" 100 %', "é" * 60], ids=["signes", "long"])
def test_an_unusual_path_gets_a_private_folder_for_its_socket(new_machine, name):
    var = new_machine.folder / name / "var"
    application = new_machine.start(var)
    assert application.facts["data"] == str(var / "pg")
    assert application.run("SELECT 1") == [(1,)]
    new_machine.end()
    shutil.rmtree(application.facts["sockets"])


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


@only_root
def test_programs_that_the_account_cannot_reach_are_copied_once(folder, monkeypatch):
    monkeypatch.setattr(embedded_place, "_reaches", lambda account, path: path == folder)
    monkeypatch.setattr(embedded_place, "ELSEWHERE", folder)
    said = []
    places = [embedded_place.choose(folder / "var", say=said.append) for _ in range(2)]
    assert [line for line in said if "copiés" in line] == said[1:2]
    assert len({place.programs for place in places}) == 1
    version = subprocess.run([places[0].programs / "initdb", "--version"], **places[0].identity, capture_output=True)
    assert version.stdout.startswith(b"initdb (PostgreSQL) 18")


@only_root
def test_without_useradd_postgresql_runs_as_nobody(folder, monkeypatch):
    monkeypatch.setattr(embedded_place, "SERVICE_ACCOUNT", "asso-absent")
    monkeypatch.setenv("PATH", "")
    assert embedded_place.choose(folder / "var", say=print).account == (NOBODY, NOBODY)


def test_a_folder_that_cannot_be_made_is_refused():
    with pytest.raises(embedded.EmbeddedError, match=r"inutilisable.*/proc/asso"):
        embedded.start(Path("/proc/asso"), say=print)
