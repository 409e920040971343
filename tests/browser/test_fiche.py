"""The fiche in Chromium: made with a role, two administrateurs at once, archived and erased on a telephone."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core import personnes
from core.roles import Role
from tests.conftest import enrol


@pytest.fixture(scope="module")
def paul(office):
    return enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)


@pytest.fixture
def jean(office, marie):
    """Another one for each test, who are told apart."""
    others = tuple(row.id for row in office.ask(text('SELECT "ID_PERSONNE" AS id FROM asso.personnes')))
    return personnes.create(office, marie, id=office.uuid(), nom="Michel", prenom="Jean", apart=others).id


def only_one(office, nom):
    [row] = office.ask(text('SELECT "ID_PERSONNE" AS id FROM asso.personnes WHERE nom = :nom'), nom=nom)
    return row.id


@pytest.fixture
def at_the_fiche(new_screen, office, jean):
    """A browser that followed the link of the fiche."""

    def open_one(actor, **options):
        screen = new_screen(**options).enter(office, actor, f"/personne?id={jean}")
        screen.title("Fiche")
        screen.sees("Jean Michel")
        return screen

    return open_one


def test_somebody_new_gets_a_role_once_the_proof_is_fresh(screen, office, marie, password):
    screen.become(office, marie)
    office.ask(text("UPDATE asso.user_sessions SET stepped_up_at = stepped_up_at - interval '11 minutes'"))
    screen.open("/personnes?recherche=zola")
    screen.click("Ajouter une personne")
    screen.click("Donner un autre rôle")
    screen.type("Votre mot de passe", password)
    screen.click("Confirmer")
    screen.sees("Votre identité est confirmée", "Les champs marqués d'une étoile (*) sont obligatoires.")
    screen.address(r"/personnes\?recherche=zola$")
    screen.type("Nom *", "Zola")
    screen.type("Prénom *", "Émile")
    screen.page.get_by_text("Employé", exact=True).click()
    screen.click("Créer la personne")
    screen.sees("La personne est créée.")
    assert personnes.get(office, marie, id=only_one(office, "Zola")).role is Role.EMPLOYE


def test_the_second_of_two_administrateurs_sees_both_values(at_the_fiche, marie, paul):
    first, second = at_the_fiche(marie), at_the_fiche(paul)
    for screen, note in ((first, "de Marie"), (second, "de Paul")):
        screen.click("Modifier")
        screen.type("Note", note)
    first.click("Enregistrer")
    first.sees("La fiche est enregistrée.")
    second.click("Enregistrer")
    second.sees(
        re.compile("Cette fiche a été modifiée par Marie Dupont (à|le) "),  # « le » once it is another day
        "Valeur enregistrée : de Marie",
        "Votre saisie : de Paul",
    )
    second.click("Écraser")
    second.sees("La fiche est enregistrée.", "de Paul")


def printed(screen):
    """The sheet that was sent to the printer last."""
    screen.press(screen.page.get_by_role("button", name="Imprimer").last)
    return screen.page.frame_locator("body > iframe").last.locator("body")


def test_a_fiche_and_then_its_code_are_printed_alone(screen, office, marie, jean):
    screen = screen.tab()  # what is added to a tab stays
    screen.page.add_init_script("window.print = () => {}")
    screen.enter(office, marie, f"/personne?id={jean}")
    expect(printed(screen)).to_contain_text(re.compile(r"– ficheJean MichelNomMichelPrénomJean.+personne\?id="))
    screen.page.get_by_text("Accès", exact=True).first.click()
    screen.click("Créer un nouveau code")
    screen.sees("Créer un nouveau code pour Jean Michel")  # until it is asked, there is one such button only
    screen.button("Créer un nouveau code").last.click()
    screen.sees("Le nouveau code est créé.")
    expect(printed(screen)).to_contain_text(re.compile(r"Jean MichelZDL-\w{6}-\w{5}Valable jusqu'au"))


def test_a_fiche_is_archived_restored_and_erased_on_a_telephone(at_the_fiche, marie):
    screen = at_the_fiche(marie, viewport={"width": 390, "height": 800})
    screen.click("Archiver")
    screen.click("Archiver Jean Michel")
    screen.sees("Cette fiche est archivée depuis le")
    screen.click("Restaurer")
    screen.click("Restaurer Jean Michel")
    screen.sees_no("Cette fiche est archivée depuis le")
    screen.click("Effacer définitivement")
    screen.type("Prénom et nom", "Jean Michel")
    screen.click("Effacer pour toujours")
    screen.sees("La fiche de Jean Michel est effacée.")
    expect(screen.page.locator("body")).to_have_js_property("scrollWidth", 390)
