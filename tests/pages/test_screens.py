"""Each screen for each role: what it shows, what it keeps to itself, what it refuses."""

import pytest
from streamlit.testing.v1 import AppTest

from core import personnes
from tests.pages.conftest import ROOT, words

PROTECTED = ["accueil", "mon_compte", "personnes"]
OPEN = ["connexion", "activer_mon_acces", "mot_de_passe_oublie", "confirmer_email", "pas_moi"]
TITLES = {
    "connexion": "Connexion",
    "activer_mon_acces": "Activer mon accès",
    "mot_de_passe_oublie": "Réinitialiser mon mot de passe",
    "confirmer_email": "Confirmer mon adresse email",
    "pas_moi": "Ce n'était pas moi",
}
ADMINISTRATION = ["courriels", "invitations", "journal", "droits"]
# In no menu: tests/pages/test_fiche.py and test_importer.py.
BY_ADDRESS = ["importer", "personne"]
ODD = ["<script>alert(1)</script>", "**gras**", "![](https://exemple.org/x.png)", "x" * 5000, "محمد", "Zoë 🐎"]


def test_every_screen_is_known_to_these_tests():
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == {*PROTECTED, *OPEN, *ADMINISTRATION, *BY_ADDRESS}


@pytest.mark.parametrize("page", [*PROTECTED, *ADMINISTRATION, *BY_ADDRESS])
def test_a_visitor_gets_connexion_in_the_place_of_a_page_that_runs_alone(at, page):
    app = at(page, None, alone=True)
    assert [title.value for title in app.title] == ["Connexion"]
    assert not app.exception
    assert not app.dataframe


@pytest.mark.parametrize("page", OPEN)
def test_a_visitor_opens_the_open_pages_alone_too(at, page):
    assert [found.value for found in at(page, None, alone=True).title] == [TITLES[page]]


@pytest.mark.parametrize("page", ADMINISTRATION)
@pytest.mark.parametrize("who", ["karim", "lucie"])
def test_the_screens_of_administration_turn_others_away(at, page, who, request):
    app = at(page, request.getfixturevalue(who), alone=True)
    assert "Votre rôle ne permet pas cette action." in words(app)
    assert not app.dataframe


@pytest.mark.parametrize("page", PROTECTED)
@pytest.mark.parametrize(("who", "alone"), [("marie", False), ("karim", False), ("lucie", False), ("lucie", True)])
def test_everybody_who_is_signed_in_opens_their_pages(at, page, who, alone, request):
    app = at(page, request.getfixturevalue(who), alone=alone)
    title = {"accueil": "Accueil", "mon_compte": "Mon compte", "personnes": "Personnes"}[page]
    assert [found.value for found in app.title] == [title]
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("page", [*PROTECTED, *OPEN, *ADMINISTRATION, *BY_ADDRESS, "../Home"])
def test_without_the_edge_no_page_runs_and_it_says_how_to_start(office, page):
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=30).run()
    assert "python3 manage.py run" in words(app)
    assert not app.title


def test_an_administrateur_may_add_people_and_an_employe_too_but_no_benevole(at, marie, karim, lucie):
    def may_add(actor):
        return "Ajouter une personne" in [button.label for button in at("personnes", actor).button]

    assert (may_add(marie), may_add(karim), may_add(lucie)) == (True, True, False)


def opened(app):
    """The drawer « Ajouter une personne », opened."""
    button = next(button for button in app.button if button.label == "Ajouter une personne")
    return button.click().run()


def test_only_an_administrateur_chooses_a_role_and_a_code(at, marie, karim):
    for actor, expected in ((marie, True), (karim, False)):
        app = opened(at("personnes", actor))
        assert ("Rôle" in [radio.label for radio in app.radio]) == expected
        assert bool(app.checkbox) == expected


def test_a_benevole_sees_no_phone_and_no_access_state(at, lucie, marie):
    columns = list(at("personnes", lucie).dataframe[0].value.columns)
    assert columns == ["Nom", "Prénom", "Rôle"]
    assert "Téléphone 1" in at("personnes", marie).dataframe[0].value.columns


def test_nobody_found_says_what_to_do(at, marie):
    app = at("personnes", marie)
    app.text_input(key="recherche").set_value("introuvable").run()
    assert "Aucune personne trouvée." in words(app)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_odd_names_come_back_as_text(at, office, marie, name):
    personnes.create(office, marie, id=office.uuid(), nom=name, prenom="Jean")
    app = at("personnes", marie)
    assert name in list(app.dataframe[0].value["Nom"])
    assert not any(name in str(element.value) for element in app.markdown)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_ones_own_odd_name_is_text_everywhere(at, marie, database, name):
    database.run("UPDATE asso.personnes SET nom = %s, prenom = %s", name, name)
    for page in PROTECTED:
        app = at(page, marie)
        risky = [*app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error, *app.subheader]
        assert not any(name in str(element.value) for element in risky)
        assert any(name in element.value for element in app.text)


def sign_in(app, email, password):
    app.text_input(key="email").set_value(email)
    next(field for field in app.text_input if field.label == "Mot de passe").set_value(password)
    return next(button for button in app.button if button.label == "Se connecter").click().run()


def test_a_wrong_password_gets_the_one_sentence_and_keeps_the_address(at, marie):
    app = sign_in(at("connexion", None, alone=True), "marie@exemple.fr", "faux")
    assert "Identifiants invalides, veuillez réessayer." in words(app)
    assert app.text_input(key="email").value == "marie@exemple.fr"
    assert next(field for field in app.text_input if field.label == "Mot de passe").value == ""


def test_an_invitation_link_fills_the_code_and_leaves_the_address_bar(at):
    app = at("activer_mon_acces", None, alone=True, code="ZDL-AAAAAA-BBBBB")
    assert app.text_input(key="code").value == "ZDL-AAAAAA-BBBBB"
    assert "code" not in app.query_params


def test_mon_compte_shows_identity_devices_and_journal(at, marie):
    said = words(at("mon_compte", marie))
    for word in ("marie@exemple.fr", "Administrateur", "06 11 22 33 44", "Firefox"):
        assert word in said


def test_an_ended_session_says_so_and_leads_to_connexion(at, marie, clock):
    app = at("mon_compte", marie)
    clock.advance(hours=9)
    app.run()
    assert [title.value for title in app.title] == ["Connexion"]
    assert "Votre session a été terminée pour des raisons de sécurité. Reconnectez-vous." in words(app)


def test_a_role_taken_away_in_the_database_counts_at_the_next_click(at, marie, database):
    app = at("personnes", marie)
    database.run("UPDATE asso.personnes SET role = 'bénévole'")
    app.run()
    assert "Ajouter une personne" not in [button.label for button in app.button]
