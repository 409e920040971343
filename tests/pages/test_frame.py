"""The frame: who is let in, how often the database is asked, what happens when it does not answer."""

import pytest
from streamlit.testing.v1 import AppTest

from core import opening, sessions
from core.errors import Unavailable
from core.roles import Role
from tests.conftest import enrol
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click, field, fill_in
from ui import browser, session_cookie

ENDED = "Votre session a été terminée pour des raisons de sécurité. Reconnectez-vous."
PATIENCE = "La base de données ne répond pas. Ce que vous avez saisi est conservé : réessayez dans quelques instants."


@pytest.fixture
def outage(office, monkeypatch):
    """Stop the database from answering; the value makes it answer again."""

    def begin():
        def silent(*_, **__):
            raise Unavailable

        monkeypatch.setattr(type(office), "ask", silent)
        monkeypatch.setattr(type(office), "begin", silent)

    kept = (type(office).ask, type(office).begin)

    def end():
        monkeypatch.setattr(type(office), "ask", kept[0])
        monkeypatch.setattr(type(office), "begin", kept[1])

    begin.end = end
    return begin


@pytest.fixture
def checks(monkeypatch):
    """How often a session was read from the database."""
    counted, resume = [], sessions.resume
    monkeypatch.setattr(sessions, "resume", lambda *args, **named: (counted.append(1), resume(*args, **named))[1])
    return counted


@pytest.mark.parametrize("page", ["accueil", "mon_compte", "personnes"])
def test_a_run_reads_the_session_once(at, marie, checks, page):
    app = at(page, marie)
    checks.clear()
    app.run()
    assert len(checks) == 1


def test_a_visitor_without_a_cookie_costs_no_reading(at, checks):
    at("connexion", None)
    assert checks == []


@pytest.mark.parametrize(("role", "minutes"), [(Role.ADMINISTRATEUR, 16), (Role.BENEVOLE, 31)])
def test_an_idle_session_ends_with_its_sentence(at, office, clock, role, minutes):
    app = at("accueil", enrol(office, "Nadia", "Petit", role))
    clock.advance(minutes=minutes)
    app.run()
    assert ENDED in alerts(app)
    assert app.title[0].value == "Connexion"


def test_a_session_closed_elsewhere_ends_here_too(at, office, lucie):
    app = at("personnes", lucie)
    sessions.close_others(office, lucie)
    app.run()
    assert ENDED in alerts(app)
    assert not app.dataframe


def test_a_stranger_s_cookie_is_nobody_s(at, monkeypatch):
    app = at("connexion", None)
    monkeypatch.setattr(browser, "token", lambda office: "made-up")
    app.run()
    assert app.title[0].value == "Connexion"
    assert ENDED not in alerts(app)


@pytest.mark.parametrize("page", ["connexion", "activer_mon_acces"])
def test_whoever_is_signed_in_is_led_from_the_ways_in_to_accueil(at, marie, page):
    assert [title.value for title in at(page, marie).title] == ["Accueil"]


def test_a_page_that_the_role_does_not_open_says_so_and_the_attempt_is_kept(at, lucie, deeds):
    at("accueil", lucie)
    app = AppTest.from_string(
        "from core.roles import Permission\nfrom ui.frame import enter\nenter(Permission.AUDIT_READ)\n'unreached'\n",
        default_timeout=30,
    ).run()
    assert alerts(app) == ["Votre rôle ne permet pas cette action. Adressez-vous à un administrateur."]
    assert deeds()[-1] == ("not_allowed", "refused")


@pytest.mark.parametrize("page", ["accueil", "mon_compte", "personnes"])
def test_a_silent_database_is_told_in_french_and_comes_back(at, marie, outage, page):
    app = at(page, marie)
    outage()
    app.run()
    assert PATIENCE in alerts(app)
    outage.end()
    assert click(app, "Réessayer").title[0].value != "Connexion"


def test_what_is_typed_survives_a_silent_database(at, marie, outage):
    app = click(at("personnes", marie), "Ajouter une personne")
    fill_in(app, creation_nom="Michel", creation_prenom="Jean")
    outage()
    click(app, "Créer la personne")
    outage.end()
    click(app, "Réessayer")
    assert (field(app, "Nom *").value, field(app, "Prénom *").value) == ("Michel", "Jean")


def test_the_sign_in_form_keeps_everything_while_the_database_is_silent(at, outage):
    app = fill_in(at("connexion", None), email="marie@exemple.fr", password="Quatre chevaux")
    outage()
    click(app, "Se connecter")
    assert PATIENCE in alerts(app)
    assert (field(app, "Email").value, field(app, "Mot de passe").value) == ("marie@exemple.fr", "Quatre chevaux")


def test_signing_out_closes_the_session_then_lets_the_cookie_go(at, office, marie, database):
    app = click(at("accueil", marie), "Se déconnecter")
    assert app.session_state["errand"]["ticket"] is None
    assert not app.title
    assert database.run("SELECT count(*) FROM asso.user_sessions WHERE closed_reason = 'signed_out'") == [(1,)]


def test_signing_out_without_a_database_says_so_and_stays(at, marie, outage):
    app = at("accueil", marie)
    outage()
    click(app, "Se déconnecter")
    assert PATIENCE in alerts(app)
    assert "errand" not in app.session_state


def test_the_sidebar_tells_who_is_here(at, lucie):
    app = at("accueil", lucie)
    assert [text.value for text in app.sidebar.text] == ["Association", "Lucie Martin", "Bénévole"]
    assert "Se déconnecter" in buttons(app)


@pytest.mark.parametrize(
    ("done", "said"), [("activation", "Votre accès est activé."), ("inconnu", None), ("<b>", None)]
)
def test_what_was_just_done_is_said_once_and_leaves_the_address(at, marie, done, said):
    app = at("accueil", marie, alone=True, fait=done)
    assert [box.value for box in app.success] == ([said] if said else [])
    assert ("fait" in app.query_params) == (said is None)


def test_without_an_office_nothing_runs(monkeypatch):
    monkeypatch.setattr(opening, "current", lambda: None)
    monkeypatch.setattr(browser, "came_through_edge", lambda: True)
    app = AppTest.from_file("../../Home.py", default_timeout=30).run()
    assert "python3 manage.py run" in words(app)


def test_a_cookie_that_could_not_be_set_is_told_on_the_page(at, monkeypatch):
    app = at("connexion", None)
    app.session_state["page:cookie"] = session_cookie.feedback._Outcome(said="Rechargez la page.")
    app.run()
    assert alerts(app) == ["Rechargez la page."]
