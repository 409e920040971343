"""What has served its time is erased, and nothing else."""

import sys
from datetime import timedelta

import pytest
from sqlalchemy import text

from core import accounts, housekeeping, opening, passwords, resets, retention, running
from core.errors import WrongCredentials
from tests.conftest import PASSWORD

COUNTS = """SELECT (SELECT count(*) FROM asso.former_passwords), (SELECT count(*) FROM asso.rate_counters),
(SELECT count(*) FROM asso.session_tickets)"""


@pytest.fixture
def traces(office, visitor, marie):
    """Marie changed her password, then somebody mistyped it."""
    new = "Cinq lapins verts dansent"
    passwords.change(office, marie, current=PASSWORD, new=new, confirmation=new)
    with pytest.raises(WrongCredentials):
        accounts.sign_in(office, visitor, email="marie@exemple.fr", password="faux")


def test_what_still_counts_is_kept(office, database, traces):
    before = database.run(COUNTS)
    assert retention.erase_outdated(office) == 0
    assert database.run(COUNTS) == before
    assert min(before[0]) >= 1


def test_counters_and_tickets_go_when_they_no_longer_count(office, clock, database, traces):
    clock.advance(days=2)
    assert retention.erase_outdated(office) >= 2
    assert database.run(COUNTS) == [(1, 0, 0)]


def test_a_counter_in_use_is_not_waited_for(office, clock, database, traces):
    clock.advance(days=2)
    name, key = database.run("SELECT name, key FROM asso.rate_counters ORDER BY name LIMIT 1")[0]
    with office.begin() as db:
        used = text("SELECT 1 FROM asso.rate_counters WHERE name = :name AND key = :key FOR UPDATE")
        db.execute(used, {"name": name, "key": bytes(key)})
        retention.erase_outdated(office)
        assert database.run("SELECT name FROM asso.rate_counters") == [(name,)]


def test_a_former_password_goes_after_two_years_b6(office, clock, database, traces):
    clock.time += timedelta(days=729)
    retention.erase_outdated(office)
    assert database.run(COUNTS)[0][0] == 1
    clock.advance(days=1)
    retention.erase_outdated(office)
    assert database.run(COUNTS)[0][0] == 0


def test_a_reset_asked_and_never_used_leaves_no_counter(office, clock, visitor, database, marie):
    resets.ask(office, visitor, email="marie@exemple.fr")
    clock.advance(days=2)
    retention.erase_outdated(office)
    assert database.run("SELECT count(*) FROM asso.rate_counters") == [(0,)]


def test_every_job_of_the_server_is_a_command_too(office, monkeypatch, tmp_path):
    monkeypatch.setattr(opening, "open_office", lambda settings, *, say: office)
    monkeypatch.setattr(opening, "close", lambda: None)
    done = []
    for job in housekeeping.JOBS:
        monkeypatch.setattr(sys.modules[job.__module__], job.__name__, lambda office, job=job: done.append(job) or 1)
    said = []
    for command in ("housekeeping", "reminders"):
        running.COMMANDS[command](tmp_path, said.append)
    assert set(done) == set(housekeeping.JOBS)
    assert said[0] == "Lignes périmées effacées\u00a0: 2."
