"""The outbox: a mail leaves with its deed, at most once, whatever breaks (R11)."""

from datetime import timedelta

import pytest

from core import outbox
from core.carriers import PermanentFailure, Reason, TemporaryFailure, Unsure
from core.letter import Kind
from tests.core.test_invites import race
from tests.mail.conftest import a_letter


def test_a_mail_leaves_with_its_deed_and_only_once(office, post, postman, state):
    post()
    assert outbox.send_due(office, postman) == 1
    assert outbox.send_due(office, postman) == 0
    assert [mail.to for mail in postman.carried] == ["jean@exemple.fr"]
    assert state() == ({"accepted"}, None)


def test_a_deed_undone_sends_nothing(office, postman, database):
    outbox.posted.clear()

    def deed():
        with office.begin() as db:
            outbox.post(db, office, a_letter(), personne_id=None)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        deed()
    assert database.run("SELECT count(*) FROM asso.mails") == [(0,)]
    assert not outbox.posted.is_set()


def test_the_worker_is_woken_by_the_commit_not_before(office):
    outbox.posted.clear()
    with office.begin() as db:
        outbox.post(db, office, a_letter(), personne_id=None)
        assert not outbox.posted.is_set()
    assert outbox.posted.is_set()


def test_nothing_can_be_read_in_the_table_and_nothing_stays_after(office, post, postman, database):
    post()
    row, sealed = database.run("SELECT m::text, sealed FROM asso.mails m")[0]
    assert not any(word in row or word.encode() in bytes(sealed) for word in ("secret", "jean", "exemple"))
    outbox.send_due(office, postman)
    assert database.run("SELECT sealed FROM asso.mails") == [(None,)]


def test_ten_minutes_without_a_provider_lose_and_double_nothing(office, post, postman, clock, database):
    for number in range(5):
        post(f"p{number}@exemple.fr")
    down = clock.now() + timedelta(minutes=10)
    while clock.now() < down + timedelta(minutes=20):
        postman.failures = [TemporaryFailure(Reason.UNREACHABLE)] if clock.now() < down else []
        outbox.send_due(office, postman)
        clock.advance(seconds=5)
    assert sorted(mail.to for mail in postman.carried) == [f"p{number}@exemple.fr" for number in range(5)]
    assert outbox.waiting(office) == 0
    assert database.run("SELECT max(tries) < 12 FROM asso.mails") == [(True,)]


def test_twenty_senders_at_once_send_each_mail_once(office, post, postman):
    for number in range(30):
        post(f"p{number}@exemple.fr")
    sent = race(20, lambda number: outbox.send_due(office, postman))
    assert sum(sent) == 30
    assert len({mail.to for mail in postman.carried}) == len(postman.carried) == 30


def test_a_temporary_failure_waits_longer_each_time_and_never_alike(office, post, postman, clock, database):
    post()
    waits = []
    for _ in range(6):
        postman.failures = [TemporaryFailure(Reason.BUSY)]
        outbox.send_due(office, postman)
        next_try_at = database.run("SELECT next_try_at FROM asso.mails")[0][0]
        waits.append((next_try_at - clock.now()).total_seconds())
        clock.time = next_try_at
    assert all(5 * 2**n <= wait <= 10 * 2**n for n, wait in enumerate(waits))
    assert len({wait / 2**n for n, wait in enumerate(waits)}) > 1


def test_a_provider_that_asks_to_wait_is_left_alone_for_every_mail(office, post, postman, clock):
    post("a@exemple.fr")
    post("b@exemple.fr")
    postman.failures = [TemporaryFailure(Reason.BUSY, timedelta(minutes=3))]
    outbox.send_due(office, postman)
    clock.advance(seconds=179)
    assert outbox.send_due(office, postman) == 0
    clock.advance(seconds=1)
    assert outbox.send_due(office, postman) == 2


@pytest.mark.parametrize(
    ("failure", "dates"),
    [(PermanentFailure(Reason.REFUSED), {"failed"}), (Unsure(Reason.BROKEN), {"unsure"})],
)
def test_what_cannot_or_may_have_left_is_not_tried_again(office, post, postman, state, clock, failure, dates):
    post()
    postman.failures = [failure]
    outbox.send_due(office, postman)
    clock.advance(hours=1)
    outbox.send_due(office, postman)
    assert state() == (dates, failure.reason)
    assert postman.carried == []


def test_one_bad_mail_does_not_hold_up_the_others(office, post, postman):
    post("a@exemple.fr", days=1)
    post("b@exemple.fr")
    postman.failures = [PermanentFailure(Reason.REFUSED)]
    assert outbox.send_due(office, postman) == 1


def test_a_sender_that_dies_with_a_mail_in_hand_leaves_it_unsure(office, post, postman, state, clock):
    post()
    postman.failures = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        outbox.send_due(office, postman)
    assert state() == ({"claimed"}, None)
    clock.advance(minutes=5)
    assert outbox.send_due(office, postman) == 0
    assert state() == ({"unsure"}, Reason.INTERRUPTED)


def test_a_mail_that_comes_too_late_is_not_sent(office, post, postman, state, clock):
    post(days=1)
    clock.advance(days=1)
    assert outbox.send_due(office, postman) == 0
    assert state() == ({"failed"}, Reason.EXPIRED)


def test_what_hurries_most_goes_first(office, post, postman):
    post("invitation@exemple.fr", days=7)
    post("reset@exemple.fr", days=0.01)
    outbox.send_due(office, postman)
    assert [mail.to.split("@")[0] for mail in postman.carried] == ["reset", "invitation"]


def test_without_a_carrier_mails_wait_until_their_end(office, post, clock, state):
    post()
    assert outbox.send_due(office, None) == 0
    assert state() == (set(), None)
    clock.advance(days=2)
    outbox.send_due(office, None)
    assert state() == ({"failed"}, Reason.EXPIRED)


def test_another_server_key_ends_a_mail_that_nobody_can_read(office, post, postman, state, database):
    post()
    database.run("UPDATE asso.mails SET sealed = sealed || 'x'")
    assert outbox.send_due(office, postman) == 0
    assert state() == ({"failed"}, Reason.UNREADABLE)


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.RESET, Kind.EMAIL_CONFIRM])
def test_a_new_code_takes_the_place_of_the_mail_that_waits_with_the_old_one(office, post, postman, jean, kind):
    post("ancien@exemple.fr", kind=kind, personne_id=jean)
    post("nouveau@exemple.fr", kind=kind, personne_id=jean)
    assert outbox.send_due(office, postman) == 1
    assert postman.carried[0].to == "nouveau@exemple.fr"


def test_two_notices_to_one_person_both_leave(office, post, postman, jean):
    post(personne_id=jean)
    post(personne_id=jean)
    assert outbox.send_due(office, postman) == 2


def test_a_log_names_no_recipient(office, post, postman, caplog):
    post()
    postman.failures = [TemporaryFailure(Reason.BUSY)]
    outbox.send_due(office, postman)
    assert "deferred (busy)" in caplog.text
    assert not any(word in caplog.text for word in ("jean", "secret"))
