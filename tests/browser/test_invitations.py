"""An administratrice looks after invitations: finds, confirms by name, prints; on a computer and on a telephone."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core import invitations


@pytest.fixture(scope="module")
def invited(office, marie):
    """Three people whose codes wait."""
    people = {nom: office.uuid() for nom in ("Michel", "Écolier", "Petit")}
    for nom, key in people.items():
        office.ask(
            text(
                'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
                "VALUES (:id, :nom, 'Jean', 'bénévole', now(), now())"
            ),
            id=key,
            nom=nom,
        )
    invitations.issue(office, marie, ids=people.values())
    return people


def fits(page):
    """Nothing is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_codes_are_renewed_by_name_and_printed_once(new_screen, office, marie, invited, width):
    screen = new_screen(viewport={"width": width, "height": 900})
    screen.enter(office, marie, "/invitations?recherche=jean")
    screen.title("Invitations")
    screen.sees("1 à 3 sur 3")
    fits(screen.page)
    screen.tick(0, "Jean")
    screen.sees("Sélection")
    screen.tick(1, "Jean")
    screen.sees(re.compile(r"Sélection\s: Jean \S+ et Jean \S+"))
    screen.click("Créer un nouveau code")
    dialog = screen.page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"Créer un nouveau code pour Jean \S+ et Jean \S+\s\?"))
    dialog.get_by_role("button", name="Créer un nouveau code").click()
    screen.sees("2 nouveaux codes sont créés.")
    screen.click("Préparer une page par personne")
    with screen.page.expect_popup() as opened:
        screen.page.get_by_role("link", name="Ouvrir la feuille à imprimer").click()
    sheet = opened.value
    expect(sheet.get_by_text(re.compile(r"^ZDL-\w{6}-\w{5}$"))).to_have_count(2)
    fits(sheet)


def test_accueil_leads_to_what_waits_and_back(screen, office, marie, invited):
    office.ask(
        text(
            "UPDATE asso.user_invites SET created_at = created_at - interval '6 days', "
            "expires_at = expires_at - interval '6 days' WHERE \"ID_PERSONNE\" = :id AND revoked_at IS NULL"
        ),
        id=invited["Petit"],
    )
    screen.enter(office, marie, "/accueil")
    screen.title("Accueil")
    screen.sees("1 code expire dans 48 h", "Connexions, par semaine")
    screen.go("Voir les codes qui expirent")
    screen.title("Invitations")
    screen.address(r"etat=expire")
    screen.sees("1 à 1 sur 1")
    screen.tick(0, "Petit")
    screen.click("Prolonger de 7 jours")
    dialog = screen.page.get_by_role("dialog")
    expect(dialog).to_contain_text("le code donné à Jean Petit")
    dialog.get_by_role("button", name="Prolonger de 7 jours").click()
    screen.sees("Le code est prolongé.", "Aucun code trouvé.")
    screen.page.go_back()
    screen.title("Accueil")
