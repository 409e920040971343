"""Mon compte: the password, the devices, the journal."""

import pytest
from sqlalchemy import text

from core import sessions
from tests.conftest import PASSWORD, VISITOR, token_of
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click, click_twice, field, fill_in, ticket

NEW = "Cinq lapins verts dansent"


@pytest.fixture
def account(at, marie):
    return at("mon_compte", marie)


def change(app, current=PASSWORD, new=NEW, confirmation=NEW):
    fill_in(app, current_password=current, new_password=new, new_password_again=confirmation)
    return click(app, "Changer mon mot de passe")


def test_changing_the_password_hands_over_a_new_session(account, office):
    handed = ticket(change(account))
    assert sessions.open(office, VISITOR, ticket=handed).token
    assert account.session_state["errand"]["to"] == "/mon_compte?fait=mot_de_passe"
    assert NEW not in str(account.session_state)
    assert PASSWORD not in str(account.session_state)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"current": "faux"}, "Le mot de passe actuel est incorrect."),
        ({"current": ""}, "Le champ « Mot de passe actuel » est obligatoire."),
        ({"new": "court"}, "Mot de passe trop faible : au moins 15 caractères"),
        ({"confirmation": "autre"}, "Les deux mots de passe sont différents. Saisissez-les à nouveau."),
        (
            {"new": PASSWORD, "confirmation": PASSWORD},
            "Le nouveau mot de passe est le même que l'actuel. Choisissez-en un autre.",
        ),
    ],
)
def test_each_refusal_of_a_password_is_told(account, typed, said):
    assert any(said in alert for alert in alerts(change(account, **typed)))
    assert ticket(account) is None


def test_the_rules_are_those_of_the_own_role(account, at, lucie):
    assert "Au moins 15 caractères" in words(account)
    field(account, "Nouveau mot de passe").set_value("x" * 15).run()
    assert "check_circle: Au moins 15 caractères" in words(account)
    assert "Au moins 12 caractères" in words(at("mon_compte", lucie))


def test_the_rules_shown_know_the_own_telephone_as_the_service_does(account):
    field(account, "Nouveau mot de passe").set_value("bateau 11223344 lune rouge").run()
    assert "radio_button_unchecked: Ni votre nom" in words(account)


def test_one_other_device_is_signed_out(account):
    click(account, "Déconnecter cet appareil")
    assert "Votre autre appareil est déconnecté." in alerts(account)
    assert "Déconnecter cet appareil" not in buttons(account)


def test_other_devices_are_listed_and_signed_out(account):
    assert "Firefox sur Linux – cet appareil" in words(account)
    click(account, "Déconnecter les autres appareils")
    assert "Votre autre appareil est déconnecté." in alerts(account)
    assert "Déconnecter les autres appareils" not in buttons(account)


@pytest.mark.parametrize("button", ["Déconnecter cet appareil", "Déconnecter les autres appareils"])
def test_a_second_click_leaves_said_that_a_device_is_signed_out(account, button):
    click_twice(account, button)
    assert "Votre autre appareil est déconnecté." in alerts(account)
    assert len(alerts(account)) == 1


def test_several_other_devices_are_counted(account, office, marie):
    token_of(office, marie)
    assert "2 autres appareils sont déconnectés." in alerts(click(account, "Déconnecter les autres appareils"))


def test_the_journal_is_written_in_french_with_times_of_paris(account):
    change(account, current="faux")
    said = words(account)
    assert "21/11/2026 à 14 h 05 – Changement du mot de passe – tentative refusée (adresse 203.0.113.7)" in said
    assert "Ouverture d'une session" in said


@pytest.fixture
def with_google_only(office, lucie):
    alone = "UPDATE asso.users SET google_sub = 'g', password_hash = NULL WHERE id = :id"
    office.ask(text(alone), id=lucie.user_id)
    return lucie


def test_who_has_no_password_proves_who_they_are_then_chooses_one(at, office, clock, with_google_only):
    account = at("mon_compte", with_google_only)
    clock.advance(minutes=11)
    account.run()
    assert "Choisir ce mot de passe" not in buttons(account)
    assert "Cette action est sensible" in words(click(account, "Choisir un mot de passe"))
    office.ask(text("UPDATE asso.user_sessions SET stepped_up_at = :now"), now=office.now())
    fill_in(account.run(), new_password=NEW, new_password_again=NEW)
    handed = ticket(click(account, "Choisir ce mot de passe"))
    assert sessions.open(office, VISITOR, ticket=handed).token


def test_who_asks_for_another_address_learns_what_cancels_it(account):
    said = alerts(click(fill_in(account, new_email="marie.nouvelle@exemple.fr"), "Changer mon adresse email"))
    assert any("Changer de mot de passe annulerait cette demande." in alert for alert in said)
