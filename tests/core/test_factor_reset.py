"""A factor that was lost with its recovery codes: others take it away, and it shows."""

import pytest

from core import factor_reset, sessions
from core.errors import FactorNotOn, NotAllowed, NotFound, OwnFactor, SecondFactorNeeded, SessionEnded, StepUpNeeded
from tests.core.phone import enrol
from tests.core.test_second_factor import mails
from tests.core.test_second_step import asked
from tests.core.test_sessions import sign_in


@pytest.fixture
def karim_enrolled(office, karim, clock):
    return enrol(office, karim, clock)


def test_an_administrateur_takes_away_a_lost_factor(office, visitor, marie, karim, karim_enrolled, database, deeds):
    factor_reset.reset_for(office, marie, personne_id=karim.personne_id)
    assert sign_in(office, visitor, karim)
    assert ("factor_reset", "done") in deeds()
    assert mails(database) == ["factor_on", "factor_reset_by_admin"]
    assert database.run("SELECT count(*) FROM asso.recovery_codes") == [(0,)]


def test_it_ends_the_sessions_and_the_sign_ins_under_way_v7_4_3(office, visitor, marie, karim, clock, database):
    token = sessions.open(office, visitor, ticket=sign_in(office, visitor, karim)).token
    enrol(office, sessions.resume(office, visitor, token=token), clock)
    asked(office, visitor, karim)
    factor_reset.reset_for(office, marie, personne_id=karim.personne_id)
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)
    assert database.run("SELECT count(*) FROM asso.pending_sign_ins") == [(0,)]


def test_the_audit_says_who_did_it_to_whom(office, marie, karim, karim_enrolled, database):
    factor_reset.reset_for(office, marie, personne_id=karim.personne_id)
    who = database.run("SELECT actor_id, personne_id, details FROM asso.audit_log WHERE deed = 'factor_reset'")
    assert who == [(str(marie.user_id), str(karim.personne_id), {})]


def test_it_asks_the_administrateur_who_they_are_v6_4_4(office, marie, karim, karim_enrolled, clock):
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        factor_reset.reset_for(office, marie, personne_id=karim.personne_id)


def test_nobody_takes_away_their_own(office, marie, clock):
    enrol(office, marie, clock)
    with pytest.raises(OwnFactor):
        factor_reset.reset_for(office, marie, personne_id=marie.personne_id)


def test_nobody_else_may_and_the_attempt_is_audited(office, lucie, karim, karim_enrolled, visitor, deeds):
    with pytest.raises(NotAllowed):
        factor_reset.reset_for(office, lucie, personne_id=karim.personne_id)
    assert deeds()[-1] == ("not_allowed", "refused")
    with pytest.raises(SecondFactorNeeded):
        sign_in(office, visitor, karim)


def test_there_must_be_an_account_and_a_factor(office, marie, karim, jean):
    with pytest.raises(FactorNotOn):
        factor_reset.reset_for(office, marie, personne_id=karim.personne_id)
    with pytest.raises(NotFound):
        factor_reset.reset_for(office, marie, personne_id=jean)


def test_an_enrolment_that_was_only_begun_is_no_factor(office, marie, karim):
    from core import second_factor

    second_factor.begin(office, karim)
    with pytest.raises(FactorNotOn):
        factor_reset.reset_for(office, marie, personne_id=karim.personne_id)


def test_the_operator_helps_the_last_administrateur(office, visitor, marie, clock, database):
    enrol(office, marie, clock)
    factor_reset.reset_by_operator(office, email=" MARIE@exemple.fr ")
    assert sign_in(office, visitor, marie)
    assert mails(database) == ["factor_on", "factor_reset_by_admin"]
    assert database.run("SELECT actor_id FROM asso.audit_log WHERE deed = 'factor_reset'") == [(None,)]


def test_the_operator_is_told_when_nobody_has_this_address(office, marie):
    with pytest.raises(NotFound):
        factor_reset.reset_by_operator(office, email="inconnue@exemple.fr")
