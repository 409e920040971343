"""Every screen under axe-core (WCAG 2.2 A and AA): nothing serious or critical, for anybody, in either appearance."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from core import personnes
from core.roles import Role
from tests.browser.axe import CONTRAST, OPTIONS, serious
from tests.browser.screen import HEADER, MARKER, ROW, appears
from tests.conftest import enrol
from ui import menu

CAST = {
    Role.ADMINISTRATEUR: ("Marie", "Dupont"),
    Role.EMPLOYE: ("Karim", "Benali"),
    Role.BENEVOLE: ("Lucie", "Martin"),
}
# The screens, and what each is called at its top.
TITLES = {
    menu.CONNEXION: "Connexion",
    menu.ACTIVER: "Activer mon accès",
    menu.FORGOTTEN: "Réinitialiser mon mot de passe",
    menu.NEW_ADDRESS: "Confirmer mon adresse email",
    menu.NOT_ME: "Ce n'était pas moi",
    menu.ACCUEIL: "Accueil",
    menu.PERSONNES: "Personnes",
    menu.PERSONNE: "Fiche",
    menu.INVITATIONS: "Invitations",
    menu.JOURNAL: "Journal",
    menu.COURRIELS: "Courriels",
    menu.RIGHTS: "Revue des droits",
    menu.COMPTE: "Mon compte",
    menu.IMPORTER: "Importer des personnes",
}


@pytest.fixture(scope="module")
def cast(server):
    """Somebody of each role, and a fiche without account."""
    office = server.office()
    actors = {role: enrol(office, prenom, nom, role) for role, (prenom, nom) in CAST.items()}
    marie = actors[Role.ADMINISTRATEUR]
    made = personnes.create(office, marie, id=office.uuid(), nom="Michel", prenom="Jean", telephone_1="0612345678")
    return actors | {"fiche": made.id}


def look(screen, screens, schemes=("light", "dark"), *, query=""):
    """What is wrong on each of the screens, in each of the schemes; `query` is for the address of a fiche."""
    wrong = {}
    for shown in screens:
        screen.turn_to(shown.name + (query if shown is menu.PERSONNE else ""))
        screen.title(TITLES[shown])
        screen.settle()
        expect(screen.page.get_by_test_id("stSkeleton")).to_have_count(0)
        for scheme, options in zip(schemes, (OPTIONS, CONTRAST), strict=False):
            screen.page.emulate_media(color_scheme=scheme)
            expect(screen.page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            if found := serious(screen.page, options):
                wrong[f"{shown.name}, {scheme}"] = found
    return wrong


def test_the_screens_of_visitors(new_screen):
    assert look(new_screen(), [screen for screen in menu.SCREENS if screen.permission is None]) == {}


# Every screen is an administrateur's too; what others see of some of them is looked at on a telephone.
@pytest.mark.parametrize(
    ("role", "width", "schemes"),
    [
        (Role.ADMINISTRATEUR, 1280, ("light", "dark")),
        (Role.EMPLOYE, 390, ("light",)),
        (Role.BENEVOLE, 390, ("dark",)),
    ],
)
def test_the_screens_of_each_role(new_screen, office, cast, role, width, schemes):
    screen = new_screen(viewport={"width": width, "height": 900}).become(office, cast[role])
    screens = [found for found in menu.SCREENS if found.visible_to(cast[role])]
    screens += [menu.IMPORTER] if role is not Role.BENEVOLE else []
    fiche = cast["fiche"] if role is not Role.BENEVOLE else cast[role].personne_id
    query = f"?{urlencode({'id': fiche})}"
    assert look(screen, [*screens, menu.PERSONNE], schemes, query=query) == {}


def test_what_opens_over_a_screen(new_screen, office, cast):
    screen = new_screen(viewport={"width": 1280, "height": 900})
    screen.enter(office, cast[Role.ADMINISTRATEUR], "/personnes")
    wrong, dialog = {}, screen.page.get_by_role("dialog")

    def look_at(what):
        """Once `what`, which only this part shows, is there."""
        appears(dialog.get_by_text(what).first)
        screen.settle()
        if found := serious(screen.page):
            wrong[what] = found

    screen.click("Ajouter une personne")
    look_at("Téléphone 1")
    screen.page.keyboard.press("Escape")
    screen.tick(0, "")
    screen.click("Archiver")
    look_at("Une fiche archivée quitte la liste")
    dialog.get_by_role("button", name="Annuler").click()
    expect(dialog).to_have_count(0)
    screen.settle()
    screen.click("Exporter")
    screen.page.get_by_role("menuitem", name="CSV").click()
    look_at("Télécharger le fichier")
    screen.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    screen.table().click(position={"x": MARKER + 45, "y": HEADER + ROW / 2})
    look_at("Modifiée le")
    parts = {"Accès": "Exporter ses données", "Historique": "Qui a changé quoi", "Fiche": "Modifiée le"}
    for part, words in parts.items():
        dialog.get_by_role("radio", name=part).click()
        look_at(words)
    dialog.get_by_role("button", name="Modifier").click()
    look_at("Enregistrer")
    assert wrong == {}
