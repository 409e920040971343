"""What goes wrong while somebody works: two clicks, a dead database, a link opened signed out."""

import os
import re
import signal
from contextlib import suppress

import psutil
import pytest
from playwright.sync_api import expect
from sqlalchemy import text

COUNT = text("SELECT count(*) AS people FROM asso.personnes WHERE nom = :nom")


@pytest.fixture
def personnes(screen, office, marie):
    """Marie's screen, on Personnes."""
    screen.enter(office, marie, "/personnes")
    screen.title("Personnes")
    return screen


def fill_in(screen, nom):
    screen.click("Ajouter une personne")
    screen.type("Nom *", nom)
    screen.type("Prénom *", "Jean")


def test_two_clicks_make_one_personne_and_its_code_is_shown(office, personnes):
    for pause in (0, 60, 400):
        fill_in(personnes, nom := f"Double{pause}")
        personnes.page.get_by_text("Générer automatiquement un code d'invitation après création").click()
        with suppress(Exception):  # the second click may find the button gone
            personnes.button("Créer la personne").dblclick(delay=pause, timeout=5000)
        personnes.sees(f"{nom} Jean", "La personne est créée.", re.compile(r"^ZDL-\w{6}-\w{5}$"))
        assert office.ask(COUNT, nom=nom)[0].people == 1
        personnes.button("Fermer").last.click()


def kill_database(server):
    postmaster = psutil.Process(server.database.pid)
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)


def test_a_database_that_dies_and_comes_back_loses_nothing_typed(server, personnes):
    fill_in(personnes, "Patience")
    kill_database(server)
    personnes.click("Créer la personne")
    personnes.sees("La base de données ne répond pas.")
    expect(personnes.field("Nom *")).to_have_value("Patience")
    assert server.database.pid
    personnes.click("Créer la personne")
    personnes.sees("La personne est créée.")


def test_a_page_opened_while_the_database_is_dead_says_so_then_works(server, personnes):
    kill_database(server)
    personnes.page.reload()
    personnes.sees("La base de données ne répond pas.")
    personnes.sees_no("Traceback", "psycopg2", "OperationalError")
    assert server.database.pid
    personnes.click("Réessayer")
    personnes.title("Personnes")


@pytest.mark.parametrize("address", ["/personnes?recherche=dupont", "/mon_compte"])
def test_a_link_opened_signed_out_survives_the_sign_in(screen, marie, address):
    screen.open(address)
    screen.sign_in(marie.email)
    screen.title("Personnes" if "personnes" in address else "Mon compte")
    screen.address(re.escape(address) + "$")


def test_what_strangers_type_is_shown_as_text(server, personnes):
    names = ["<script>alert(1)</script>", "**gras**", "![](https://exemple.org/x.png)", "محمد", "Zoë 🐎", "x" * 5000]
    asked = []
    personnes.page.on("request", lambda request: asked.append(request.url))
    for name in names:
        fill_in(personnes, name)
        personnes.click("Créer la personne")
        personnes.sees("La personne est créée.")
        expect(personnes.page.get_by_text(f"{name} Jean", exact=True).first).to_be_visible()
        personnes.button("Fermer").last.click()
    assert not [url for url in asked if "exemple.org" in url]
    assert personnes.page.locator("main script, main img[src*='exemple']").count() == 0
