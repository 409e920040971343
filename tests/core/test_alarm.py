"""The alarm: many refused sign-ins in a short time are told to administrateurs, and nobody else waits for it."""

import logging

import pytest

from core import accounts, alarm, limits
from core.audit import Deed
from core.errors import WrongCredentials
from core.roles import Role, Visitor
from tests.conftest import PASSWORD, enrol
from tests.core.test_invites import race

ALLOWED = limits.SIGN_IN_ALARM.allowed


def fail(office, times, start=0):
    for number in range(start, start + times):
        alarm.refused(office, Visitor(f"198.51.100.{number % 250}", ""), Deed.SIGN_IN)


def alarms(deeds):
    return deeds().count(("sign_in_alarm", "done"))


def test_the_two_hundredth_failure_in_five_minutes_raises_the_alarm_once(office, deeds, caplog):
    fail(office, ALLOWED - 1)
    assert alarms(deeds) == 0
    with caplog.at_level(logging.WARNING, "core.alarm"):
        fail(office, 50)
    assert alarms(deeds) == 1
    assert caplog.messages == ["200 refused sign-ins within 5 minutes."]


def test_failures_that_come_slowly_raise_none(office, deeds, clock):
    for _ in range(3):
        fail(office, ALLOWED - 1)
        clock.advance(minutes=5)
    assert alarms(deeds) == 0


def test_an_attack_that_lasts_is_an_alarm_each_time_and_one_mail_an_hour(office, marie, deeds, clock, letters):
    for _ in range(2):
        fail(office, ALLOWED)
        clock.advance(minutes=6)
    assert (alarms(deeds), len(letters())) == (2, 1)
    clock.advance(hours=1)
    fail(office, ALLOWED)
    assert (alarms(deeds), len(letters())) == (3, 2)


def test_every_administrateur_who_can_sign_in_is_told_and_nobody_else(office, marie, karim, lucie, letters, database):
    away = enrol(office, "Paul", "Absent", Role.ADMINISTRATEUR)
    enrol(office, "Nora", "Présente", Role.ADMINISTRATEUR)
    database.run("UPDATE asso.users SET suspended_at = created_at WHERE id = %s", str(away.user_id))
    fail(office, ALLOWED)
    assert {letter.to for letter in letters()} == {"marie@exemple.fr", "nora@exemple.fr"}
    assert "/journal?type=connexions&refus=oui" in letters()[0].text


def test_two_hundred_at_once_raise_one_alarm(office, deeds):
    fail(office, ALLOWED - 20)
    race(40, lambda number: fail(office, 1, number))
    assert alarms(deeds) == 1


def test_a_wrong_password_counts_and_a_good_one_still_opens_during_an_alarm(office, marie, visitor, deeds):
    fail(office, ALLOWED - 1)
    with pytest.raises(WrongCredentials):
        accounts.sign_in(office, visitor, email=marie.email, password="faux")
    assert alarms(deeds) == 1
    assert accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
