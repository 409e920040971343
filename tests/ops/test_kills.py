"""Whatever dies, the embedded PostgreSQL loses nothing and starts again; as root and as a user."""

import os
import subprocess

import psutil
import pytest

from tests.ops.conftest import Machine, wait_until


def keep_a_row(application) -> None:
    application.run("CREATE TABLE IF NOT EXISTS kept (n serial)")
    application.run("INSERT INTO kept DEFAULT VALUES")


def rows(application) -> int:
    return application.run("SELECT count(*) FROM kept")[0][0]


def test_a_killed_postgresql_loses_nothing(machine):
    application = machine.start()
    keep_a_row(application)
    before = rows(application)
    application.postgres.kill()
    assert rows(machine.start()) == before


def test_the_last_application_to_stop_stops_the_database(machine):
    first, second = machine.start(), machine.start()
    assert first.facts["postgres"] == second.facts["postgres"]
    first.stop()
    assert machine.runs()
    second.stop()
    assert not machine.runs()


def test_a_postgresql_killed_under_a_living_application_is_back_for_the_next(machine):
    first = machine.start()
    first.postgres.kill()
    wait_until(lambda: not machine.runs())
    second = machine.start()
    assert second.facts["postgres"] != first.facts["postgres"]
    assert first.run("SELECT 1") == [(1,)]


def test_the_database_of_a_killed_application_is_adopted_and_stopped_by_the_next(machine):
    killed = machine.start()
    keep_a_row(killed)
    before = rows(killed)
    killed.kill()
    assert machine.runs()
    following = machine.start()
    assert (following.facts["postgres"], rows(following)) == (killed.facts["postgres"], before)
    following.stop()
    assert not machine.runs()


def test_a_killed_application_does_not_count_as_a_user(machine):
    killed, living = machine.start(), machine.start()
    killed.kill()
    living.stop()
    assert not machine.runs()


def test_a_crash_of_everything_loses_nothing(machine):
    application = machine.start()
    keep_a_row(application)
    before = rows(application)
    machine.crash(application)
    assert (machine.data / "postmaster.pid").exists()
    assert rows(machine.start()) == before


def test_a_process_number_given_to_another_program_is_no_postgresql(machine):
    machine.crash(machine.start())
    with subprocess.Popen(["sleep", "60"]) as other:
        machine.pretend_pid(other.pid)
        assert machine.start().postgres.name() == "postgres"
        assert other.poll() is None
        other.kill()


def test_a_process_number_given_to_another_postgresql_is_not_ours(machine, folder):
    machine.crash(machine.start())
    neighbour = Machine(machine.uid, folder)
    os.chown(folder, machine.uid, -1)
    other = neighbour.start()
    machine.pretend_pid(other.facts["postgres"])
    assert machine.start().facts["postgres"] != other.facts["postgres"]
    assert other.run("SELECT 1") == [(1,)]
    neighbour.end()


def test_a_zombie_is_no_postgresql(machine):
    machine.crash(machine.start())
    with subprocess.Popen(["true"]) as zombie:
        wait_until(lambda: psutil.Process(zombie.pid).status() == psutil.STATUS_ZOMBIE)
        machine.pretend_pid(zombie.pid)
        assert machine.start().run("SELECT 1") == [(1,)]


@pytest.mark.parametrize("rest", ["", "ceci n'est pas un nombre\n"])
def test_a_spoilt_process_file_is_no_postgresql(machine, rest):
    machine.crash(machine.start())
    (machine.data / "postmaster.pid").write_text(rest)
    assert machine.start().run("SELECT 1") == [(1,)]
