"""An account activated with Google chooses a first password."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from core import accounts, first_password, sessions
from core.errors import AlreadyDone, PasswordsDiffer, StepUpNeeded, WeakPassword
from tests.core.test_invites import race

CHOSEN = {"new": "Trois bateaux verts naviguent", "confirmation": "Trois bateaux verts naviguent"}


@pytest.fixture
def lucie(office, lucie):
    """Lucie with Google alone, who has just proved who she is."""
    office.ask(text("UPDATE asso.users SET google_sub = 'g', password_hash = NULL WHERE id = :id"), id=lucie.user_id)
    return replace(lucie, stepped_up_at=office.now())


def test_it_opens_the_account_and_ends_what_was_open(office, visitor, lucie, letters, deeds):
    ticket = first_password.choose(office, lucie, **CHOSEN)
    assert sessions.open(office, visitor, ticket=ticket)
    assert accounts.sign_in(office, visitor, email="lucie@exemple.fr", password=CHOSEN["new"])
    assert letters()[0].kind == "password_changed"
    assert ("password_changed", "done") in deeds()
    closed = text("SELECT closed_reason FROM asso.user_sessions WHERE id = :id")
    assert office.ask(closed, id=lucie.session_id)[0].closed_reason == "password_changed"


def test_it_asks_for_a_fresh_proof_v7_5_1(office, lucie):
    with pytest.raises(StepUpNeeded):
        first_password.choose(office, replace(lucie, stepped_up_at=None), **CHOSEN)


def test_it_follows_the_policy(office, lucie):
    with pytest.raises(WeakPassword):
        first_password.choose(office, lucie, new="Lucie Martin aime la mer", confirmation="Lucie Martin aime la mer")
    with pytest.raises(PasswordsDiffer):
        first_password.choose(office, lucie, new=CHOSEN["new"], confirmation="autre")


def test_a_password_is_changed_by_the_old_one_only(office, lucie):
    first_password.choose(office, lucie, **CHOSEN)
    with pytest.raises(AlreadyDone):
        first_password.choose(office, lucie, new="Encore une autre phrase", confirmation="Encore une autre phrase")


def test_two_at_once_make_one(office, lucie):
    outcomes = race(4, lambda _: first_password.choose(office, lucie, **CHOSEN))
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyDone) for outcome in outcomes) == 3
