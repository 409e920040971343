"""Invitation codes: shown once, used once, never guessed."""

import threading
from functools import partial

import pytest

from core import invitations, invites, personnes, sessions
from core.errors import (
    AlreadyActivated,
    EmailTaken,
    InvalidEmail,
    MissingField,
    NotAllowed,
    NotFound,
    PasswordsDiffer,
    Refusal,
    TooManyAttempts,
    UnusableCode,
    WeakPassword,
)
from core.roles import Role, Visitor
from tests.conftest import PASSWORD, code_for, only
from tests.core.stopwatch import spread


def activate(office, visitor, code, email="jean@exemple.fr", password=PASSWORD):
    ticket = invites.redeem(office, visitor, code=code, email=email, password=password, confirmation=password)
    return sessions.resume(office, visitor, token=sessions.open(office, visitor, ticket=ticket).token)


def test_a_code_makes_the_account_of_its_personne_with_its_role(office, visitor, code, jean):
    actor = activate(office, visitor, code)
    assert (actor.personne_id, actor.prenom, actor.role) == (jean, "Jean", Role.BENEVOLE)


def test_a_code_has_the_shape_of_the_report(code):
    sigle, first, second = code.split("-")
    assert (sigle, len(first), len(second)) == ("ZDL", 6, 5)
    assert not set(first + second) & set("ILOU")


@pytest.mark.parametrize(
    "typed", [str.lower, lambda c: c.replace("-", ""), lambda c: " " + c.replace("-", " "), lambda c: c[4:]]
)
def test_a_code_is_read_however_it_is_typed(office, visitor, code, typed):
    assert activate(office, visitor, typed(code)).prenom == "Jean"


def test_letters_that_look_like_digits_are_read_as_digits(office):
    assert invites.seal(office, "ZDL-0O1I1L-ABCDE") == invites.seal(office, "zdl-001111-abcde")


def test_only_a_keyed_digest_of_the_code_is_kept(office, code, database):
    kept = bytes(database.run("SELECT token FROM asso.user_invites")[0][0])
    assert kept == invites.seal(office, code)
    assert len(kept) == 32


def test_a_used_code_is_dead(office, visitor, code):
    activate(office, visitor, code)
    with pytest.raises(UnusableCode):
        activate(office, visitor, code, email="autre@exemple.fr")


def test_a_code_dies_after_seven_days(office, visitor, code, clock):
    clock.advance(days=7)
    with pytest.raises(UnusableCode):
        activate(office, visitor, code)


def test_a_revoked_code_is_dead(office, marie, visitor, code, jean):
    only(invitations.revoke(office, marie, ids=[jean]))
    with pytest.raises(UnusableCode):
        activate(office, visitor, code)


def test_there_is_nothing_to_revoke_twice(office, marie, code, jean):
    only(invitations.revoke(office, marie, ids=[jean]))
    with pytest.raises(NotFound):
        only(invitations.revoke(office, marie, ids=[jean]))


def test_a_new_code_kills_the_old_one(office, marie, visitor, code, jean):
    fresh = code_for(office, marie, jean).code
    with pytest.raises(UnusableCode):
        activate(office, visitor, code)
    assert activate(office, visitor, fresh).prenom == "Jean"


def test_a_fourth_new_code_in_a_day_waits(office, marie, code, jean, clock):
    for _ in range(3):
        code_for(office, marie, jean)
    with pytest.raises(TooManyAttempts):
        code_for(office, marie, jean)
    clock.advance(hours=24)
    code_for(office, marie, jean)


def test_an_activated_personne_gets_no_code(office, marie, visitor, code, jean):
    activate(office, visitor, code)
    with pytest.raises(AlreadyActivated):
        code_for(office, marie, jean)


def test_nobody_is_invited_who_does_not_exist(office, marie):
    with pytest.raises(NotFound):
        code_for(office, marie, office.uuid())


def test_an_employee_issues_no_code_and_the_attempt_is_audited(office, karim, jean, deeds):
    with pytest.raises(NotAllowed):
        code_for(office, karim, jean)
    assert deeds()[-1] == ("not_allowed", "refused")


def test_a_wrong_code_is_audited(office, visitor, deeds):
    with pytest.raises(UnusableCode):
        activate(office, visitor, "ZDL-AAAAAA-AAAAA")
    assert deeds() == [("invite_redeemed", "refused")]


def test_an_address_has_one_account_whatever_its_case(office, marie, visitor, code):
    with pytest.raises(EmailTaken):
        activate(office, visitor, code, email="MARIE@exemple.fr")
    assert activate(office, visitor, code).prenom == "Jean"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"code": " "}, MissingField),
        ({"email": ""}, MissingField),
        ({"email": "jean"}, InvalidEmail),
        ({"password": ""}, MissingField),
        ({"password": "onze lettres"[:11]}, WeakPassword),
        ({"password": "x" * 129}, WeakPassword),
        ({"confirmation": "autre chose !"}, PasswordsDiffer),
    ],
)
def test_bad_input_is_refused_before_the_code_is_looked_at(office, visitor, deeds, typed, refusal):
    form = {"code": "ZDL-AAAAAA-AAAAA", "email": "j@exemple.fr", "password": PASSWORD, "confirmation": PASSWORD}
    if "password" in typed:
        typed = {"confirmation": typed["password"], **typed}
    with pytest.raises(refusal):
        invites.redeem(office, visitor, **(form | typed))
    assert deeds() == []


def test_an_administrateur_needs_fifteen_characters_and_keeps_the_code(office, marie, visitor):
    created = personnes.create(
        office, marie, id=office.uuid(), nom="A", prenom="B", role=Role.ADMINISTRATEUR, with_code=True
    )
    with pytest.raises(WeakPassword):
        activate(office, visitor, created.code.code, password="douze lettres"[:12])
    assert activate(office, visitor, created.code.code).role is Role.ADMINISTRATEUR


def test_ten_wrong_codes_an_hour_and_address_then_wait(office, visitor, code, clock):
    for _ in range(10):
        with pytest.raises(UnusableCode):
            activate(office, visitor, "ZDL-AAAAAA-AAAAA")
    with pytest.raises(TooManyAttempts) as refused:
        activate(office, visitor, code)
    clock.time += refused.value.retry_after
    assert activate(office, visitor, code).prenom == "Jean"


def test_a_good_code_does_not_count_as_a_try(office, marie, visitor, jean, database):
    activate(office, visitor, code_for(office, marie, jean).code)
    assert database.run("SELECT hits FROM asso.rate_counters WHERE name LIKE 'code%'") == [(0,), (0,)]


def race(workers, deed):
    """What `workers` threads get that start `deed(number)` together: results and refusals."""
    outcomes, gate = [], threading.Barrier(workers)

    def run(number):
        gate.wait()
        try:
            outcomes.append(deed(number))
        except Refusal as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_twenty_redeemers_of_one_code_make_one_account(office, code, database):
    def redeem(number):
        visitor = Visitor(ip=f"203.0.113.{number}", user_agent="")
        return activate(office, visitor, code, email=f"jean{number}@exemple.fr")

    outcomes = race(20, redeem)
    assert sum(isinstance(outcome, UnusableCode) for outcome in outcomes) == 19
    assert database.run("SELECT count(*) FROM asso.users u WHERE email LIKE 'jean%'") == [(1,)]


def test_ten_issuers_leave_one_live_code(office, marie, jean, database):
    outcomes = race(10, lambda number: code_for(office, marie, jean))
    live = "SELECT count(*) FROM asso.user_invites WHERE revoked_at IS NULL AND redeemed_at IS NULL"
    assert database.run(live) == [(1,)]
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 6  # the first, then three more


def test_every_unusable_code_takes_the_same_time(office, marie, visitor, clock, database):
    expired, used, revoked = (
        personnes.create(office, marie, id=office.uuid(), nom="N", prenom=prenom, with_code=True) for prenom in "abc"
    )
    sooner = "UPDATE asso.user_invites SET expires_at = created_at + interval '1 second'"
    database.run(f'{sooner} WHERE "ID_PERSONNE" = %s', str(expired.id))
    clock.advance(seconds=2)
    activate(office, visitor, used.code.code)
    only(invitations.revoke(office, marie, ids=[revoked.id]))
    codes = ("ZDL-AAAAAA-AAAAA", expired.code.code, used.code.code, revoked.code.code)

    def refused(typed, number):
        clock.advance(minutes=15)
        with pytest.raises(UnusableCode):
            activate(office, Visitor(f"198.51.100.{number}", ""), typed)

    assert spread([partial(refused, typed) for typed in codes], rounds=30, bound=1.25) < 1.25


def test_the_first_administrateur_gets_a_new_code_until_one_is_activated(office, visitor):
    first, second = invites.first_administrator(office), invites.first_administrator(office)
    with pytest.raises(UnusableCode):
        activate(office, visitor, first)
    assert activate(office, visitor, second).role is Role.ADMINISTRATEUR
    assert invites.first_administrator(office) is None


def test_ten_starts_at_once_make_one_first_administrateur(office, database):
    race(10, lambda number: invites.first_administrator(office))
    assert database.run("SELECT count(*) FROM asso.personnes") == [(1,)]
