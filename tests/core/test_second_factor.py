"""The second factor of one's own account: enrolled, confirmed, renewed, switched off."""

import re
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from core import second_factor, sessions
from core.errors import (
    ClockOff,
    EnrolmentOver,
    FactorAlreadyOn,
    FactorNotOn,
    MissingField,
    SecondFactorNeeded,
    SessionEnded,
    StepUpNeeded,
    TooManyAttempts,
    UsedFactorCode,
    WrongFactorCode,
)
from core.roles import Duty, Role
from tests.conftest import enrol as join
from tests.core.phone import Phone, enrol
from tests.core.test_invites import race
from tests.core.test_sessions import sign_in


@pytest.fixture
def enrolled(office, marie, clock):
    return enrol(office, marie, clock)


def mails(database):
    return [kind for (kind,) in database.run("SELECT kind FROM asso.mails ORDER BY created_at, kind")]


def begun(office, actor):
    return Phone(office, second_factor.begin(office, actor).key)


def test_the_key_is_in_groups_of_four_and_in_the_address(office, marie):
    enrolment = second_factor.begin(office, marie)
    assert re.fullmatch("([A-Z2-7]{4} ){7}[A-Z2-7]{4}", enrolment.key)
    assert f"secret={enrolment.key.replace(' ', '')}" in enrolment.uri
    assert "marie%40exemple.fr" in enrolment.uri


def test_nothing_is_asked_before_a_first_code_confirms(office, visitor, marie):
    begun(office, marie)
    assert sign_in(office, visitor, marie)


def test_a_first_code_switches_it_on_and_brings_ten_recovery_codes_v6_5_4(office, enrolled, deeds, database):
    assert len(set(enrolled.recovery_codes)) == 10
    assert all(
        re.fullmatch("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in enrolled.recovery_codes
    )
    assert deeds()[-1] == ("factor_on", "done")
    assert mails(database) == ["factor_on"]


def test_once_it_is_on_a_password_is_not_enough_v6_3_4(office, visitor, marie, enrolled):
    with pytest.raises(SecondFactorNeeded):
        sign_in(office, visitor, marie)


def test_seed_and_recovery_codes_cannot_be_read_in_the_table(office, enrolled, database):
    """ASVS V6.5.2 (digests under a key outside the database)."""
    kept = bytes(database.run("SELECT sealed_seed FROM asso.second_factors")[0][0])
    seals = database.run("SELECT code_hash FROM asso.recovery_codes")
    assert len(kept) == 1 + 12 + 20 + 16
    assert enrolled.phone.key.replace(" ", "").encode() not in kept
    assert not any(
        code.replace("-", "").encode() in bytes(seal) for code in enrolled.recovery_codes for (seal,) in seals
    )


def test_a_seed_moved_to_another_account_does_not_open_v11_3_3(office, enrolled, karim, clock, database):
    theirs = enrol(office, karim, clock)
    database.run(
        "UPDATE asso.second_factors SET sealed_seed = (SELECT sealed_seed FROM asso.second_factors WHERE user_id = %s)",
        str(enrolled.actor.user_id),
    )
    with pytest.raises(InvalidTag):
        second_factor.disable(office, karim, code=theirs.phone.code())


def test_the_other_devices_are_signed_out_when_it_comes_and_when_it_goes_v7_4_3(office, visitor, marie, clock):
    here = sessions.open(office, visitor, ticket=sign_in(office, visitor, marie)).token
    actor = sessions.resume(office, visitor, token=here)
    enrolled = enrol(office, actor, clock)
    with office.begin() as db:
        elsewhere = sessions.issue_ticket(db, office, marie.user_id)
    elsewhere = sessions.open(office, visitor, ticket=elsewhere).token
    second_factor.disable(office, actor, code=enrolled.phone.code())
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=elsewhere)
    assert not sessions.resume(office, visitor, token=here).has_second_factor


@pytest.mark.parametrize(("typed", "refusal"), [("", MissingField), (" ", MissingField), ("1234é", WrongFactorCode)])
def test_a_first_code_that_is_none_is_refused(office, marie, typed, refusal):
    begun(office, marie)
    with pytest.raises(refusal):
        second_factor.confirm(office, marie, code=typed)


def test_a_first_code_of_a_clock_that_is_off_says_so(office, marie):
    phone = begun(office, marie)
    with pytest.raises(ClockOff):
        second_factor.confirm(office, marie, code=phone.code(late_by=150))
    assert second_factor.confirm(office, marie, code=phone.code())


def test_the_fifth_wrong_first_code_waits(office, marie, clock):
    phone = begun(office, marie)
    for number in range(5):
        with pytest.raises(TooManyAttempts if number == 4 else WrongFactorCode):
            second_factor.confirm(office, marie, code=phone.wrong())
    clock.advance(minutes=5)
    assert second_factor.confirm(office, marie, code=phone.code())


def test_an_enrolment_waits_fifteen_minutes(office, marie, clock):
    phone = begun(office, marie)
    clock.advance(minutes=15)
    with pytest.raises(EnrolmentOver):
        second_factor.confirm(office, marie, code=phone.code())


def test_beginning_again_kills_the_key_shown_before(office, marie):
    first, second = begun(office, marie), begun(office, marie)
    with pytest.raises(WrongFactorCode):
        second_factor.confirm(office, marie, code=first.code())
    assert second_factor.confirm(office, marie, code=second.code())


def test_nothing_is_confirmed_that_was_not_begun(office, marie):
    with pytest.raises(EnrolmentOver):
        second_factor.confirm(office, marie, code="123456")


def test_four_confirmations_at_once_make_one_set_of_recovery_codes(office, marie, database):
    phone = begun(office, marie)
    outcomes = race(4, lambda number: second_factor.confirm(office, marie, code=phone.code()))
    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
    assert database.run("SELECT count(*) FROM asso.recovery_codes") == [(10,)]


def test_a_second_telephone_waits_until_the_first_has_gone(office, marie, enrolled):
    for attempt in (
        lambda: second_factor.begin(office, marie),
        lambda: second_factor.confirm(office, marie, code=enrolled.phone.code()),
    ):
        with pytest.raises(FactorAlreadyOn):
            attempt()


def test_what_touches_the_factor_asks_who_one_is_again_v7_5_1(office, marie, enrolled, clock):
    clock.advance(minutes=11)
    for attempt in (
        lambda: second_factor.begin(office, marie),
        lambda: second_factor.disable(office, marie, code=enrolled.phone.code()),
        lambda: second_factor.renew_recovery_codes(office, marie, code=enrolled.phone.code()),
    ):
        with pytest.raises(StepUpNeeded):
            attempt()


def test_it_is_switched_off_by_its_own_code(office, visitor, marie, enrolled, deeds, database):
    second_factor.disable(office, marie, code=enrolled.phone.code())
    assert deeds()[-1] == ("factor_off", "done")
    assert mails(database) == ["factor_on", "factor_off"]
    assert sign_in(office, visitor, marie)
    assert database.run("SELECT count(*) FROM asso.recovery_codes") == [(0,)]


def test_it_is_switched_off_by_a_recovery_code(office, visitor, marie, enrolled):
    second_factor.disable(office, marie, code=enrolled.recovery_codes[0])
    assert sign_in(office, visitor, marie)


def test_nothing_else_switches_it_off(office, marie, enrolled):
    for code, refusal in (("", MissingField), (enrolled.phone.wrong(), WrongFactorCode), ("A" * 16, WrongFactorCode)):
        with pytest.raises(refusal):
            second_factor.disable(office, marie, code=code)


def test_who_has_none_has_none_to_switch_off_or_renew(office, marie):
    for use_case in (second_factor.disable, second_factor.renew_recovery_codes):
        with pytest.raises(FactorNotOn):
            use_case(office, marie, code="123456")


def test_new_recovery_codes_kill_the_old_ones(office, marie, enrolled, deeds, clock):
    fresh = second_factor.renew_recovery_codes(office, marie, code=enrolled.phone.code())
    assert deeds()[-1] == ("recovery_codes_renewed", "done")
    assert len(set(fresh) | set(enrolled.recovery_codes)) == 20
    with pytest.raises(WrongFactorCode):
        second_factor.disable(office, marie, code=enrolled.recovery_codes[0])
    second_factor.disable(office, marie, code=fresh[9])


def test_new_recovery_codes_are_told_by_mail_without_the_codes(office, marie, enrolled, letters):
    fresh = second_factor.renew_recovery_codes(office, marie, code=enrolled.phone.code())
    letter = letters()[-1]
    assert (letter.to, letter.subject) == ("marie@exemple.fr", "Vos codes de secours ont été renouvelés")
    assert "Firefox sur Linux" in letter.text
    assert not any(code in letter.text + letter.html for code in fresh)


def test_a_code_spent_on_one_act_is_not_good_for_another_v6_5_1(office, marie, enrolled):
    code = enrolled.phone.code()
    second_factor.renew_recovery_codes(office, marie, code=code)
    with pytest.raises(UsedFactorCode):
        second_factor.disable(office, marie, code=code)


def resumed(office, visitor, actor):
    with office.begin() as db:
        ticket = sessions.issue_ticket(db, office, actor.user_id)
    return sessions.resume(office, visitor, token=sessions.open(office, visitor, ticket=ticket).token)


def test_an_administrateur_must_have_one_after_seven_days(office, visitor, marie, clock):
    assert (marie.duties, marie.second_factor_due_at) == (frozenset(), clock.now() + timedelta(days=7))
    clock.advance(days=7)
    late = resumed(office, visitor, marie)
    assert late.duties == {Duty.SECOND_FACTOR}
    enrol(office, late, clock)
    assert resumed(office, visitor, marie).duties == frozenset()


def test_others_need_none(office, visitor, clock):
    karim = join(office, "Karim", "Benali", Role.EMPLOYE)
    clock.advance(days=400)
    assert resumed(office, visitor, karim).second_factor_due_at is None
