"""A list of the association goes in by file, what is wrong comes back, and the import is taken back."""

import re

import httpx
import pytest

from tests.browser.axe import serious
from tests.files import FRENCH


def give(screen, name, content):
    """Give a file, once the place for the one before is gone."""
    screen.settle()
    screen.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


@pytest.mark.parametrize("width", [1280, 390])
def test_a_list_is_imported_corrected_and_taken_back(new_screen, office, marie, width):
    screen, uploads = new_screen(viewport={"width": width, "height": 900}), []
    screen.page.on("request", lambda asked: uploads.append(asked.url) if "upload_file" in asked.url else None)
    screen.enter(office, marie, "/importer")
    screen.title("Importer des personnes")
    give(screen, "liste.csv", b"nom\0,prenom")
    screen.sees("Ce fichier contient des octets nuls")
    give(screen, "liste.csv", FRENCH.encode("cp1252") + b"Petit;Jo;abc;;;\r\n")
    screen.sees("4 lignes")
    screen.click("Voir l'aperçu")
    screen.sees(re.compile("3 créées, 0 modifiée, 0 inchangée, 0 doublon possible, 1 rejetée"))
    screen.settle()
    assert serious(screen.page) == []
    screen.page.get_by_role("button", name="Importer 3 personnes").click()
    screen.sees("3 personnes créées", "1 ligne n'a pas été importée.")

    screen.click("Préparer les lignes à corriger")
    link = screen.page.get_by_role("link", name="Télécharger les lignes à corriger")
    link.evaluate("link => link.target = '_self'")  # Playwright may look at a new tab too late to see its download
    with screen.page.expect_download() as download:
        link.click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    assert text.split("\r\n")[0] == "NOM;Prénom;Tél. portable;Courriel;Statut;Remarques;Motif"
    assert text.split("\r\n")[1].startswith("Petit;Jo;abc;;;;")

    screen.button("Annuler cet import").first.click()
    screen.page.get_by_role("dialog").get_by_role("button", name="Annuler l'import").click()
    screen.sees("L'import est annulé")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    # What was uploaded can be read by nobody, whoever knows its address.
    assert len(uploads) >= 2
    cookies = {cookie["name"]: cookie["value"] for cookie in screen.page.context.cookies()}
    for address in uploads:
        answer = httpx.get(address, cookies=cookies)
        assert answer.headers["content-type"].startswith("text/html")  # the empty page of any unknown address
        assert b"Kowalski" not in answer.content
        assert b"nom\0" not in answer.content


def test_a_file_that_is_too_big_says_so_on_a_narrow_screen(new_screen, office, marie):
    screen = new_screen(viewport={"width": 390, "height": 844})
    screen.enter(office, marie, "/importer")
    screen.title("Importer des personnes")
    give(screen, "liste.csv", b"n" * (6 * 1024 * 1024))
    screen.sees("Ce fichier dépasse 5 Mo.")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
