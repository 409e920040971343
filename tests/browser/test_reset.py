"""Forgotten password and another address, as people live them: a mail, a link, a code."""

import email
import email.policy
import re
import time

import pytest

from core.roles import Role
from tests.conftest import enrol

NEW = "Un nouveau jardin de violettes"


@pytest.fixture(scope="module")
def lucie(server):
    return enrol(server.office(), "Lucie", "Martin", Role.BENEVOLE)


def mail(server, to, words):
    """The text of the mail to `to` that holds `words`, once it lies in the embedded mailbox."""
    for _ in range(150):
        for path in sorted((server.var / "courriels").glob("*.eml"), reverse=True):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            text = letter.get_body(("plain",)).get_content()
            if to in str(letter["To"]) and words in text:
                return text
        time.sleep(0.1)
    raise AssertionError(f"no mail to {to}:\n{server.log}")


def link(text):
    return re.search(r"https?://\S+token=\S+", text).group()


def test_a_forgotten_password_is_replaced_by_link_and_code(server, screen, lucie):
    screen.open("/connexion")
    screen.page.get_by_text("Mot de passe oublié").last.click()
    screen.title("Réinitialiser mon mot de passe")
    screen.type("Email de récupération", lucie.email)
    screen.click("Envoyer un code de vérification")
    screen.sees("Si un compte correspond à cette adresse, un courriel vient d'être envoyé.")
    text = mail(server, lucie.email, "Code OTP (obligatoire)")
    screen.open(link(text))
    screen.address(r"/mot_de_passe_oublie$")
    screen.type("Code OTP", "000000")
    screen.type("Nouveau mot de passe", NEW)
    screen.type("Confirmer le mot de passe", NEW)
    screen.click("Changer mon mot de passe")
    screen.sees("Ce code n'est pas le bon.")
    screen.type("Code OTP", re.search(r"\b\d{6}\b", text).group())
    screen.type("Nouveau mot de passe", NEW)
    screen.type("Confirmer le mot de passe", NEW)
    screen.click("Changer mon mot de passe")
    screen.title("Accueil")
    screen.sees("Votre mot de passe est changé.")
    assert mail(server, lucie.email, "Bonjour Lucie")


def test_opening_the_link_changes_nothing_and_leaves_no_trace(server, screen, lucie):
    link_of = f"{server.url}/mot_de_passe_oublie?token=secret-de-test"
    assert screen.page.context.request.head(link_of).status in {200, 405}
    screen.open(link_of).title("Réinitialiser mon mot de passe")
    assert "secret-de-test" not in screen.page.url
    assert "secret-de-test" not in server.log


def test_another_address_is_confirmed_by_its_mail_and_ends_the_session(server, office, screen):
    karim = enrol(office, "Karim", "Benali", Role.EMPLOYE)
    screen.enter(office, karim, "/mon_compte")
    screen.title("Mon compte")
    screen.type("Nouvelle adresse email", "karim.nouveau@exemple.fr")
    screen.click("Changer mon adresse email")
    screen.sees("Un courriel vient d'être envoyé à la nouvelle adresse")
    second = screen.tab().open(link(mail(server, "karim.nouveau@exemple.fr", "token=")))
    second.title("Confirmer mon adresse email")
    second.click("Confirmer ma nouvelle adresse")
    second.sees("Votre adresse est changée.")
    screen.page.reload()
    screen.sign_in("karim.nouveau@exemple.fr")
    screen.title("Mon compte")


def test_an_account_is_deleted_by_its_owner(office, screen):
    paul = enrol(office, "Paul", "Durand", Role.BENEVOLE)
    screen.enter(office, paul, "/mon_compte")
    screen.title("Mon compte")
    screen.settle()
    screen.page.get_by_text("Ce qui se passe si vous supprimez votre compte").click()
    screen.type("Pour confirmer, saisissez SUPPRIMER", "SUPPRIMER")
    screen.click("Supprimer mon compte")
    screen.title("Connexion")
    screen.sign_in(paul.email)
    screen.sees("Identifiants invalides, veuillez réessayer.")
