"""Accueil: what needs doing, counted right and at the price of one statement."""

from datetime import date

import pytest

from core import dashboard, invitations, invites
from core.roles import Role
from tests.conftest import PASSWORD, code_for


@pytest.fixture
def twins(database):
    """Two fiches called Élise Écolier, written differently, and one that shares a name with nobody."""
    database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) VALUES '
        "(gen_random_uuid(), 'Écolier', 'Élise', 'bénévole', now(), now()), "
        "(gen_random_uuid(), 'ECOLIER', 'elise', 'bénévole', now(), now()), "
        "(gen_random_uuid(), 'Seul', 'Paul', 'employé', now(), now())"
    )


def todo(office, marie):
    return dashboard.read(office, marie).todo


def test_people_are_counted_by_role_without_the_archived(office, marie, karim, twins, database):
    database.run("UPDATE asso.personnes SET archived_at = updated_at WHERE nom = 'Seul'")
    found = dashboard.read(office, karim)
    assert found.people == {Role.ADMINISTRATEUR: 1, Role.EMPLOYE: 1, Role.BENEVOLE: 2}
    assert (found.total, found.todo, found.weeks) == (4, None, ())


def test_codes_that_end_and_codes_that_ended_wait(office, marie, jean, clock):
    code_for(office, marie, jean)
    assert (todo(office, marie).ending, todo(office, marie).ended) == (0, 0)
    clock.advance(days=5)
    assert (todo(office, marie).ending, todo(office, marie).ended) == (1, 0)
    clock.advance(days=2)
    assert (todo(office, marie).ending, todo(office, marie).ended) == (0, 1)
    invitations.issue(office, marie, ids=[jean])
    assert (todo(office, marie).ending, todo(office, marie).ended) == (0, 0)


def test_names_that_two_fiches_share_wait_until_they_are_told_apart(office, marie, twins, database):
    found = todo(office, marie)
    assert found.twins == 1
    assert found.twin.lower().startswith(("écolier", "ecolier"))
    database.run(
        'INSERT INTO asso.not_duplicates (one_id, other_id, at) SELECT min("ID_PERSONNE"::text)::uuid, '
        "max(\"ID_PERSONNE\"::text)::uuid, now() FROM asso.personnes WHERE tri LIKE 'ecolier%'"
    )
    assert todo(office, marie).twins == 0


def test_an_archived_twin_is_none(office, marie, twins, database):
    database.run("UPDATE asso.personnes SET archived_at = updated_at WHERE nom = 'ECOLIER'")
    assert todo(office, marie).twins == 0


def test_accounts_without_second_factor_wait(office, marie, karim, database):
    assert (todo(office, marie).bare, todo(office, marie).bare_administrateurs) == (2, 1)
    database.run("UPDATE asso.users SET suspended_at = created_at WHERE email LIKE 'karim%'")
    assert todo(office, marie).bare == 1


def test_mails_that_failed_wait_but_not_those_that_another_one_replaced(office, marie, jean, database, clock):
    for reason in ("refused", "replaced"):
        database.run(
            "INSERT INTO asso.mails (id, kind, created_at, expires_at, next_try_at, failed_at, reason) "
            "VALUES (gen_random_uuid(), 'invitation', %s, %s, %s, %s, %s)",
            *[office.now(), office.now().replace(year=2027), office.now(), office.now(), reason],
        )
    assert todo(office, marie).failed_mails == 1
    clock.advance(days=31)
    assert todo(office, marie).failed_mails == 0


def test_weeks_begin_on_mondays_in_paris(office, marie, jean, visitor, clock):
    clock.time = clock.time.replace(day=22, hour=22, minute=59)  # Sunday, 23 h 59 in Paris
    code = code_for(office, marie, jean).code
    clock.advance(minutes=1)
    invites.redeem(office, visitor, code=code, email="j@exemple.fr", password=PASSWORD, confirmation=PASSWORD)
    weeks = dashboard.read(office, marie).weeks
    assert len(weeks) == 12
    assert (weeks[-1].monday, weeks[-1].activations) == (date(2026, 11, 23), 1)
    assert (weeks[-2].monday, weeks[-2].activations) == (date(2026, 11, 16), 0)


def test_the_own_fiche_says_what_it_lacks(office, lucie, database):
    assert (dashboard.read(office, lucie).phone, dashboard.read(office, lucie).email) == (True, False)
    database.run("UPDATE asso.personnes SET telephone_1 = NULL, email = 'lucie@exemple.fr' WHERE nom = 'Martin'")
    assert (dashboard.read(office, lucie).phone, dashboard.read(office, lucie).email) == (False, True)
