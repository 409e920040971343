"""manage.py reset-factor: the way back for the last administrateur, who lost telephone and recovery codes."""

import pytest

from core import factor_reset, opening, running
from core.errors import SecondFactorNeeded, SetupError
from tests.core.phone import enrol
from tests.core.test_sessions import sign_in


@pytest.fixture
def said(office, monkeypatch):
    """What the command prints, on the database of the tests."""
    monkeypatch.setattr(opening, "open_office", lambda settings, *, say: office)
    monkeypatch.setattr(opening, "close", lambda: None)
    return []


def reset(said, tmp_path, email):
    running.reset_factor(tmp_path, said.append, email)


def test_it_takes_the_factor_away_and_says_so(office, visitor, marie, clock, said, tmp_path):
    enrol(office, marie, clock)
    with pytest.raises(SecondFactorNeeded):
        sign_in(office, visitor, marie)
    reset(said, tmp_path, marie.email)
    assert sign_in(office, visitor, marie)
    assert "un courriel l'annonce" in said[-1]


def test_it_says_when_nobody_has_this_address_or_no_factor(office, marie, said, tmp_path):
    with pytest.raises(SetupError, match="Aucun accès n'a cette adresse"):
        reset(said, tmp_path, "inconnue@exemple.fr")
    with pytest.raises(SetupError, match="n'est pas activée"):
        reset(said, tmp_path, marie.email)


def test_no_screen_can_ask_for_it():
    assert factor_reset.reset_by_operator.guard == "operators"
