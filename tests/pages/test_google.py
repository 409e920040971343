"""Google on the screens: what leaves for its page, and what is said when one comes back."""

from dataclasses import replace

import pytest

from core import google_word
from core.errors import EmailTaken, GoogleDeclined, SecondFactorNeeded, UnknownGoogleAccount
from core.google_client import GoogleClient
from tests.conftest import code_for
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, choose, click, field
from ui import browser
from ui.entrance import Way

COOKIE = "the cookie of a browser"


@pytest.fixture
def office(office, monkeypatch):
    monkeypatch.setattr(browser, "cookie", lambda office: COOKIE)
    return replace(office, settings=replace(office.settings, google=GoogleClient("client", "secret")))


@pytest.fixture
def back(office, at):
    """Open a page with what a visit to Google left for it: back("connexion", refusal, code=…)."""

    def come_back(page, refusal, actor=None, code=None):
        app = at(page, actor)
        app.query_params["suite"] = google_word.leave(office, browser=COOKIE, refusal=refusal, code=code)
        return app.run()

    return come_back


def link(database, actor):
    database.run("UPDATE asso.users SET google_sub = '2002' WHERE id = %s", str(actor.user_id))


def destination(app):
    """The route of the edge that the browser was told to open, without its one-time state."""
    return app.session_state["errand"]["go"].partition("=")[0]


def test_signing_in_leaves_for_google(at):
    connexion = choose(at("connexion", None), "Méthode de connexion", Way.GOOGLE)
    assert destination(click(connexion, "Se connecter avec Google")) == "/auth/google/start?state"


def test_an_unknown_account_is_told_to_activate_with_a_code(back):
    connexion = back("connexion", UnknownGoogleAccount())
    assert "Activer mon accès" in alerts(connexion)[0]
    assert buttons(connexion) == ["Se connecter avec Google"]


def test_what_is_said_leaves_the_address(back):
    connexion = back("connexion", GoogleDeclined())
    assert "suite" not in connexion.query_params
    assert "Vous n'avez pas donné votre accord" in alerts(connexion)[0]


def test_the_second_factor_is_asked_after_google(back):
    assert "Vérification en deux étapes" in words(back("connexion", SecondFactorNeeded("pending")))


def test_an_activation_refused_at_google_keeps_the_code(back, office, marie, jean):
    code = code_for(office, marie, jean).code
    activation = back("activer_mon_acces", EmailTaken(), code=code)
    assert (field(activation, "Code d'invitation").value, len(alerts(activation))) == (code, 2)
    assert destination(click(activation, "Activer mon accès")) == "/auth/google/start?state"


def test_nobody_leaves_for_google_with_a_wrong_code(at):
    activation = choose(at("activer_mon_acces", None), "Mode d'activation", "Google")
    activation.text_input(key="code").set_value("ZDL-FAUX00-FAUX0")
    assert "errand" not in click(activation, "Activer mon accès").session_state
    assert "n'est pas valable" in alerts(activation)[0]


def test_karim_leaves_to_link_his_account(at, karim):
    account = at("mon_compte", karim)
    assert destination(click(account, "Rattacher mon compte Google")) == "/auth/google/start?state"


def test_a_linked_account_is_taken_off(at, karim, database):
    link(database, karim)
    account = click(at("mon_compte", karim), "Détacher mon compte Google")
    assert "Votre compte Google est détaché. Vos autres appareils sont déconnectés." in alerts(account)
    assert "Rattacher mon compte Google" in buttons(account)


def test_the_only_way_in_has_no_button(at, karim, database):
    link(database, karim)
    database.run("UPDATE asso.users SET password_hash = NULL WHERE id = %s", str(karim.user_id))
    account = at("mon_compte", karim)
    assert "C'est votre seul moyen de connexion" in words(account)
    assert "Détacher mon compte Google" not in buttons(account)


def test_google_confirms_who_one_is(at, karim, database, clock):
    link(database, karim)
    account = at("mon_compte", karim)
    clock.advance(minutes=11)
    click(account, "Détacher mon compte Google")
    assert destination(click(account, "Confirmer avec Google")) == "/auth/google/start?state"
