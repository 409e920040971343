"""The rights review: everybody with rights, and nobody else, with what one must know to decide."""

import pytest

from core import accounts, rights, sessions
from core.directory import Access
from core.errors import NotAllowed
from core.roles import Role
from tests.conftest import PASSWORD, code_for
from tests.core.test_personnes import create


def holders(office, actor):
    return {holder.prenom: holder for holder in rights.review(office, actor).holders}


def test_those_with_rights_stand_by_role_then_name(office, marie, karim, lucie, jean):
    create(office, marie, nom="Attendu", prenom="Paul", role=Role.EMPLOYE)
    found = [(holder.role, holder.nom) for holder in rights.review(office, marie).holders]
    assert found == [
        (Role.ADMINISTRATEUR, "Dupont"),
        (Role.EMPLOYE, "Attendu"),
        (Role.EMPLOYE, "Benali"),
        (Role.BENEVOLE, "Martin"),
    ]


def test_each_one_has_the_state_of_the_access(office, marie, karim, lucie, database):
    waiting = create(office, marie, nom="Attendu", prenom="Paul", role=Role.EMPLOYE)
    code_for(office, marie, waiting.id)
    database.run("UPDATE asso.users SET suspended_at = created_at WHERE id = %s", str(karim.user_id))
    database.run("UPDATE asso.personnes SET archived_at = created_at WHERE nom = 'Martin'")
    found = holders(office, marie)
    assert (found["Paul"].access, found["Karim"].access) == (Access.CODE_ENVOYE, Access.SUSPENDU)
    assert (found["Lucie"].archived, found["Marie"].archived) == (True, False)


def test_the_last_sign_in_and_the_open_sessions_are_counted(office, marie, karim, clock, visitor):
    clock.advance(minutes=10)
    ticket = accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    sessions.open(office, visitor, ticket=ticket)
    of_marie = holders(office, marie)["Marie"]
    assert (of_marie.last_sign_in_at, of_marie.sessions) == (clock.time, 2)
    clock.advance(minutes=25)
    assert {holder.sessions for holder in rights.review(office, marie).holders} == {0}


def test_a_role_dates_from_its_last_change(office, marie, karim, clock, database):
    created = clock.time
    clock.advance(days=2)
    change = (
        "INSERT INTO asso.personne_changes (id, personne_id, at, field, before, after) VALUES (%s, %s, %s, %s, %s, %s)"
    )
    database.run(change, str(office.uuid()), str(karim.personne_id), clock.time, "role", "bénévole", "employé")
    database.run(change, str(office.uuid()), str(marie.personne_id), clock.time, "nom", "Durand", "Dupont")
    found = holders(office, marie)
    assert (found["Karim"].role_since, found["Marie"].role_since) == (clock.time, created)


def test_a_second_factor_counts_once_it_is_confirmed(office, marie, karim, database, clock):
    begun = "INSERT INTO asso.second_factors (user_id, sealed_seed, created_at, confirmed_at) VALUES (%s, 'x', %s, %s)"
    database.run(begun, str(marie.user_id), clock.time, clock.time)
    database.run(begun, str(karim.user_id), clock.time, None)
    found = holders(office, marie)
    assert (found["Marie"].factor_since, found["Karim"].factor_since) == (clock.time, None)


def test_reading_it_is_an_entry_once_in_a_quarter_of_an_hour(office, marie, deeds, clock):
    for _ in range(3):
        rights.review(office, marie)
    assert deeds().count(("rights_read", "done")) == 1
    clock.advance(minutes=16)
    rights.review(office, marie)
    assert deeds().count(("rights_read", "done")) == 2


def test_a_very_long_list_is_cut_and_says_so(office, marie, karim, monkeypatch):
    monkeypatch.setattr(rights, "RIGHTS_AT_MOST", 1)
    review = rights.review(office, marie)
    assert (len(review.holders), review.capped) == (1, True)


@pytest.mark.parametrize("who", ["karim", "lucie"])
def test_only_administrateurs_review_rights(office, who, request):
    with pytest.raises(NotAllowed):
        rights.review(office, request.getfixturevalue(who))
