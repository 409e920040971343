"""The worker: woken by a deed, stopped by nothing but the end of the server."""

import time
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from core import outbox
from core.carriers import PermanentFailure, Reason
from core.mail_worker import MailWorker


def eventually(true, seconds=5.0):
    """Whether `true` comes within a few seconds."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@pytest.fixture
def worker(office, postman):
    """A worker that looks by itself only every minute: what it does before, it was woken for."""
    started = MailWorker(office, seconds=60)
    started.carrier = postman
    started.start()
    yield started
    started.stop()
    assert not started._thread.is_alive()


def test_the_worker_sends_what_is_posted_at_once(worker, post, postman):
    begun = time.monotonic()
    post()
    assert eventually(lambda: postman.carried)
    assert time.monotonic() - begun < 2


def test_a_mail_refused_for_good_does_not_hold_up_the_others(office, post, postman):
    for number in range(4):
        post(f"p{number}@exemple.fr")
    postman.failures = [PermanentFailure(Reason.REFUSED), PermanentFailure(Reason.REFUSED)]
    worker = MailWorker(office, seconds=60)
    worker.carrier = postman
    worker.start()
    assert eventually(lambda: len(postman.carried) == 2)
    worker.stop()


def test_a_worker_that_stops_takes_no_other_mail(office, post, postman):
    for number in range(3):
        post(f"p{number}@exemple.fr")
    worker = MailWorker(office, seconds=60)
    begun, going_on = Event(), Event()
    worker.carrier = SimpleNamespace(carry=lambda mail: [begun.set(), going_on.wait(10), postman.carry(mail)][2])
    worker.start()
    assert begun.wait(10)
    stopping = Thread(target=worker.stop)
    stopping.start()
    assert eventually(worker._stopping.is_set)
    going_on.set()
    stopping.join(10)
    assert len(postman.carried) == 1
    assert outbox.waiting(office) == 2


def test_the_worker_survives_a_database_that_goes_away_and_a_carrier_that_breaks(office, post, postman, engine):
    worker = MailWorker(office, seconds=0.05)
    worker.carrier = postman
    postman.failures = [ValueError("ce que quelqu'un a saisi")]
    post("a@exemple.fr")
    worker.start()
    assert eventually(lambda: not postman.failures)
    engine.dispose()
    post("b@exemple.fr")
    assert eventually(lambda: [mail.to for mail in postman.carried] == ["b@exemple.fr"])
    worker.stop()


def test_two_workers_send_each_mail_once(office, post, postman):
    workers = [MailWorker(office, seconds=0.05) for _ in "ab"]
    for worker in workers:
        worker.carrier = postman
        worker.start()
    for number in range(12):
        post(f"p{number}@exemple.fr")
    assert eventually(lambda: outbox.waiting(office) == 0)
    for worker in workers:
        worker.stop()
    assert len(postman.carried) == 12


def test_a_worker_without_provider_says_so_and_keeps_the_mails(office, post, caplog):
    worker = MailWorker(office, seconds=0.05)
    worker.start()
    post()
    worker.stop()
    assert "No [mail] setting" in caplog.text
    assert outbox.waiting(office) == 1
