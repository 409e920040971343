"""Every screen under axe-core (WCAG 2.2 A and AA): nothing serious or critical, for anybody, in either appearance."""

from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core import personnes
from core.roles import Role
from tests.browser.screen import HEADER, MARKER, ROW
from tests.conftest import enrol
from ui import menu

CAST = {
    Role.ADMINISTRATEUR: ("Marie", "Dupont"),
    Role.EMPLOYE: ("Karim", "Benali"),
    Role.BENEVOLE: ("Lucie", "Martin"),
}
SERIOUS = {"serious", "critical"}
OPTIONS = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}


@pytest.fixture(scope="module")
def cast(server):
    """Somebody of each role, and a fiche without account."""
    office = server.office()
    actors = {role: enrol(office, prenom, nom, role) for role, (prenom, nom) in CAST.items()}
    marie = actors[Role.ADMINISTRATEUR]
    made = personnes.create(office, marie, id=office.uuid(), nom="Michel", prenom="Jean", telephone_1="0612345678")
    return actors | {"fiche": made.id}


def serious(page, options=OPTIONS):
    """What axe finds: rule, and where."""
    found = Axe().run(page, options=options).response["violations"]
    wrong = (violation for violation in found if violation["impact"] in SERIOUS)
    return sorted(f"{one['id']}: {node['target']} {node['html'][:150]}" for one in wrong for node in one["nodes"])


def settled(page, address):
    """The screen at `address`, drawn to its end."""
    page.goto(address)
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def look(page, addresses, schemes=("light", "dark")):
    """What is wrong on each of the screens, in each of the schemes."""
    wrong = {}
    for address in addresses:
        settled(page, address)
        for scheme, options in zip(schemes, (OPTIONS, CONTRAST), strict=False):
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            if found := serious(page, options):
                wrong[f"{address}, {scheme}"] = found
    return wrong


def test_the_screens_of_visitors(new_screen):
    page = new_screen(color_scheme="light").page
    assert look(page, [f"/{screen.name}" for screen in menu.SCREENS if screen.permission is None]) == {}


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
    screen = new_screen(viewport={"width": width, "height": 900}).enter(office, cast[role], "/mon_compte")
    addresses = [f"/{found.name}" for found in menu.SCREENS if found.visible_to(cast[role])]
    addresses += ["/importer"] if role is not Role.BENEVOLE else []
    fiche = cast["fiche"] if role is not Role.BENEVOLE else cast[role].personne_id
    assert look(screen.page, [*addresses, f"/personne?{urlencode({'id': fiche})}"], schemes) == {}


def test_what_opens_over_a_screen(new_screen, office, cast):
    screen = new_screen(viewport={"width": 1280, "height": 900})
    screen.enter(office, cast[Role.ADMINISTRATEUR], "/personnes")
    wrong, dialog = {}, screen.page.get_by_role("dialog")

    def look_at(what):
        """Once `what`, which only this part shows, is there."""
        expect(dialog.get_by_text(what).first).to_be_visible()
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
