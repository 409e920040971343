"""The evolution by role and by access: read from dates, the same today as the list says, for administrateurs."""

from dataclasses import replace
from datetime import date

import pytest

from core import account_measures, dashboard, directory, evolution, fiches, invitations, invites, merging
from core.errors import NotAllowed
from core.roles import Role
from core.wanted import Access, Wanted
from tests.conftest import PASSWORD, code_for
from tests.core.test_directory import states  # noqa: F401 (a fixture)
from tests.core.test_trips import counter, far  # noqa: F401 (fixtures)

ADMINISTRATEUR, EMPLOYE, BENEVOLE = Role.ADMINISTRATEUR, Role.EMPLOYE, Role.BENEVOLE
SANS_CODE, CODE, EXPIRE, ACTIVE, SUSPENDU = Access


def course(office, marie, kind):
    """How many of a role, or of a state of the access, there were at each moment but the oldest ones."""
    moments = evolution.read(office, marie)
    of = "roles" if kind in set(Role) else "access"
    return [getattr(moment, of)[kind] for moment in moments[-4:]]


def test_the_moments_are_the_ends_of_twelve_weeks_then_now(office, marie):
    days = [moment.day for moment in evolution.read(office, marie)]
    assert len(days) == 13
    assert days[-3:] == [date(2026, 11, 8), date(2026, 11, 15), date(2026, 11, 21)]


def test_today_is_as_the_list_and_accueil_say(office, marie, karim, states):  # noqa: F811 (a fixture)
    *_, today = evolution.read(office, marie)
    assert today.access == {state: directory.count(office, marie, Wanted(access=(state,))) for state in Access}
    assert today.roles == dashboard.read(office, marie).people
    assert min(today.access.values()) == 1


def test_a_fiche_counts_from_its_creation_to_its_archive(office, marie, jean, clock):
    clock.advance(weeks=1)
    assert course(office, marie, BENEVOLE) == [0, 0, 1, 1]
    fiches.archive(office, marie, id=jean)
    assert course(office, marie, BENEVOLE) == [0, 0, 1, 0]
    clock.advance(weeks=1)
    assert course(office, marie, BENEVOLE) == [0, 1, 0, 0]
    assert course(office, marie, SANS_CODE) == [0, 1, 0, 0]


def test_a_role_is_the_one_of_the_time(office, marie, jean, clock):
    for role in (EMPLOYE, ADMINISTRATEUR):
        clock.advance(weeks=1)
        fiches.set_role(office, replace(marie, stepped_up_at=clock.now()), id=jean, role=role)
    assert course(office, marie, BENEVOLE) == [0, 1, 0, 0]
    assert course(office, marie, EMPLOYE) == [0, 0, 1, 0]
    assert course(office, marie, ADMINISTRATEUR) == [0, 1, 1, 2]


def test_a_code_is_sent_then_over_then_replaced_then_used(office, marie, jean, visitor, clock):
    code_for(office, marie, jean)
    clock.advance(weeks=1, days=1)
    assert (course(office, marie, CODE), course(office, marie, EXPIRE)) == ([0, 0, 1, 0], [0, 0, 0, 1])
    clock.advance(weeks=1)
    code = code_for(office, marie, jean).code
    clock.advance(days=5)
    invites.redeem(office, visitor, code=code, email="j@exemple.fr", password=PASSWORD, confirmation=PASSWORD)
    assert course(office, marie, CODE) == [1, 0, 1, 0]
    assert course(office, marie, EXPIRE) == [0, 1, 0, 0]
    assert course(office, marie, ACTIVE) == [1, 1, 1, 2]


def test_a_code_that_is_called_off_leaves_nothing_but_its_past(office, marie, jean, clock):
    code_for(office, marie, jean)
    clock.advance(days=3)
    invitations.revoke(office, marie, ids=[jean])
    assert (course(office, marie, CODE), course(office, marie, SANS_CODE)) == ([0, 0, 1, 0], [0, 0, 0, 1])


def test_two_codes_that_a_merge_brings_together_are_one_person_s(office, marie, jean, double, clock):
    for key in (jean, double):
        code_for(office, marie, key)
        clock.advance(minutes=1)
    clock.advance(weeks=1)
    assert course(office, marie, CODE)[-2] == 2
    marie = replace(marie, stepped_up_at=office.now())
    seen = merging.compare(office, marie, one=jean, other=double)
    versions = {side.id: side.version for side in (seen.one, seen.other)}
    merging.merge(office, marie, keep=jean, drop=double, choices={}, versions=versions)
    assert course(office, marie, CODE)[-2] == course(office, marie, BENEVOLE)[-2] == 1
    assert min(course(office, marie, SANS_CODE)) >= 0


def test_a_code_of_somebody_who_has_an_account_counts_no_more(office, marie, jean, database):
    code_for(office, marie, jean)
    database.run(
        "INSERT INTO asso.users (id, personne_id, email, google_sub, created_at) "
        "VALUES (%s, %s, 'j@exemple.fr', '7', %s)",
        *(str(office.uuid()), str(jean), office.now()),
    )
    assert (course(office, marie, CODE)[-1], course(office, marie, ACTIVE)[-1]) == (0, 2)


def test_a_suspended_access_counts_as_such_from_then_on(office, marie, karim, clock):
    clock.advance(days=3)
    account_measures.suspend(office, replace(marie, stepped_up_at=clock.now()), personne_id=karim.personne_id)
    assert course(office, marie, SUSPENDU) == [0, 0, 0, 1]
    assert course(office, marie, ACTIVE) == [0, 0, 2, 1]


def test_the_evolution_is_one_trip_and_for_administrateurs_only(far, counter, marie, karim):  # noqa: F811 (fixtures)
    evolution.read(far, marie)
    assert counter.trips == 1
    with pytest.raises(NotAllowed):
        evolution.read(far, karim)
