"""Connexion and Activer mon accès: the ways in, what they answer, what they hand to the browser."""

import pytest

from core import sessions
from core.errors import NotSignedIn
from core.roles import Role
from tests.conftest import PASSWORD, VISITOR, enrol
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, choose, click, click_twice, field, fill_in, ticket
from ui.entrance import Way

WRONG = "Identifiants invalides, veuillez réessayer."
UNUSABLE = "Ce code n'est pas valable ou a expiré. Demandez-en un nouveau à un administrateur."


@pytest.fixture
def connexion(at):
    return at("connexion", None)


@pytest.fixture
def activation(at):
    return at("activer_mon_acces", None)


def sign_in(app, email, password):
    return click(fill_in(app, email=email, password=password), "Se connecter")


def activate(app, code, email="jean@exemple.fr", password=PASSWORD, confirmation=PASSWORD):
    fill_in(app, code=code, activation_email=email, new_password=password, new_password_again=confirmation)
    return click(app, "Activer mon accès")


def test_connexion_offers_four_ways_and_the_form(connexion):
    assert [str(way) for way in Way] == ["Email / mot de passe", "Google", "Activer mon accès", "Mot de passe oublié"]
    assert len(connexion.segmented_control[0].options) == len(Way)
    assert [found.label for found in connexion.text_input] == ["Email", "Mot de passe"]
    assert buttons(connexion) == ["Se connecter"]


def test_a_sign_in_hands_over_a_ticket_that_works_once(connexion, office, marie):
    handed = ticket(sign_in(connexion, "Marie@Exemple.fr", PASSWORD))
    assert sessions.resume(office, VISITOR, token=sessions.open(office, VISITOR, ticket=handed).token).nom == "Dupont"
    with pytest.raises(NotSignedIn):
        sessions.open(office, VISITOR, ticket=handed)


def test_what_was_done_before_is_said_until_something_else_is_tried(at, marie):
    connexion = at("connexion", None, alone=True, fait="deconnexion")
    assert alerts(connexion) == ["Vous êtes déconnecté."]
    sign_in(connexion, "marie@exemple.fr", "faux")
    assert alerts(connexion) == [WRONG]


def test_the_password_is_forgotten_as_soon_as_it_has_served(connexion, marie):
    sign_in(connexion, "marie@exemple.fr", PASSWORD)
    assert PASSWORD not in str(connexion.session_state)


@pytest.mark.parametrize(("email", "password"), [("marie@exemple.fr", "faux"), ("inconnue@exemple.fr", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_get_one_sentence(connexion, marie, email, password):
    sign_in(connexion, email, password)
    assert alerts(connexion) == [WRONG]
    assert (field(connexion, "Email").value, field(connexion, "Mot de passe").value) == (email, "")


def test_the_fifth_wrong_password_has_to_wait(connexion, marie):
    for _ in range(5):
        sign_in(connexion, "marie@exemple.fr", "faux")
    assert alerts(connexion) == ["Trop de tentatives. Réessayez dans 1 min."]


def test_google_says_that_it_is_not_configured(connexion):
    choose(connexion, "Méthode de connexion", Way.GOOGLE)
    assert "La connexion avec Google n'est pas configurée." in words(connexion)
    assert not connexion.text_input


def test_the_row_leads_to_the_forgotten_password(connexion):
    app = choose(connexion, "Méthode de connexion", Way.FORGOTTEN)
    assert app.title[0].value == "Réinitialiser mon mot de passe"


def test_the_row_leads_to_activation(connexion):
    assert choose(connexion, "Méthode de connexion", Way.CODE).title[0].value == "Activer mon accès"


def test_the_row_leads_back_with_the_way_chosen(activation):
    assert choose(activation, "Méthode de connexion", Way.GOOGLE).title[0].value == "Connexion"
    assert "La connexion avec Google n'est pas configurée." in words(activation)


def test_activation_asks_for_the_fields_of_the_report(activation):
    labels = ["Code d'invitation", "Email", "Mot de passe", "Confirmer le mot de passe"]
    assert [found.label for found in activation.text_input] == labels
    assert field(activation, "Code d'invitation").placeholder == "ZDL-XXXXXX-YYYYY"
    assert [found.label for found in activation.radio] == ["Mode d'activation"]
    assert [box.proto.title for box in activation.info] == ["Bon à savoir"]


def test_google_activation_says_that_it_is_not_configured(activation):
    choose(activation, "Mode d'activation", "Google")
    assert "La connexion avec Google n'est pas configurée." in words(activation)
    assert "Activer mon accès" not in buttons(activation)


def test_the_rules_are_ticked_off_as_the_password_is_typed(activation):
    assert "radio_button_unchecked: Au moins 12 caractères" in words(activation)
    field(activation, "Mot de passe").set_value("Quatre chevaux").run()
    assert "check_circle: Au moins 12 caractères" in words(activation)


def test_a_code_typed_carelessly_opens_an_account(activation, office, code):
    handed = ticket(activate(activation, code.lower().replace("-", " ")))
    token = sessions.open(office, VISITOR, ticket=handed).token
    assert sessions.resume(office, VISITOR, token=token).role is Role.BENEVOLE
    assert activation.session_state["errand"]["to"] == "/accueil?fait=activation"
    assert PASSWORD not in str(activation.session_state)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "ZDL-AAAAAA-BBBBB"}, UNUSABLE),
        ({"code": ""}, "Le champ « Code d'invitation » est obligatoire."),
        ({"email": ""}, "Le champ « Email » est obligatoire."),
        ({"email": "jean"}, "Cette adresse email n'est pas valable. Exemple : prenom.nom@\u2060asso.org."),
        ({"password": "x" * 129}, "Mot de passe trop faible : au plus 128 caractères"),
        ({"confirmation": "autre"}, "Les deux mots de passe sont différents. Saisissez-les à nouveau."),
    ],
)
def test_each_refusal_is_told_and_what_was_typed_stays(activation, code, typed, said):
    activate(activation, **({"code": code} | typed))
    assert any(said in alert for alert in alerts(activation))
    assert field(activation, "Mot de passe").value == typed.get("password", PASSWORD)
    assert ticket(activation) is None


def test_an_address_that_has_an_account_is_told(activation, office, code):
    enrol(office, "Nadia", "Petit", Role.BENEVOLE)
    activate(activation, code, email="Nadia@exemple.fr")
    assert "Un accès existe déjà avec cet email. Connectez-vous, ou choisissez un autre email." in alerts(activation)


def test_a_second_click_on_another_address_asks_for_the_address(at):
    app = at("mot_de_passe_oublie", None, token="jeton")
    click_twice(app, "Recommencer avec une autre adresse")
    assert field(app, "Email de récupération").value == ""
