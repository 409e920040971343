"""Deeds on the lines that are ticked in the list: the people who were named are meant, whatever moved since."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core import personnes
from core.roles import Role
from tests.conftest import enrol

PEOPLE = (("Abel", "Ana"), ("Durand", "Luc"), ("Écolier", "Élise"), ("Michel", "Jean"))


@pytest.fixture(scope="module")
def people(office):
    """Marie administers, four others have no account; the first one of the list is Ana Abel."""
    marie = enrol(office, "Marie", "Zola", Role.ADMINISTRATEUR)
    for nom, prenom in PEOPLE:
        personnes.create(office, marie, id=office.uuid(), nom=nom, prenom=prenom)
    return marie


@pytest.fixture
def listed(screen, office, people):
    screen.enter(office, people, "/personnes")
    screen.sees(re.compile(r"^1 à \d sur \d$"))
    return screen


def dialog(screen):
    return screen.page.get_by_role("dialog")


def test_only_those_who_were_named_are_archived(listed):
    listed.tick(0, "Abel")
    listed.sees("1 personne sélectionnée")
    listed.type("Rechercher", "élise")
    listed.sees("1 à 1 sur 1")
    listed.sees_no("1 personne sélectionnée")
    listed.type("Rechercher", "")
    listed.sees("1 à 6 sur 6")

    listed.tick(0, "Abel")
    listed.tick(2, "Durand")
    listed.sees("2 personnes sélectionnées")
    listed.click("Archiver")
    expect(dialog(listed)).to_contain_text(re.compile("Archiver Ana Abel et Luc Durand"))
    dialog(listed).get_by_role("button", name="Archiver").click()
    listed.sees("2 personnes sont archivées.")
    dialog(listed).get_by_role("button", name="Fermer").last.click()
    listed.sees("1 à 4 sur 4")
    listed.sees_no("2 personnes sélectionnées")


def test_a_role_asks_for_a_fresh_proof_first(listed, office, password):
    office.ask(text("UPDATE asso.user_sessions SET stepped_up_at = stepped_up_at - interval '11 minutes'"))
    listed.type("Rechercher", "jean")
    listed.sees("1 à 1 sur 1")
    listed.tick(0, "Michel")
    listed.click("Changer le rôle")
    dialog(listed).get_by_text("Employé", exact=True).click()
    dialog(listed).get_by_role("button", name="Changer le rôle").click()
    listed.type("Votre mot de passe", password)
    listed.click("Confirmer")
    listed.sees("Votre identité est confirmée", "1 à 1 sur 1", "1 personne sélectionnée")
    listed.address(r"/personnes\?recherche=jean$")
    listed.click("Changer le rôle")
    dialog(listed).get_by_text("Employé", exact=True).click()
    dialog(listed).get_by_role("button", name="Changer le rôle").click()
    listed.sees("Le rôle d'une personne est à jour.")


def test_on_a_telephone_a_code_is_made_for_who_is_ticked(new_screen, office, people):
    screen = new_screen(viewport={"width": 390, "height": 844}).enter(office, people, "/personnes?recherche=ecolier")
    screen.tick(0, "Écolier")
    screen.click("Générer des codes")
    expect(dialog(screen)).to_contain_text(re.compile("Générer un code d'invitation pour Élise Écolier"))
    dialog(screen).get_by_role("button", name="Générer des codes").click()
    screen.sees("Un code est créé.")
    expect(dialog(screen).get_by_text(re.compile(r"^ZDL-\w{6}-\w{5}$"))).to_have_count(1)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
