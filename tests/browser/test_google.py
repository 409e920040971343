"""Google in a browser: a real OpenID provider on this machine stands in for it."""

import json
import re
import subprocess
import sys
import time
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import text

from core.roles import Role
from tests.browser.screen import appears
from tests.conftest import _FICHE, code_for, enrol
from tests.serving import Server, free_port

PEOPLE = (
    {"sub": "google-jean", "email": "jean@exemple.fr", "email_verified": True},
    {"sub": "google-lucie", "email": "lucie.autre@exemple.fr", "email_verified": True},
    {"sub": "google-inconnue", "email": "karim@exemple.fr", "email_verified": True},
    {"sub": "google-sans-adresse", "email": "x@exemple.fr", "email_verified": False},
)


@pytest.fixture(scope="module")
def issuer():
    """The provider, in a process of its own."""
    port = free_port()
    claims = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-n", "true", *claims]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    for _ in range(600):
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/.well-known/openid-configuration").is_success:
                break
        time.sleep(0.05)
    yield address
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def console(console, issuer):
    """What the provider's own pages lack is not ours."""
    console.allowed += ["jsdelivr", re.escape(issuer)]
    return console


@pytest.fixture(scope="module")
def server(issuer):
    started = Server(
        ASSO_GOOGLE_CLIENT_ID="client", ASSO_GOOGLE_CLIENT_SECRET="secret", ASSO_GOOGLE_ISSUER=issuer
    ).start()
    yield started
    started.remove()


@pytest.fixture(autouse=True)
def another_minute(office):
    """A journey is no stranger's flood: the requests of the one before it are forgotten."""
    office.ask(text("DELETE FROM asso.rate_counters"))


@pytest.fixture(scope="module")
def lucie(office):
    """A bénévole whose Google account is linked."""
    actor = enrol(office, "Lucie", "Martin", Role.BENEVOLE)
    office.ask(text("UPDATE asso.users SET google_sub = 'google-lucie' WHERE id = :id"), id=actor.user_id)
    return actor


@pytest.fixture(scope="module")
def karim(office):
    return enrol(office, "Karim", "Benali", Role.EMPLOYE)


def choose_google(screen):
    screen.page.get_by_role("radio", name="Google").click()
    screen.sees("Connexion avec Google")


def agree(screen, person):
    """Choose an account on the provider's page."""
    screen.page.wait_for_url(re.compile("/oauth2/authorize"), wait_until="commit")  # its styles come from elsewhere
    screen.page.get_by_role("button", name=person, exact=True).first.click()


def sign_in(screen, person="google-lucie"):
    choose_google(screen)
    screen.click("Se connecter avec Google")
    agree(screen, person)


def test_a_linked_account_signs_in_and_finds_the_page_it_wanted(screen, lucie):
    screen.open("/personnes?recherche=lucie")
    screen.title("Connexion")
    sign_in(screen)
    screen.title("Personnes")
    screen.address(r"/personnes\?recherche=lucie$")
    screen.sees("Lucie Martin")
    cookies = {cookie["name"]: cookie for cookie in screen.page.context.cookies()}
    assert cookies["session"]["httpOnly"]
    screen.sign_out()


def test_an_address_that_is_not_checked_and_an_unknown_account_get_nothing(screen, karim, office):
    """The address of the unknown account is Karim's, which links nobody."""
    screen.open("/connexion")
    sign_in(screen, "google-sans-adresse")
    screen.sees("Google n'a pas vérifié l'adresse de ce compte.")
    sign_in(screen, "google-inconnue")
    screen.sees("Ce compte Google n'est rattaché à aucun accès.")
    screen.title("Connexion")
    screen.address("/connexion$")
    assert office.ask(text("SELECT count(*) FROM asso.users WHERE google_sub = 'google-inconnue'"))[0][0] == 0


def decline(route):
    """The stand-in forgets the state, which Google sends back with a no as well (RFC 6749, 4.1.2.1)."""
    if "deny" not in (route.request.post_data or ""):
        route.continue_()
        return
    asked = dict(parse_qsl(urlsplit(route.request.url).query))
    answer = urlencode({"error": "access_denied", "state": asked["state"]})
    route.fulfill(status=302, headers={"location": f"{asked['redirect_uri']}?{answer}"})


def test_who_says_no_at_google_is_back_on_connexion(screen):
    screen.open("/connexion")
    screen.page.route("**/oauth2/authorize*", decline)
    choose_google(screen)
    screen.click("Se connecter avec Google")
    screen.page.get_by_role("button", name="Deny").click()
    screen.sees("Vous n'avez pas donné votre accord sur la page de Google.")
    screen.page.reload()
    screen.title("Connexion")
    screen.sees_no("Vous n'avez pas donné votre accord")


def test_a_code_activates_an_access_with_google(screen, marie, office, jean_there):
    addresses = []
    screen.page.on("request", lambda request: addresses.append(request.url))
    code = code_for(office, marie, jean_there).code
    screen.open("/activer_mon_acces")
    screen.sees("Mode d'activation")
    screen.page.get_by_text("Google", exact=True).last.click()
    screen.sees("Votre accès s'ouvrira avec votre compte Google")
    screen.type("Code d'invitation", "ZDL-AAAAAA-AAAAA")
    screen.click("Activer mon accès")
    screen.sees("Ce code n'est pas valable ou a expiré.")
    screen.type("Code d'invitation", code)
    screen.click("Activer mon accès")
    agree(screen, "google-jean")
    screen.sees("Votre accès est activé.", "Jean Michel")
    assert not any(code in address for address in addresses)
    screen.sign_out()
    sign_in(screen, "google-jean")
    screen.sees("Bonjour Jean")


@pytest.fixture
def jean_there(office):
    key = office.uuid()
    office.ask(_FICHE, p=key, nom="Michel", prenom="Jean", role=Role.BENEVOLE.value, now=office.now())
    return key


def test_karim_links_his_account_uses_it_and_takes_it_off(screen, office, karim):
    screen.enter(office, karim, "/mon_compte")
    screen.click("Rattacher mon compte Google")
    agree(screen, "google-inconnue")
    screen.sees("Votre compte Google est rattaché.", "Détacher mon compte Google")
    screen.sign_out()
    sign_in(screen, "google-inconnue")
    screen.sees("Bonjour Karim")
    screen.go("Mon compte")
    screen.click("Détacher mon compte Google")
    screen.sees("Votre compte Google est détaché.", "Rattacher mon compte Google")


def test_an_account_that_is_somebodys_is_not_linked(screen, office, marie, lucie):
    screen.enter(office, marie, "/mon_compte")
    screen.click("Rattacher mon compte Google")
    agree(screen, "google-lucie")
    screen.sees("Ce compte Google est déjà rattaché à un autre accès.", "Rattacher mon compte Google")
    screen.address("/mon_compte$")


def test_google_again_confirms_who_one_is(screen, lucie, office):
    screen.open("/mon_compte")
    screen.title("Connexion")
    sign_in(screen)
    screen.title("Mon compte")
    office.ask(text("UPDATE asso.user_sessions SET stepped_up_at = stepped_up_at - interval '11 minutes'"))
    screen.click("Détacher mon compte Google")
    screen.click("Confirmer avec Google")
    agree(screen, "google-lucie")
    screen.sees("Votre identité est confirmée pour dix minutes.")
    appears(screen.button("Détacher mon compte Google"))


def test_a_copied_callback_opens_nothing_in_another_browser(screen, lucie, new_screen):
    """The address with its code, taken before its owner gets to use it."""
    stolen = []

    def steal(route):
        answer = route.fetch(max_redirects=0)
        stolen.extend([answer.headers["location"]] if answer.status == 302 else [])
        route.fulfill(status=200, body="Un instant") if stolen else route.fulfill(response=answer)

    screen.page.route("**/oauth2/authorize*", steal)
    screen.open("/connexion")
    sign_in(screen)
    screen.sees("Un instant")
    thief = new_screen().open("/connexion")
    thief.title("Connexion")
    thief.open(stolen[0])
    thief.sees("La connexion avec Google n'a pas abouti")
    assert not any(cookie["name"] == "session" for cookie in thief.page.context.cookies())
    screen.open(stolen[0]).sees("Bonjour Lucie")


def test_the_log_holds_no_code_and_no_state(server):
    assert not re.search(r"code=(?!ZDL)|state=|suite=|callback", server.log)
