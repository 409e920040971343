"""A fiche through its life on a computer, and the list at work on a telephone."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core import personnes
from core.roles import Role
from tests.browser.axe import serious
from tests.browser.screen import appears
from tests.conftest import enrol


@pytest.fixture(scope="module")
def jean(office, marie):
    return personnes.create(office, marie, id=office.uuid(), nom="Michel", prenom="Jean", telephone_1="0612345678").id


def wide(screen):
    return screen.page.evaluate("document.documentElement.scrollWidth")


def test_a_role_is_given_the_history_says_so_and_two_fiches_become_one(screen, office, marie, jean):
    personnes.create(office, marie, id=office.uuid(), nom="Michel", prenom="Jean-Paul", note="Trésorier")
    screen.enter(office, marie, f"/personne?id={jean}")
    screen.click("Modifier")
    screen.page.get_by_text("Employé", exact=True).click()
    screen.click("Enregistrer")
    screen.sees("La fiche est enregistrée.")
    screen.page.get_by_text("Historique", exact=True).click()
    screen.sees(re.compile(r"^Rôle\s: Bénévole → Employé$"), re.compile("par Marie Dupont"))
    screen.page.get_by_text("Fiche", exact=True).last.click()

    screen.click("Fusionner avec une autre fiche")
    screen.type("Autre fiche", "michel jean-p")
    screen.click("Jean-Paul Michel, bénévole")
    screen.sees(re.compile(r"^Fusionner Jean Michel avec Jean-Paul Michel\s\?$"))
    screen.settle()
    assert serious(screen.page) == []
    screen.click("Fusionner les deux fiches")
    screen.sees("Les deux fiches n'en font plus qu'une.", "Trésorier", "06 12 34 56 78")
    found = office.ask(text("SELECT prenom, role FROM asso.personnes WHERE nom = 'Michel'"))
    assert [tuple(row) for row in found] == [("Jean", "employé")]


def test_on_a_telephone_a_namesake_is_shown_before_somebody_is_added(new_screen, office, marie, jean):
    screen = new_screen(viewport={"width": 390, "height": 844}).enter(office, marie, "/personnes")
    screen.click("Ajouter une personne")
    screen.type("Nom *", "MICHEL")
    screen.type("Prénom *", "jean")
    screen.click("Créer la personne")
    screen.sees(re.compile(r"^Même nom\s: Jean Michel, "))
    expect(screen.field("Nom *")).to_have_value("MICHEL")
    screen.click("Ce n'est pas un doublon")
    screen.sees("La personne est créée.")
    assert wide(screen) <= 390


def test_on_a_telephone_a_view_is_kept_found_again_and_exported(new_screen, office, marie, jean):
    screen = new_screen(viewport={"width": 390, "height": 844}).enter(office, marie, "/personnes?recherche=mich")
    screen.sees(re.compile("^1 à "))
    screen.click("Vues enregistrées")
    screen.type("Nom de la vue", "Les Michel")
    screen.click("Enregistrer cette vue")
    appears(screen.button("Les Michel").first)
    screen.open("/personnes")
    screen.click("Vues enregistrées")
    screen.button("Les Michel").first.click()
    screen.address(r"/personnes\?recherche=mich$")
    screen.page.keyboard.press("Escape")
    screen.settle()
    screen.click("Exporter")
    screen.page.get_by_role("menuitem", name="CSV").click()
    link = screen.page.get_by_role("link", name="Télécharger le fichier")
    link.evaluate("link => link.target = '_self'")  # Playwright may look at a new tab too late to see its download
    with screen.page.expect_download() as file:
        link.click()
    assert "Michel;Jean" in file.value.path().read_text("utf-8-sig")
    assert wide(screen) <= 390


SCREENS = {
    "accueil": "Accueil",
    "mon_compte": "Mon compte",
    "droits": "Revue des droits",
    "courriels": "Courriels",
    "invitations": "Invitations",
}
WAYS_IN = {
    "connexion": "Connexion",
    "activer_mon_acces": "Activer mon accès",
    "mot_de_passe_oublie": "Réinitialiser mon mot de passe",
}


@pytest.mark.parametrize("screens", [SCREENS, WAYS_IN], ids=["signed in", "visitor"])
def test_no_screen_is_wider_than_a_telephone(new_screen, office, screens):
    screen = new_screen(viewport={"width": 390, "height": 844})
    if screens is SCREENS:
        screen.become(office, enrol(office, "Anne", "Roux", Role.ADMINISTRATEUR))
    for address, title in screens.items():
        screen.turn_to(address)
        screen.title(title)
        screen.settle()
        assert wide(screen) <= 390, address
