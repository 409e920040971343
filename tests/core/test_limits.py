"""Limits: every figure of the table, walked with a moved clock."""

from dataclasses import replace

import pytest

from core import limits
from core.errors import TooManyAttempts
from tests.core.test_invites import race


def reserve(office, limit, key="clé"):
    return limits.reserve(office, (limit, key))


@pytest.mark.parametrize("limit", limits.ALL, ids=lambda limit: limit.name)
def test_a_limit_lets_through_what_it_allows_then_waits(office, clock, limit):
    for number in range(limit.allowed):
        last = number == limit.allowed - 1
        assert (reserve(office, limit).next_wait is not None) == last
    with pytest.raises(TooManyAttempts) as refused:
        reserve(office, limit)
    clock.time += refused.value.retry_after
    reserve(office, limit)


@pytest.mark.parametrize("limit", limits.ALL, ids=lambda limit: limit.name)
def test_keys_do_not_share_a_limit(office, limit):
    for _ in range(limit.allowed):
        reserve(office, limit)
    reserve(office, limit, "autre clé")


def test_thirty_parallel_tries_count_as_thirty(office):
    outcomes = race(30, lambda number: reserve(office, limits.CODE_IP))
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 20


def test_a_refused_try_counts_against_nobody(office):
    for _ in range(limits.SIGN_IN_IP.allowed):
        reserve(office, limits.SIGN_IN_IP, "ip")
    for _ in range(20):
        with pytest.raises(TooManyAttempts):
            limits.reserve(office, (limits.SIGN_IN_IP, "ip"), (limits.SIGN_IN_ADDRESS, "victime"))
    reserve(office, limits.SIGN_IN_ADDRESS, "victime")


def test_crossed_limits_never_deadlock(office):
    first, second = (limits.CODE_IP, "a"), (limits.REQUESTS, "b")
    outcomes = race(20, lambda number: limits.reserve(office, *((first, second) if number % 2 else (second, first))))
    assert sum(isinstance(outcome, limits.Reservation) for outcome in outcomes) == 10


def test_a_window_that_is_over_is_forgotten(office, clock):
    for _ in range(limits.CODE_IP.allowed - 1):
        reserve(office, limits.CODE_IP)
    clock.advance(hours=1)
    for _ in range(limits.CODE_IP.allowed):
        reserve(office, limits.CODE_IP)


def test_a_limit_made_stricter_counts_what_was_tried_before(office, clock):
    for _ in range(9):
        reserve(office, limits.CODE_IP)
    stricter = replace(limits.CODE_IP, allowed=5)
    with pytest.raises(TooManyAttempts) as refused:
        reserve(office, stricter)
    clock.time += refused.value.retry_after
    reserve(office, stricter)


def test_no_address_stands_in_the_table(office, database):
    reserve(office, limits.SIGN_IN_ADDRESS, "marie@exemple.fr")
    assert bytes(database.run("SELECT key FROM asso.rate_counters")[0][0]) == office.seal("limits", "marie@exemple.fr")


def test_requests_are_counted_by_browser_or_by_address(office, visitor):
    for _ in range(30):
        limits.count_request(office, visitor, key="")
    with pytest.raises(TooManyAttempts):
        limits.count_request(office, visitor, key="")
    limits.count_request(office, visitor, key="un navigateur")
