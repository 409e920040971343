"""The second step of Connexion without a browser, and the fields of codes: what stays in them, what is said."""

from unittest.mock import Mock

import pytest

from core import resets, second_factor, second_step, step_up
from core.errors import Unavailable, WrongFactorCode
from tests.conftest import PASSWORD
from tests.core.phone import enrol
from tests.core.test_resets import ask
from tests.core.test_second_step import asked
from tests.pages.gestures import alerts, choose, click, field, fill_in
from ui.entrance import Way

NEW = "Un nouveau jardin de violettes"
OVER = "La vérification a pris plus de cinq minutes. Reconnectez-vous."
SIX = "Code à 6 chiffres"


@pytest.fixture
def enrolled(office, marie, clock):
    return enrol(office, marie, clock)


@pytest.fixture
def waiting(at, office, visitor, marie, enrolled):
    """Connexion at its second step, begun with Google."""
    app = choose(at("connexion", None), "Méthode de connexion", Way.GOOGLE)
    app.session_state["page:pending_sign_in"] = asked(office, visitor, marie)
    return app.run()


def labels(app):
    return [found.label for found in app.text_input]


@pytest.mark.parametrize(("refusal", "left"), [(Unavailable, "123456"), (WrongFactorCode, "")])
def test_the_code_stays_typed_only_while_the_database_is_silent(waiting, monkeypatch, refusal, left):
    monkeypatch.setattr(second_step, "finish", Mock(side_effect=refusal))
    click(fill_in(waiting, second_step_code="123456"), "Vérifier")
    assert field(waiting, SIX).value == left


@pytest.mark.parametrize(("refusal", "left"), [(Unavailable, "123456"), (WrongFactorCode, "")])
def test_so_does_the_code_that_switches_the_factor_on(at, marie, monkeypatch, refusal, left):
    monkeypatch.setattr(second_factor, "confirm", Mock(side_effect=refusal))
    app = click(at("mon_compte", marie), "Activer la vérification en deux étapes")
    click(fill_in(app, factor_confirm_code="123456"), "Activer")
    assert field(app, SIX).value == left


@pytest.mark.parametrize(("refusal", "left"), [(Unavailable, PASSWORD), (WrongFactorCode, "")])
def test_so_does_what_proves_who_one_is(at, marie, clock, monkeypatch, refusal, left):
    monkeypatch.setattr(step_up, "by_password", Mock(side_effect=refusal))
    app = at("mon_compte", marie)
    clock.advance(minutes=11)
    click(app, "Déconnecter cet appareil")
    click(fill_in(app, step_up_proof=PASSWORD), "Confirmer")
    assert field(app, "Votre mot de passe").value == left


def test_a_verification_that_took_too_long_is_told_after_google_too(waiting, clock):
    clock.advance(minutes=6)
    click(fill_in(waiting, second_step_code="123456"), "Vérifier")
    assert OVER in alerts(waiting)
    assert waiting.title[0].value == "Connexion"


def test_after_a_reset_it_is_told_and_no_code_is_asked_again(
    at, office, visitor, letters, clock, enrolled, monkeypatch
):
    monkeypatch.setattr(resets, "FLOOR", 0.0)
    _, token, otp = ask(office, visitor, letters)
    app = fill_in(at("mot_de_passe_oublie", None, token=token), otp=otp, new_password=NEW, new_password_again=NEW)
    click(app, "Changer mon mot de passe")
    clock.advance(minutes=6)
    click(fill_in(app, second_step_code="123456"), "Vérifier")
    assert OVER in alerts(app)
    assert labels(app) == ["Email de récupération"]
