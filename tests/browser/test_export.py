"""Files with people in them: fetched once, by the browser that asked, and by no other."""

import pytest
from playwright.sync_api import expect

from core import exports, sessions
from core.exports import Format
from core.roles import Role
from core.wanted import Wanted
from tests.conftest import VISITOR, enrol

VOID = "Ce fichier n'est pas disponible"
PRINTED = "window.print = () => { document.title = 'imprimée' }"


@pytest.fixture(scope="module")
def office(server):
    """The house behind the server, with somebody whose name is no name."""
    opened = server.office()
    enrol(opened, "<script>document.title = 'volée'</script>", "=1+1", Role.BENEVOLE)
    return opened


@pytest.fixture(scope="module")
def karim(office):
    """An employé, who may export."""
    return enrol(office, "Karim", "Benali", Role.EMPLOYE)


def sheet(screen, office):
    """The address of a sheet to sign, prepared in the session of this very browser."""
    token = next(cookie["value"] for cookie in screen.page.context.cookies() if cookie["name"] == "session")
    actor = sessions.resume(office, VISITOR, token=token)
    return exports.prepare(office, actor, kind=Format.EMARGEMENT, wanted=Wanted()).address


def test_the_list_is_downloaded_once(screen, office, karim, console):
    screen.enter(office, karim, "/personnes")
    screen.click("Exporter")
    screen.page.get_by_role("menuitem", name="CSV (Excel)").click()
    link = screen.page.get_by_role("link", name="Télécharger le fichier")
    address = link.get_attribute("href")
    link.evaluate("link => link.target = '_self'")  # Playwright may look at a new tab too late to see its download
    with screen.page.expect_download() as fetched:
        link.click()
    lines = fetched.value.path().read_text("utf-8-sig").splitlines()
    assert [line.partition(";")[0] for line in lines] == ["Nom", "'=1+1", "Administrateur", "Benali"]
    screen.sees("Le téléchargement a commencé.")
    console.allowed.append("410")
    screen.open(address).title(VOID)
    screen.go("Aller à l'accueil")
    screen.title("Accueil")


def test_another_browser_gets_nothing_and_spoils_nothing(screen, new_screen, office, karim, console):
    console.allowed += ["410", "401"]
    address = sheet(screen.become(office, karim), office)
    new_screen().open(address).title(VOID)
    new_screen().become(office, karim).open(address).title(VOID)
    screen.open(address).title("Feuille d'émargement")


def test_a_sheet_to_sign_prints_and_runs_nothing_else(screen, office, karim):
    screen = screen.become(office, karim).tab()  # what is added to a tab stays
    screen.page.add_init_script(PRINTED)  # before the page, which must not print by itself
    screen.open(sheet(screen, office)).title("Feuille d'émargement")
    screen.sees("<script>document.title = 'volée'</script>", "=1+1", "Benali")
    expect(screen.page).to_have_title("Feuille d'émargement")
    screen.click("Imprimer")
    expect(screen.page).to_have_title("imprimée")
