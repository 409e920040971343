"""The list in a browser: found while one types, filtered, from the keyboard alone, and never the wrong person."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core import demo
from core.roles import Role
from tests.browser.screen import HEADER, MARKER, ROW, appears
from tests.conftest import enrol


@pytest.fixture(scope="module")
def cast(office):
    """Many people, an administratrice and a bénévole."""
    demo.fill(office, say=lambda line: None)
    people = (("Marie", "Dupont", Role.ADMINISTRATEUR), ("Lucie", "Martin", Role.BENEVOLE))
    return {prenom: enrol(office, prenom, nom, role) for prenom, nom, role in people}


@pytest.fixture
def opened(office, cast):
    """Somebody's list, once it is drawn."""

    def open_one(screen, address="/personnes", who="Marie"):
        screen.enter(office, cast[who], address)
        screen.sees(re.compile("^1 à "))
        expect(screen.cell(0, 1)).to_be_attached()

    return open_one


def test_the_list_from_the_keyboard_alone(opened, screen):
    opened(screen)
    expect(screen.field("Rechercher")).to_have_attribute("aria-keyshortcuts", "/")
    # As a field that is drawn after the table, or anew.
    screen.field("Rechercher").evaluate("it => { it.removeAttribute('aria-keyshortcuts'); document.body.append(''); }")
    expect(screen.field("Rechercher")).to_have_attribute("aria-keyshortcuts", "/")
    screen.page.keyboard.press("/")
    expect(screen.field("Rechercher")).to_be_focused()
    screen.page.keyboard.type("dupont zo")
    expect(screen.cell(0, 3)).to_have_text("Zoé")
    screen.address(r"/personnes\?recherche=dupont\+zo$")
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("ArrowDown")
    expect(screen.cell(0, 1)).to_be_focused()
    screen.page.keyboard.press("Enter")
    appears(screen.page.get_by_role("dialog").get_by_text("Zoé Dupont", exact=True))
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    screen.page.locator("h1").click()
    screen.page.keyboard.press("n")
    appears(screen.page.get_by_role("dialog", name="Ajouter une personne"))


def test_while_a_dialog_is_open_its_buttons_keep_the_shortcut_of_the_page_away(opened, screen):
    opened(screen)
    for search, found in (("dupont zo", "1 à 1 sur 1"), ("introuvable", "Aucune personne trouvée.")):
        screen.type("Rechercher", search)
        screen.sees(found)
        appears(screen.button("Effacer les filtres"))  # drawn before « Exporter », whose place it takes
        screen.settle()
        screen.click("Exporter")
        screen.page.get_by_role("menuitem", name="Carnet d'adresses").click()
        screen.button("Fermer").last.focus()
        screen.page.keyboard.press("n")
        screen.button("Fermer").last.press("Enter")
        expect(screen.page.get_by_role("dialog")).to_have_count(0)
        screen.sees_no("Une erreur", "incident")
        screen.page.locator("h1").click()
        screen.page.keyboard.press("n")
        appears(screen.page.get_by_role("dialog", name="Ajouter une personne"))
        screen.page.keyboard.press("Escape")
        expect(screen.page.get_by_role("dialog")).to_have_count(0)


def test_filters_stand_in_the_address_for_back_and_f5(opened, screen):
    opened(screen, "/personnes?role=employ%C3%A9&tri=prenom")
    screen.sees("1 à 12 sur 12")
    expect(screen.cell(0, 4)).to_have_text("Employé")
    screen.page.get_by_text("Fiches archivées").click()
    screen.address("archivees=oui")
    screen.page.reload()
    expect(screen.page.get_by_role("switch", name="Fiches archivées")).to_be_checked()
    screen.page.go_back()
    screen.sees("1 à 12 sur 12")
    screen.type("Rechercher", "a")
    screen.address("recherche=a")
    screen.click("Effacer les filtres")
    expect(screen.field("Rechercher")).to_have_value("")
    expect(screen.page.get_by_test_id("stMultiSelect").first).not_to_contain_text("Employé")
    screen.address(r"/personnes\?tri=prenom$")
    screen.sees(re.compile("1 à 25 sur"))


def test_a_new_question_begins_at_the_first_page_and_a_view_opened_at_once_is_there(opened, screen):
    opened(screen)
    pages = screen.page.get_by_test_id("stPagination")
    pages.get_by_text("3", exact=True).click()
    screen.address(r"page=3$")
    expect(pages.locator("[aria-current]")).to_have_text("3")
    screen.field("Rechercher").press_sequentially("a")
    screen.click("Vues enregistrées")
    screen.sees(re.compile("^Une vue garde la recherche"))
    screen.address(r"/personnes\?recherche=a$")
    expect(pages.locator("[aria-current]")).to_have_text("1")


def test_a_tick_is_of_a_person_not_of_a_line(opened, screen):
    opened(screen)
    screen.tick(0, "")
    screen.sees("1 personne sélectionnée")
    expect(screen.button("Archiver")).to_be_in_viewport()
    # A header sorts the whole list: the first line is somebody else, and nobody is ticked any more.
    screen.table().click(position={"x": MARKER + 90 + 20, "y": HEADER / 2})
    screen.address(r"sens=decroissant")
    expect(screen.field("Trier par")).to_have_value("Nom, de Z à A")
    screen.sees_no("1 personne sélectionnée")
    expect(screen.cell(0, 2)).to_have_text("Roux")
    screen.tick(0, "Roux")
    screen.click("Archiver")
    screen.sees(re.compile(r"^Archiver .+ Roux"))


def test_at_390_pixels_the_fields_and_the_list_stand_on_the_screen(opened, new_screen):
    phone = new_screen(viewport={"width": 390, "height": 844})
    opened(phone, "/personnes?recherche=mich")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    for label in ("Rechercher", "Rôle", "Accès", "Trier par"):
        appears(phone.page.get_by_label(label).first)


def test_a_benevole_is_sent_names_and_roles_only(opened, screen):
    heard = []
    screen.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(bytes_of(frame))))
    opened(screen, who="Lucie")
    screen.type("Rechercher", "dupont")
    expect(screen.cell(0, 0)).to_have_text("Dupont")
    sent = b"".join(heard)
    assert b"Dupont" in sent
    for secret in (b"demo4", b"06 00", b"+336", "Code envoyé".encode(), b"Exporter"):
        assert secret not in sent


def test_an_employe_is_sent_nothing_of_an_archived_fiche(office, cast, screen):
    archived = 'SELECT "ID_PERSONNE" AS id, email FROM asso.personnes WHERE archivee AND email IS NOT NULL'
    kept = office.ask(text(archived))[0]
    heard = []
    screen.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(bytes_of(frame))))
    karim = enrol(office, "Karim", "Benali", Role.EMPLOYE)
    screen.enter(office, karim, "/personnes?archivees=oui&tri=archivage")
    screen.sees(re.compile("^1 à 25 sur"))
    expect(screen.cell(0, 1)).to_be_attached()
    screen.open(f"/personne?id={kept.id}")
    screen.sees("Cette fiche n'existe pas, ou votre rôle ne permet pas de la voir.")
    sent = b"".join(heard)
    assert b"Benali" in sent
    for secret in (kept.email, "Archivée le", "Fiches archivées"):
        assert secret.encode() not in sent


def test_the_drawer_goes_on_past_the_end_of_a_page_and_the_list_with_it(office, cast, screen):
    screen.enter(office, cast["Marie"], "/personnes?page=2")
    screen.sees(re.compile("^26 à 50 sur"))
    expect(screen.cell(0, 1)).to_be_attached()
    screen.table().click(position={"x": MARKER + 45, "y": HEADER + ROW / 2})
    dialog = screen.page.get_by_role("dialog")
    appears(dialog.get_by_text(re.compile("^26 sur ")))
    for way, place, page in (("Précédente", "^25 sur ", "^1 à 25 sur"), ("Suivante", "^26 sur ", "^26 à 50 sur")):
        dialog.get_by_role("button", name=way).click()
        appears(dialog.get_by_text(re.compile(place)))
        screen.sees(re.compile(page))
    screen.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    screen.sees(re.compile("^26 à 50 sur"))
    screen.address(r"/personnes\?page=2$")


def bytes_of(frame):
    return frame if isinstance(frame, bytes) else frame.encode()
