"""A visit to Google: once, ten minutes, one browser; and the word that a page gets when it came to nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import google_flows, google_word, retention
from core.errors import (
    EmailTaken,
    GoogleInterrupted,
    GoogleOtherDomain,
    NotFound,
    SecondFactorNeeded,
    TooManyAttempts,
)
from core.google_client import GoogleClient
from tests.core.test_invites import race

BROWSER = "the cookie of a browser"


@pytest.fixture
def office(office):
    return replace(office, settings=replace(office.settings, google=GoogleClient("client", "secret")))


@pytest.fixture
def state(office, visitor):
    return google_flows.begin_sign_in(office, visitor, browser=BROWSER, to="/personnes")


def test_a_visit_comes_back_as_it_left(office, state):
    left = google_flows.depart(office, browser=BROWSER, state=state)
    assert google_flows.come_back(office, browser=BROWSER, state=state) == left
    assert (left.purpose.value, left.to) == ("sign_in", "/personnes")


def test_each_visit_has_secrets_of_its_own_v10_1_2(office, visitor, state):
    other = google_flows.begin_sign_in(office, visitor, browser=BROWSER, to=None)
    flows = [google_flows.depart(office, browser=BROWSER, state=each) for each in (state, other)]
    assert len({secret for flow in flows for secret in (flow.state, flow.nonce, flow.verifier)}) == 6
    assert all(len(flow.verifier) >= 43 for flow in flows)


def test_a_visit_comes_back_once_v10_1_2(office, state):
    google_flows.come_back(office, browser=BROWSER, state=state)
    with pytest.raises(GoogleInterrupted):
        google_flows.come_back(office, browser=BROWSER, state=state)


def test_of_twenty_returns_at_once_one_is_taken(office, state):
    outcomes = race(20, lambda number: google_flows.come_back(office, browser=BROWSER, state=state))
    assert sum(isinstance(outcome, GoogleInterrupted) for outcome in outcomes) == 19


def test_a_visit_lasts_ten_minutes(office, state, clock):
    clock.advance(minutes=10)
    with pytest.raises(GoogleInterrupted):
        google_flows.come_back(office, browser=BROWSER, state=state)


@pytest.mark.parametrize("browser", ["another browser", "", None])
def test_another_browser_takes_nothing_and_spoils_nothing_v10_1_2(office, state, browser):
    for step in (google_flows.depart, google_flows.come_back):
        with pytest.raises(GoogleInterrupted):
            step(office, browser=browser, state=state)
    assert google_flows.come_back(office, browser=BROWSER, state=state)


@pytest.mark.parametrize("browser", ["", None])
def test_a_browser_without_cookie_begins_nothing(office, visitor, browser):
    with pytest.raises(GoogleInterrupted):
        google_flows.begin_sign_in(office, visitor, browser=browser, to=None)


def test_nothing_readable_is_kept(office, state, database):
    row = database.run("SELECT state_hash, browser_hash, sealed FROM asso.oidc_flows")[0]
    kept = b"".join(map(bytes, row))
    assert not any(word in kept for word in (state.encode(), BROWSER.encode(), b"/personnes", b"nonce"))


def test_visits_that_nobody_came_back_from_go_away(office, visitor, state, clock, database):
    clock.advance(minutes=11)
    google_flows.begin_sign_in(office, visitor, browser=BROWSER, to=None)
    retention.erase_outdated(office)
    assert database.run("SELECT count(*) FROM asso.oidc_flows") == [(1,)]


def test_an_address_begins_thirty_visits_a_minute(office, visitor):
    for _ in range(30):
        google_flows.begin_sign_in(office, visitor, browser=BROWSER, to=None)
    with pytest.raises(TooManyAttempts):
        google_flows.begin_sign_in(office, visitor, browser=BROWSER, to=None)


@pytest.mark.parametrize(
    "refusal",
    [EmailTaken(), GoogleOtherDomain("asso.org"), SecondFactorNeeded("pending"), TooManyAttempts(timedelta(1))],
)
def test_a_word_is_read_once_with_its_facts_by_the_same_browser(office, refusal):
    token = google_word.leave(office, browser=BROWSER, refusal=refusal, code="ZDL-1")
    assert google_word.read(office, browser="another", token=token) is None
    read = google_word.read(office, browser=BROWSER, token=token)
    assert (type(read.refusal), vars(read.refusal), read.code) == (type(refusal), vars(refusal), "ZDL-1")
    assert google_word.read(office, browser=BROWSER, token=token) is None


def test_a_word_is_gone_after_five_minutes(office, clock):
    token = google_word.leave(office, browser=BROWSER, refusal=EmailTaken())
    clock.advance(minutes=5)
    assert google_word.read(office, browser=BROWSER, token=token) is None


def test_a_refusal_outside_the_list_is_not_told(office):
    token = google_word.leave(office, browser=BROWSER, refusal=NotFound())
    assert isinstance(google_word.read(office, browser=BROWSER, token=token).refusal, GoogleInterrupted)


def test_a_visit_is_no_word_and_a_word_no_visit(office, state):
    assert google_word.read(office, browser=BROWSER, token=state) is None
    word = google_word.leave(office, browser=BROWSER, refusal=EmailTaken())
    with pytest.raises(GoogleInterrupted):
        google_flows.come_back(office, browser=BROWSER, state=word)
