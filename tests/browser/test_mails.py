"""A newcomer without any mail provider: an invitation goes out, is read in the local mailbox, and is sent again."""

import re
import time

from playwright.sync_api import expect
from sqlalchemy import text


def read_the_mail(screen, server, to):
    """The local mailbox in another tab, at its newest mail, which goes to `to`: it is posted beside the screen."""
    until = time.monotonic() + 30
    while not any(to in path.read_text("utf-8") for path in (server.var / "courriels").glob("*.eml")):
        assert time.monotonic() < until, server.log
        time.sleep(0.1)
    box = screen.tab().open("/_courriels")
    box.page.get_by_role("link").first.click()
    return box


def invite(screen, prenom, email):
    """A new Personne, on Personnes, whose code is mailed at once."""
    screen.title("Personnes")
    screen.click("Ajouter une personne")
    screen.page.get_by_text("Générer automatiquement un code d'invitation après création").click()
    screen.type("Nom *", "Michel")
    screen.type("Prénom *", prenom)
    screen.click("Créer la personne")
    screen.sees("La personne est créée.")
    screen.type("Email", email)
    screen.click("Envoyer par courriel")


def test_an_invitation_travels_by_mail(screen, server, office, marie, new_screen):
    screen.enter(office, marie, "/personnes")
    invite(screen, "Jean", "jean")
    screen.sees("Cette adresse email n'est pas valable.")
    screen.type("Email", "jean@exemple.fr")
    screen.click("Envoyer par courriel")
    screen.sees("Le code est en route vers")

    box = read_the_mail(screen, server, "jean@exemple.fr")
    box.sees("Bonjour Jean,", "À jean@exemple.fr")
    link = box.page.get_by_role("link", name=re.compile("activer_mon_acces")).get_attribute("href")
    jean = new_screen().open(link)
    expect(jean.field("Code d'invitation")).to_have_value(re.compile(r"ZDL-\w{6}-\w{5}"))
    jean.activate("jean@exemple.fr")
    jean.sees("Jean Michel", "Bénévole")
    expect(jean.page.get_by_role("link", name="Courriels")).to_have_count(0)


def test_a_mail_that_went_astray_is_sent_again_with_a_new_code(screen, server, office, marie):
    screen.enter(office, marie, "/personnes")
    invite(screen, "Lucie", "faute@exemple.fr")
    screen.sees("Le code est en route vers")
    until = time.monotonic() + 30
    while office.ask(text("SELECT 1 FROM asso.mails WHERE accepted_at IS NULL")):
        assert time.monotonic() < until, server.log
        time.sleep(0.1)
    screen.button("Fermer").last.click()
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    screen.go("Courriels")
    screen.title("Courriels")
    screen.sees("Invitation", "Lucie Michel", "Accepté", "les courriels arrivent dans la boîte de cette machine")
    screen.sees_no("faute@exemple.fr")
    screen.button("Envoyer à nouveau").first.click()
    screen.sees("Un nouveau code est créé et envoyé")
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_label("Email").fill("lucie@exemple.fr")
    dialog.get_by_role("button", name="Envoyer à nouveau").click()
    screen.sees("L'invitation est en route, avec un nouveau code.")
    read_the_mail(screen, server, "lucie@exemple.fr").sees("Bonjour Lucie,", "À lucie@exemple.fr")


def test_a_reload_later_the_list_says_what_became_of_each_mail(screen, office, marie):
    screen.enter(office, marie, "/courriels")
    screen.title("Courriels")
    screen.sees("courriels, du plus récent au plus ancien")
    screen.page.get_by_role("combobox", name=re.compile("État")).click()
    screen.page.get_by_role("option", name="Plainte").click()
    screen.sees("Aucun courriel dans cet état.")
