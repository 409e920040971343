"""Forgotten password: a link and a code, both needed; nothing is learned by trying (R8, B7)."""

import re
import statistics
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest

from core import accounts, limits, resets, sessions
from core.errors import (
    MissingField,
    PasswordsDiffer,
    ResetVoid,
    SamePassword,
    SessionEnded,
    TooManyAttempts,
    WeakPassword,
    WrongOtp,
)
from core.roles import Visitor
from tests.conftest import PASSWORD
from tests.core.test_invites import race

NEW = "Un nouveau jardin de violettes"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """The floor under every answer is measured once, below."""
    monkeypatch.setattr(resets, "FLOOR", 0.0)


def ask(office, visitor, letters, email="marie@exemple.fr"):
    """A request, and what its mail says: (handle, token, otp)."""
    handle = resets.ask(office, visitor, email=email)
    text = letters()[-1].text
    return handle, re.search(r"token=(\S+)", text).group(1), re.search(r"\b(\d{6})\b", text).group(1)


def finish(office, visitor, key, otp, new=NEW):
    return resets.finish(office, visitor, key=key, otp=otp, new=new, confirmation=new)


def wrong(otp):
    return f"{(int(otp) + 1) % 10**6:06d}"


@pytest.mark.parametrize("way", [0, 1], ids=["the browser that asked", "the mailed link"])
def test_a_code_with_the_handle_or_the_link_changes_the_password(office, marie, visitor, letters, way):
    *keys, otp = ask(office, visitor, letters)
    ticket = finish(office, visitor, keys[way], f" {otp[:3]} {otp[3:]} ")
    assert sessions.open(office, visitor, ticket=ticket)
    assert accounts.sign_in(office, visitor, email=marie.email, password=NEW)


def test_the_code_alone_or_the_link_alone_is_not_enough(office, marie, visitor, letters):
    """ASVS V6.4.3, V6.6.2: the code belongs to its request."""
    _, token, otp = ask(office, visitor, letters)
    with pytest.raises(WrongOtp):
        finish(office, visitor, "inventé", otp)
    with pytest.raises(WrongOtp):
        finish(office, visitor, token, wrong(otp))


def test_every_session_ends_and_a_notice_is_mailed(office, marie, visitor, letters, database):
    handle, _, otp = ask(office, visitor, letters)
    finish(office, visitor, handle, otp)
    assert database.run("SELECT closed_reason FROM asso.user_sessions") == [("password_changed",)]
    assert "password_changed" in [letter.kind for letter in letters()]


def test_a_reset_works_once(office, marie, visitor, letters):
    """ASVS V6.5.1."""
    handle, token, otp = ask(office, visitor, letters)
    finish(office, visitor, handle, otp)
    for key in (handle, token):
        with pytest.raises((ResetVoid, WrongOtp)):
            finish(office, visitor, key, otp, new="Encore une autre belle phrase")


def test_twenty_finishers_change_the_password_once(office, marie, visitor, letters, database):
    handle, _, otp = ask(office, visitor, letters)
    outcomes = race(
        5, lambda number: finish(office, visitor, handle, otp, new=f"Une phrase {'abcde'[number]} bien longue")
    )
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert database.run("SELECT count(*) FROM asso.former_passwords") == [(1,)]


def test_it_lives_twenty_minutes(office, marie, visitor, letters, clock):
    handle, _, otp = ask(office, visitor, letters)
    clock.advance(minutes=20)
    with pytest.raises(WrongOtp):
        finish(office, visitor, handle, otp)


def test_five_wrong_codes_in_parallel_are_five(office, marie, visitor, letters):
    """ASVS V6.6.3, V2.3.4."""
    handle, token, otp = ask(office, visitor, letters)
    race(5, lambda number: finish(office, visitor, handle, wrong(otp)))
    for key in (handle, token):
        with pytest.raises((ResetVoid, WrongOtp)):
            finish(office, visitor, key, otp)


def test_an_unknown_address_gets_the_same_answers(office, visitor, database):
    handle = resets.ask(office, visitor, email="inconnue@exemple.fr")
    for _ in range(4):
        with pytest.raises(WrongOtp):
            finish(office, visitor, handle, "123456")
    with pytest.raises(ResetVoid):
        finish(office, visitor, handle, "123456")
    assert database.run("SELECT count(*) FROM asso.mails") == [(0,)]


def test_a_new_request_kills_the_old_one(office, marie, visitor, letters, clock):
    handle, _, otp = ask(office, visitor, letters)
    clock.advance(seconds=61)
    fresh, _, code = ask(office, visitor, letters)
    with pytest.raises(WrongOtp):
        finish(office, visitor, handle, otp)
    assert finish(office, visitor, fresh, code)


@pytest.mark.parametrize("email", ["marie@exemple.fr", "inconnue@exemple.fr"])
def test_requests_are_limited_alike_for_known_and_unknown(office, marie, visitor, clock, email):

    for _ in range(3):
        resets.ask(office, visitor, email=email)
        with pytest.raises(TooManyAttempts):
            resets.ask(office, visitor, email=email.upper())
        clock.advance(seconds=61)
    with pytest.raises(TooManyAttempts) as refused:
        resets.ask(office, visitor, email=email)
    assert refused.value.retry_after.total_seconds() > 3000


def test_one_address_may_ask_ten_times_an_hour(office, visitor):
    for number in range(10):
        resets.ask(office, visitor, email=f"a{number}@exemple.fr")
    with pytest.raises(TooManyAttempts):
        resets.ask(office, visitor, email="a11@exemple.fr")
    resets.ask(office, Visitor("198.51.100.1", ""), email="a12@exemple.fr")


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"otp": " "}, MissingField),
        ({"new": "court", "confirmation": "court"}, WeakPassword),
        ({"confirmation": "autre chose"}, PasswordsDiffer),
        ({"new": "Marie Dupont au jardin", "confirmation": "Marie Dupont au jardin"}, WeakPassword),
        ({"new": PASSWORD, "confirmation": PASSWORD}, SamePassword),
    ],
)
def test_a_refused_password_costs_no_try_and_the_code_still_works(office, marie, visitor, letters, typed, refusal):
    handle, _, otp = ask(office, visitor, letters)
    form = {"otp": otp, "new": NEW, "confirmation": NEW} | typed
    for _ in range(limits.RESET_OTP.allowed + 1):
        with pytest.raises(refusal):
            resets.finish(office, visitor, key=handle, **form)
    assert finish(office, visitor, handle, otp)


def test_a_google_only_account_gets_a_mail_that_explains(office, marie, visitor, letters, database):
    database.run("UPDATE asso.users SET password_hash = NULL, google_sub = 'g'")
    resets.ask(office, visitor, email=marie.email)
    assert [letter.kind for letter in letters()] == ["reset_google_only"]


def test_who_is_suspended_gets_nothing(office, marie, visitor, letters, database):
    database.run("UPDATE asso.users SET suspended_at = created_at")
    resets.ask(office, visitor, email=marie.email)
    assert letters() == []


def test_an_empty_address_is_said(office, visitor):
    with pytest.raises(MissingField):
        resets.ask(office, visitor, email=" ")


def test_no_secret_of_a_reset_stands_in_the_database(office, marie, visitor, letters, database):
    secrets = ask(office, visitor, letters)
    kept = str(database.run("SELECT * FROM asso.password_resets")) + str(database.run("SELECT * FROM asso.mails"))
    assert not [secret for secret in (*secrets, marie.email) if secret in kept]


def test_known_and_unknown_take_the_same_time(office, marie, clock, monkeypatch):
    """Mean gap below 5 %."""
    monkeypatch.setattr(resets, "FLOOR", 0.6)
    times = {"marie@exemple.fr": [], "inconnue@exemple.fr": []}

    def timed(email, ip):
        begun = perf_counter()
        resets.ask(office, Visitor(ip, ""), email=email)
        return perf_counter() - begun

    for number in range(5):
        with ThreadPoolExecutor() as both:
            taken = {email: both.submit(timed, email, f"198.51.100.{number}") for email in times}
        for email, seconds in taken.items():
            times[email].append(seconds.result())
        clock.advance(hours=25)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert abs(known - unknown) / known < 0.05


def test_a_session_that_was_open_sees_its_end(office, marie, visitor, letters):
    token = sessions.open(
        office, visitor, ticket=accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    )
    handle, _, otp = ask(office, visitor, letters)
    finish(office, visitor, handle, otp)
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token.token)


def test_every_reset_figure_is_in_the_table():
    figures = {limit.name: limit.allowed for limit in limits.ALL if limit.name.startswith("reset")}
    assert figures == {
        "reset_minute": 1,
        "reset_hour": 3,
        "reset_day": 5,
        "reset_ip": 10,
        "reset_all": 60,
        "reset_otp": 5,
    }
