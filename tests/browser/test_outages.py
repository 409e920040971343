"""What goes wrong while somebody works: a dead database, a link opened signed out."""

import os
import re
import signal
from contextlib import suppress

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser.screen import HEADER, MARKER, ROW, appears
from tests.browser.test_main_journey import fill_in


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


def test_a_fiche_open_in_the_list_says_that_the_database_is_silent_then_goes_on(server, personnes):
    personnes.table().click(position={"x": MARKER + 45, "y": HEADER + ROW / 2})
    drawer = personnes.page.get_by_role("dialog")
    appears(drawer.get_by_text("Modifiée le"))
    personnes.settle()
    kill_database(server)
    drawer.get_by_role("radio", name="Historique").click()
    appears(drawer.get_by_text("La base de données ne répond pas."))
    assert server.database.pid
    drawer.get_by_role("button", name="Réessayer").click()
    appears(drawer.get_by_text("Qui a changé quoi").first)


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
