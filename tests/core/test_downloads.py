"""Prepared files: who may have one, what is kept of it meanwhile."""

import json
import time
from contextlib import closing

import pytest
from cryptography.exceptions import InvalidTag

from core import downloads
from core.errors import DownloadVoid, NotAllowed, StepUpNeeded
from core.roles import Permission
from tests.core.test_invites import race


@pytest.fixture(autouse=True)
def essay():
    """A kind of file of the tests, for those who manage invitations."""
    downloads.register(
        "essai",
        "x.txt",
        "text/plain",
        lambda office, actor, wanted: iter([json.dumps(wanted).encode()]),
        permission=Permission.INVITES_MANAGE,
    )
    yield
    downloads.KINDS.pop("essai")


def token(address):
    return address.rpartition("/")[2]


def prepare(office, actor, **secret):
    return token(downloads.prepare(office, actor, kind="essai", wanted={"role": "bénévole"}, secret=secret or None))


def test_what_is_wanted_and_what_is_secret_reach_the_producer(office, marie):
    fetched = downloads.fetch(office, marie, token=prepare(office, marie, codes=["ZDL-7K3M9Q-X2V8D"]))
    with fetched.content as content:
        made = content.read()
    assert json.loads(made) == {"role": "bénévole", "codes": ["ZDL-7K3M9Q-X2V8D"]}
    assert fetched.size == len(made)


def test_a_secret_is_never_in_clear_in_the_database(office, marie, database):
    kept = prepare(office, marie, codes=["ZDL-7K3M9Q-X2V8D"])
    row = str(database.run("SELECT token_hash, wanted, encode(sealed, 'escape') FROM asso.downloads"))
    assert "7K3M9Q" not in row
    assert kept not in row


def test_a_secret_moved_to_another_row_does_not_open(office, marie, database):
    first, second = prepare(office, marie, code="A"), prepare(office, marie, code="B")
    swap = "UPDATE asso.downloads a SET sealed = b.sealed FROM asso.downloads b WHERE b.token_hash <> a.token_hash"
    database.run(swap)
    for moved in (first, second):
        with pytest.raises(InvalidTag):
            downloads.fetch(office, marie, token=moved)


def test_a_file_asks_for_a_fresh_proof(office, marie, clock):
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        prepare(office, marie)


def test_a_file_that_the_role_may_not_have_is_refused_and_audited(office, karim, deeds):
    with pytest.raises(NotAllowed):
        prepare(office, karim)
    assert deeds()[-1] == ("not_allowed", "refused")


def test_a_role_lost_meanwhile_loses_the_file(office, marie, karim):
    kept = prepare(office, marie)
    demoted = type(marie)(**{**vars(marie), "role": karim.role})
    with pytest.raises(NotAllowed):
        downloads.fetch(office, demoted, token=kept)
    with pytest.raises(DownloadVoid):
        downloads.fetch(office, marie, token=kept)


def test_what_nobody_fetched_is_thrown_away(office, marie, clock, database):
    prepare(office, marie, codes=["ZDL-7K3M9Q-X2V8D"])
    assert downloads.sweep(office) == 0
    clock.advance(minutes=5)
    assert downloads.sweep(office) == 1
    assert database.run("SELECT count(*) FROM asso.downloads") == [(0,)]


def test_of_fetches_at_the_same_instant_one_gets_the_file(office, marie, database):
    kept = prepare(office, marie)
    with closing(database.connect("postgres")) as holder:
        holder.cursor().execute("SELECT 1 FROM asso.downloads FOR UPDATE")

        def fetch(number):
            if number == 0:  # lets the row go once the others want it at once
                wait_for_blocked(database, 3)
                return holder.rollback()
            with downloads.fetch(office, marie, token=kept).content as content:
                return content.read()

        got = sorted(type(outcome).__name__ for outcome in race(4, fetch))
    assert got == ["DownloadVoid", "DownloadVoid", "NoneType", "bytes"]


def wait_for_blocked(database, count, seconds=3):
    """Wait until as many sessions wait for a lock; they give up after five seconds."""
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    until = time.monotonic() + seconds
    while database.run(blocked) != [(count,)] and time.monotonic() < until:
        time.sleep(0.02)
