"""An administratrice reads the journal, takes it away, checks it, reviews the rights; on a desk and on a telephone."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core import personnes
from core.roles import Role
from tests.browser.screen import appears
from tests.conftest import enrol


@pytest.fixture(scope="module")
def marie(office, marie):
    """An administratrice, an employé, and a fiche that he has read."""
    karim = enrol(office, "Karim", "Benali", Role.EMPLOYE)
    jean = office.uuid()
    personnes.create(office, marie, id=jean, nom="Michel", prenom="Jean")
    personnes.get(office, karim, id=jean)
    return marie


@pytest.fixture
def enter(office, marie):
    return lambda screen, address: screen.enter(office, marie, address)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_journal_is_read_narrowed_and_checked(new_screen, enter, width):
    screen = enter(new_screen(viewport={"width": width, "height": 900}), "/journal")
    screen.title("Journal")
    screen.sees("Karim Benali a consulté la fiche de Jean Michel")
    screen.page.get_by_text("Filtrer", exact=True).click()
    screen.type("Auteur", "benali")
    screen.type("Personne concernée", "jean")
    screen.sees("1 à 1 sur 1, du plus récent au plus ancien")
    screen.address(r"/journal\?personne=jean&auteur=benali$")
    screen.page.reload()
    screen.sees("1 à 1 sur 1, du plus récent au plus ancien")
    screen.click("Détails")
    panel = screen.page.get_by_role("dialog")
    appears(panel.get_by_text(re.compile(r"^\w+ \w+ \w+ 20\d\d à \d\d\sh\s\d\d\smin\s\d\d\ss$")))
    panel.get_by_role("button", name="Fermer").click()
    expect(panel).to_have_count(0)
    screen.click("Vérifier l'intégrité")
    screen.sees(re.compile(r"Le journal est intact\s: \d+ lignes vérifiées\."))
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_journal_is_taken_away_as_a_file_that_a_french_excel_opens(screen, enter):
    enter(screen, "/journal?auteur=benali&type=consultations")
    screen.title("Journal")
    screen.click("Exporter")
    link = screen.page.get_by_role("link", name="Télécharger le journal")
    link.evaluate("link => link.target = '_self'")  # Playwright may look at a new tab too late to see its download
    with screen.page.expect_download() as file:
        link.click()
    rows = list(csv.reader(Path(file.value.path()).read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[3] for row in rows] == ["Événement", "Karim Benali a consulté la fiche de Jean Michel"]


def test_the_rights_are_reviewed_and_printed(screen, enter):
    enter(screen, "/droits")
    screen.title("Revue des droits")
    screen.page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    for name in ("Dupont Marie", "Benali Karim"):
        appears(screen.page.get_by_role("cell", name=name))
    screen.press(screen.button("Imprimer"))
    screen.page.wait_for_function("window.printed === true")
    screen.page.emulate_media(media="print")
    expect(screen.button("Imprimer")).to_be_hidden()
    appears(screen.page.get_by_role("cell", name="Dupont Marie"))
