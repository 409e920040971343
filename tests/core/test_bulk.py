"""Bulk deeds: everybody who can be, the others with a reason, and never a wrong person."""

from dataclasses import replace
from uuid import UUID

import pytest

from core import bulk, edits, sessions
from core.bulk import Picked
from core.errors import (
    AlreadyActivated,
    FicheChanged,
    LastAdministrator,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OwnFiche,
    OwnRole,
    RoleAboveOwn,
    SessionEnded,
    StepUpNeeded,
    TooManyAttempts,
    TooManyPeople,
)
from core.figures import BULK_AT_MOST
from core.roles import Role
from db.engine import open_engine
from tests.conftest import enrol, token_of
from tests.core.test_invites import race
from tests.trips import TripCounter


@pytest.fixture
def crowd(office, database):
    """Twenty-five people without account, called Nom00 to Nom24."""
    database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Nom' || to_char(n, 'FM00'), 'Léa', 'bénévole', %s, %s "
        "FROM generate_series(0, 24) AS n",
        office.now(),
        office.now(),
    )


@pytest.fixture
def picked(database):
    """Those whose name is like this, as the list shows them now."""

    def pick(like):
        rows = database.run(
            'SELECT "ID_PERSONNE", nom, prenom, version FROM asso.personnes WHERE nom LIKE %s ORDER BY nom', like
        )
        return [Picked(UUID(key), *shown) for key, *shown in rows]

    return pick


@pytest.fixture
def state(database):
    """(role, archived) of a Personne by name."""
    return lambda nom: database.run("SELECT role, archived_at IS NOT NULL FROM asso.personnes WHERE nom = %s", nom)[0]


def why(outcome):
    return {one.nom: type(refusal) for one, refusal in outcome.failed}


def test_a_role_is_given_to_all_but_oneself(office, marie, karim, lucie, jean, picked, state):
    outcome = bulk.set_role(office, marie, picked=picked("%"), role=Role.EMPLOYE)
    assert {one.nom for one in outcome.done} == {"Benali", "Martin", "Michel"}
    assert why(outcome) == {"Dupont": OwnRole}
    assert [state(nom)[0] for nom in ("Dupont", "Martin", "Michel")] == ["administrateur", "employé", "employé"]


def test_a_role_given_in_bulk_is_audited_for_each_and_in_their_history(office, marie, lucie, jean, picked, database):
    bulk.set_role(office, marie, picked=picked("M%"), role=Role.EMPLOYE)
    bulk.set_role(office, marie, picked=picked("Dupont"), role=Role.EMPLOYE)
    rows = database.run("SELECT deed, outcome, details->>'from' FROM asso.audit_log ORDER BY seq DESC LIMIT 3")
    assert rows[0][:2] == ("unauthorized_role_change_attempt", "refused")
    assert rows[1:] == [("role_changed", "done", "bénévole")] * 2
    assert (
        database.run("SELECT field, before, after FROM asso.personne_changes") == [("role", "bénévole", "employé")] * 2
    )


def test_who_gets_another_role_signs_in_again(office, marie, lucie, picked, visitor):
    token = token_of(office, lucie)
    bulk.set_role(office, marie, picked=picked("Martin"), role=Role.EMPLOYE)
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)


@pytest.mark.parametrize("deed", [bulk.archive, lambda *who, **facts: bulk.set_role(*who, **facts, role=Role.EMPLOYE)])
def test_a_sign_in_under_way_ends_with_the_sessions(office, marie, lucie, picked, visitor, deed):
    with office.begin() as db:
        ticket = sessions.issue_ticket(db, office, lucie.user_id)
    deed(office, marie, picked=picked("Martin"))
    bulk.restore(office, marie, picked=picked("Martin"))
    with pytest.raises(NotSignedIn):
        sessions.open(office, visitor, ticket=ticket)


def test_a_role_asks_for_a_fresh_proof_and_for_the_right(office, marie, karim, jean, picked, clock, deeds):
    with pytest.raises(NotAllowed):
        bulk.set_role(office, karim, picked=picked("Michel"), role=Role.EMPLOYE)
    assert deeds()[-1] == ("unauthorized_role_change_attempt", "refused")
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        bulk.set_role(office, marie, picked=picked("Michel"), role=Role.EMPLOYE)


def test_who_changed_meanwhile_is_reported_and_not_overwritten(office, marie, crowd, picked, state, database):
    shown = picked("Nom0%")
    database.run("UPDATE asso.personnes SET version = version + 1 WHERE nom = 'Nom03'")
    database.run("DELETE FROM asso.personnes WHERE nom = 'Nom04'")
    outcome = bulk.archive(office, marie, picked=shown)
    assert why(outcome) == {"Nom03": FicheChanged, "Nom04": NotFound}
    assert len(outcome.done) == 8
    assert (state("Nom03")[1], state("Nom05")[1]) == (False, True)


def test_the_same_deed_asked_twice_is_done_once(office, marie, crowd, picked, deeds):
    shown = picked("Nom0%")
    for _ in range(2):
        assert len(bulk.archive(office, marie, picked=shown).done) == 10
    assert deeds().count(("personne_archived", "done")) == 10


def test_archiving_ends_sessions_and_spares_oneself(office, marie, lucie, picked, visitor):
    token = token_of(office, lucie)
    assert why(bulk.archive(office, marie, picked=picked("%"))) == {"Dupont": OwnFiche}
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)


def test_an_employee_archives_no_administrateur(office, marie, karim, lucie, picked, deeds):
    outcome = bulk.archive(office, karim, picked=picked("%"))
    assert deeds()[-3:] == [("personne_archived", "done")] + [("personne_archived", "refused")] * 2
    assert why(outcome) == {"Dupont": RoleAboveOwn, "Benali": OwnFiche}
    assert [one.nom for one in outcome.done] == ["Martin"]


def test_who_may_not_restore_is_in_the_journal(office, marie, karim, picked, deeds):
    paul = enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)
    bulk.archive(office, paul, picked=picked("Dupont"))
    with pytest.raises(NotAllowed):
        bulk.restore(office, karim, picked=picked("Dupont"))
    assert deeds()[-1] == ("not_allowed", "refused")


def test_who_has_changed_meanwhile_is_no_refusal_in_the_journal(office, marie, crowd, picked, database, deeds):
    shown = picked("Nom0%")
    database.run("UPDATE asso.personnes SET version = version + 1 WHERE nom = 'Nom03'")
    bulk.archive(office, marie, picked=shown)
    assert "refused" not in {outcome for _, outcome in deeds()}


def test_what_was_archived_in_bulk_is_restored_in_bulk(office, marie, crowd, picked, state, deeds):
    bulk.archive(office, marie, picked=picked("Nom1%"))
    assert len(bulk.restore(office, marie, picked=picked("Nom%")).done) == 25
    assert not state("Nom11")[1]
    assert deeds().count(("personne_restored", "done")) == 10


def test_the_last_administrateur_stays_even_when_the_actor_is_one_no_more(office, marie, picked, state, database):
    paul = enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)
    database.run("UPDATE asso.personnes SET role = 'bénévole' WHERE nom = 'Petit'")
    assert why(bulk.set_role(office, paul, picked=picked("Dupont"), role=Role.BENEVOLE)) == {
        "Dupont": LastAdministrator
    }
    assert why(bulk.archive(office, paul, picked=picked("Dupont"))) == {"Dupont": LastAdministrator}
    assert state("Dupont") == ("administrateur", False)


def test_administrateurs_who_demote_all_others_at_once_leave_one(office, marie, picked, database):
    cast = [marie] + [enrol(office, f"Ada{n}", f"Nom{n}", Role.ADMINISTRATEUR) for n in range(3)]
    everybody = picked("%")
    race(4, lambda n: bulk.set_role(office, cast[n], picked=everybody, role=Role.BENEVOLE))
    assert database.run("SELECT count(*) FROM asso.personnes WHERE role = 'administrateur'") == [(1,)]


def test_codes_for_a_selection_say_who_needs_none(office, marie, lucie, crowd, picked, database):
    outcome = bulk.issue_codes(office, marie, picked=picked("%"))
    assert why(outcome) == {"Dupont": AlreadyActivated, "Martin": AlreadyActivated}
    assert len({issued.code for issued in outcome.codes}) == len(outcome.done) == 25
    assert database.run("SELECT count(*) FROM asso.user_invites") == [(25,)]


def test_nobody_gets_a_code_under_a_name_that_was_changed_meanwhile(office, marie, jean, crowd, picked, deeds):
    shown = picked("Michel") + picked("Nom01")
    edits.change(office, marie, id=jean, version=1, typed={"nom": "Durand"})
    outcome = bulk.issue_codes(office, marie, picked=shown)
    assert why(outcome) == {"Michel": FicheChanged}
    assert [one.nom for one in outcome.codes] == ["Nom01"]
    assert deeds().count(("invite_issued", "done")) == 1


def test_codes_are_renewed_three_times_a_day_for_each(office, marie, jean, picked, clock):
    for _ in range(4):
        bulk.issue_codes(office, marie, picked=picked("Michel"))
    assert why(bulk.issue_codes(office, marie, picked=picked("Michel"))) == {"Michel": TooManyAttempts}


def test_a_bulk_deed_counts_as_one_command_and_takes_five_hundred_people(office, marie, crowd, picked):
    shown = picked("Nom%")
    with pytest.raises(TooManyPeople):
        bulk.archive(office, marie, picked=[replace(shown[0], id=office.uuid()) for _ in range(BULK_AT_MOST + 1)])
    for _ in range(30):
        bulk.archive(office, marie, picked=shown)
    with pytest.raises(TooManyAttempts):
        bulk.archive(office, marie, picked=shown)


@pytest.mark.parametrize("many", ["Nom0_", "%"])
def test_round_trips_do_not_grow_with_the_selection(office, marie, crowd, picked, database, many):
    counter = TripCounter(database.server.socket_dir / ".s.PGSQL.5432")
    engine = open_engine(counter.url(database.url()), pool_size=1)
    far = replace(office, engine=engine)
    deeds = (
        lambda: bulk.issue_codes(far, marie, picked=picked(many)),
        lambda: bulk.set_role(far, marie, picked=picked(many), role=Role.EMPLOYE),
        lambda: bulk.archive(far, marie, picked=picked(many)),
        lambda: bulk.restore(far, marie, picked=picked(many)),
    )
    deeds[3]()  # opens the connection
    trips = []
    for deed in deeds:
        counter.reset()
        deed()
        trips.append(counter.trips)
    engine.dispose()
    counter.close()
    assert max(trips) <= 9, trips
