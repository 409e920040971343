"""From an empty machine to an activated member: the report's own story, in a browser."""

import re

import pytest
from playwright.sync_api import expect

ADMIN = "Une grande phrase de passe"


@pytest.fixture(scope="module")
def server(own_server):
    """A server that has just been started for the first time: its log has the first code."""
    return own_server


def first_code(server):
    return re.search(r"ZDL-\w{6}-\w{5}", server.log).group()


def add(screen, nom, prenom, phone):
    screen.type("Nom *", nom)
    screen.type("Prénom *", prenom)
    screen.type("Téléphone 1", phone)
    screen.click("Créer la personne")


def test_the_first_administrateur_then_jean(server, screen, new_screen):
    screen.open(f"/activer_mon_acces?code={first_code(server)}")
    screen.title("Activer mon accès")
    expect(screen.field("Code d'invitation")).to_have_value(first_code(server))
    screen.address(r"/activer_mon_acces$")
    screen.activate("marie@exemple.fr", ADMIN)
    screen.address(r"/accueil")

    screen.go("Personnes")
    screen.title("Personnes")
    screen.click("Ajouter une personne")
    screen.page.get_by_text("Générer automatiquement un code d'invitation après création").click()
    add(screen, "Michel", "Jean", "pas un numéro")
    screen.sees("06 12 34 56 78")
    expect(screen.field("Nom *")).to_have_value("Michel")
    expect(screen.field("Téléphone 1")).to_have_value("pas un numéro")
    add(screen, "Michel", "Jean", "1111111111")
    screen.sees("Le numéro « 1111111111 » ne semble pas valide", "Il n'est affiché qu'une fois.")
    code = screen.page.get_by_text(re.compile(r"^ZDL-\w{6}-\w{5}$")).inner_text()
    screen.open("/personnes")
    screen.sees("1 à 2 sur 2")
    assert code not in screen.page.content()
    screen.sign_out()

    jean = new_screen()
    jean.open("/activer_mon_acces")
    jean.type("Code d'invitation", code.lower().replace("-", ""))
    jean.activate("jean@exemple.fr")
    jean.sees("Jean Michel", "Bénévole")
    second = jean.tab().open("/mon_compte")
    second.title("Mon compte")
    jean.go("Personnes")
    jean.sees("1 à 2 sur 2")
    expect(jean.button("Ajouter une personne")).to_have_count(0)
    jean.sees_heads("Nom", "Prénom", "Rôle")
    assert "1111111111" not in jean.page.content()

    jean.page.reload()
    jean.title("Personnes")
    jean.sign_out()
    five_wrong_passwords_wait(screen)  # while the other tab finds out by itself, within half a minute
    second.title("Connexion", timeout=60_000)
    second.sees("Votre session a été terminée pour des raisons de sécurité. Reconnectez-vous.")
    second.sign_in("jean@exemple.fr")
    second.title("Mon compte")


def five_wrong_passwords_wait(screen):
    for _ in range(4):
        screen.sign_in("marie@exemple.fr", "faux")
        screen.sees("Identifiants invalides, veuillez réessayer.")
        expect(screen.field("Mot de passe")).to_have_value("")
    screen.sign_in("marie@exemple.fr", "faux")
    screen.sees("Trop de tentatives. Réessayez dans 1 min.")
    expect(screen.field("Email")).to_have_value("marie@exemple.fr")
