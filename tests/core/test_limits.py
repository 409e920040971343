"""Limits: every figure of the table, walked with a moved clock."""

from contextlib import suppress
from dataclasses import replace

import pytest

from core import accounts, factor_check, google_flows, invites, limits, resets
from core.errors import GoogleNotConfigured, TooManyAttempts, UnusableCode, WrongCredentials
from core.roles import Visitor
from tests.core.meanwhile import begun
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


def test_giving_back_never_waits_for_who_waits_for_it(office, database):
    """Whatever the order in which the counters stand in the table."""
    short, long = (limits.FACTOR_USER, "clé"), (limits.FACTOR_USER_DAY, "clé")
    for counter in (long, short):
        limits.reserve(office, counter)

    def give_back():
        with office.begin() as db:
            limits.give_back(db, office, short, long)

    with office.begin() as db:
        limits.count(db, office, *short)
        given_back = begun(database, give_back)
        limits.count(db, office, *long)
    assert given_back() is None
    assert database.run("SELECT hits FROM asso.rate_counters") == [(1,), (1,)]


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


@pytest.mark.parametrize(
    ("ip", "counted"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", "")],
)
def test_what_is_counted_together_is_what_one_customer_has(ip, counted):
    assert limits.neighbourhood(ip) == counted


TRIES = {
    "sign_in_ip": lambda office, who: accounts.sign_in(office, who, email=f"{who.ip}@exemple.fr", password="x"),
    "reset_ip": lambda office, who: resets.ask(office, who, email=f"{who.ip}@exemple.fr"),
    "code_ip": lambda office, who: invites.probe(office, who, code="ZDL-AAAAAA-AAAAA"),
    "factor_ip": lambda office, who: limits.reserve(office, factor_check.counters(who, office.uuid())[-1]),
    "requests": lambda office, who: google_flows.begin_sign_in(office, who, browser=None, to=None),
}


@pytest.mark.parametrize("limit", TRIES)
def test_every_limit_by_address_counts_the_network_of_one_customer_of_ipv6(office, monkeypatch, limit):
    monkeypatch.setattr(resets, "FLOOR", 0.0)
    allowed = next(known.allowed for known in limits.ALL if known.name == limit)
    visitors = [Visitor(f"2001:db8::{number:x}", "") for number in range(allowed)]
    for who in visitors:
        with suppress(WrongCredentials, UnusableCode, GoogleNotConfigured, TooManyAttempts):
            TRIES[limit](office, who)
    with pytest.raises(TooManyAttempts):
        TRIES[limit](office, Visitor("2001:db8::ffff", ""))
