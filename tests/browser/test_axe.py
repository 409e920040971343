"""Every screen under axe-core (WCAG 2.2 A and AA): nothing serious or critical, for anybody, in either appearance."""

from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core import personnes
from core.roles import Role
from tests.browser.screen import Screen
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


def look(page, addresses):
    """What is wrong on each of the screens, by day and by night."""
    wrong = {}
    for address in addresses:
        settled(page, address)
        page.emulate_media(color_scheme="light")
        by_day = serious(page)
        page.emulate_media(color_scheme="dark")
        by_night = serious(page, CONTRAST)
        wrong |= {name: found for name, found in ((address, by_day), (f"{address}, dark", by_night)) if found}
    return wrong


def test_the_screens_of_visitors(new_browser):
    page = new_browser(color_scheme="light").new_page()
    assert look(page, [f"/{screen.name}" for screen in menu.SCREENS if screen.permission is None]) == {}


@pytest.mark.parametrize("role", list(CAST))
def test_the_screens_of_each_role(new_browser, office, cast, role):
    screen = Screen(new_browser(color_scheme="light").new_page()).enter(office, cast[role], "/mon_compte")
    screen.sees("Se déconnecter")
    addresses = [f"/{found.name}" for found in menu.SCREENS if found.visible_to(cast[role])]
    fiche = cast["fiche"] if role is not Role.BENEVOLE else cast[role].personne_id
    assert look(screen.page, [*addresses, f"/personne?{urlencode({'id': fiche})}"]) == {}
