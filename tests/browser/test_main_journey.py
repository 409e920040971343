"""From an empty machine to an activated member: the report's own story, in a browser, one test after the other."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core.roles import Role
from tests.browser.conftest import french
from tests.browser.screen import Screen, appears
from tests.conftest import enrol

COUNT = text("SELECT count(*) AS people FROM asso.personnes WHERE nom = :nom")
# Promises in `ended` that the tab shows the sign-in within a minute.
WATCH = """() => {
  const begun = Date.now();
  window.ended = new Promise((done, fail) => setInterval(() => {
    if (document.querySelector("h1")?.innerText === "Connexion") done();
    if (Date.now() - begun > 60_000) fail(new Error("the session has not ended within a minute"));
  }, 200));
}"""
ADMIN = "Une grande phrase de passe"


@pytest.fixture(scope="module")
def server(own_server):
    """A server that has just been started for the first time: its log has the first code."""
    return own_server


@pytest.fixture(scope="module")
def kept(chromium, server):
    """A browser whose tabs stay open from test to test."""
    with french(chromium, server) as browser:
        yield Screen(browser.new_page())


@pytest.fixture
def jean(kept, console):
    """Jean's first tab; what his browser says in the console is heard."""
    console.listen(kept.page.context)
    yield kept
    console.leave(kept.page.context)


def first_code(server):
    return re.search(r"ZDL-\w{6}-\w{5}", server.log).group()


def add(screen, nom, prenom, phone):
    screen.type("Nom *", nom)
    screen.type("Prénom *", prenom)
    screen.type("Téléphone 1", phone)
    screen.click("Créer la personne")


def test_the_first_administrateur_then_jean(server, screen, jean):
    screen.open(f"/activer_mon_acces?code={first_code(server)}")
    screen.title("Activer mon accès")
    expect(screen.field("Code d'invitation")).to_have_value(first_code(server))
    screen.address(r"/activer_mon_acces$")
    screen.activate("marie@exemple.fr", ADMIN)
    screen.address(r"/accueil")

    screen.go("Personnes")
    screen.title("Personnes")
    screen.click("Ajouter une personne")
    screen.page.get_by_text("Générer automatiquement un code d'invitation après création").click()
    add(screen, "Michel", "Jean", "pas un numéro")
    screen.sees("06 12 34 56 78")
    expect(screen.field("Nom *")).to_have_value("Michel")
    expect(screen.field("Téléphone 1")).to_have_value("pas un numéro")
    add(screen, "Michel", "Jean", "1111111111")
    screen.sees("Le numéro « 1111111111 » ne semble pas valide", "Il n'est affiché qu'une fois.")
    code = screen.page.get_by_text(re.compile(r"^ZDL-\w{6}-\w{5}$")).inner_text()
    screen.open("/personnes")
    screen.sees("1 à 2 sur 2")
    assert code not in screen.page.content()
    screen.sign_out()

    jean.open("/activer_mon_acces")
    jean.type("Code d'invitation", code.lower().replace("-", ""))
    jean.activate("jean@exemple.fr")
    jean.sees("Jean Michel", "Bénévole")
    second = jean.tab().open("/mon_compte")
    second.title("Mon compte")
    jean.go("Personnes")
    jean.sees("1 à 2 sur 2")
    expect(jean.button("Ajouter une personne")).to_have_count(0)
    jean.sees_heads("Nom", "Prénom", "Rôle")
    assert "1111111111" not in jean.page.content()

    jean.page.reload()
    jean.title("Personnes")
    second.page.evaluate(WATCH)
    jean.sign_out()


def test_five_wrong_passwords_wait(screen):
    screen.open("/connexion")
    for _ in range(4):
        screen.sign_in("marie@exemple.fr", "faux")
        screen.sees("Identifiants invalides, veuillez réessayer.")
        expect(screen.field("Mot de passe")).to_have_value("")
    screen.sign_in("marie@exemple.fr", "faux")
    screen.sees("Trop de tentatives. Réessayez dans 1 min.")
    expect(screen.field("Email")).to_have_value("marie@exemple.fr")


@pytest.fixture(scope="module")
def marie(office):
    """An administratrice for what follows, at another address than the first one's."""
    return enrol(office, "Anne", "Roux", Role.ADMINISTRATEUR)


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


def test_what_strangers_type_is_shown_as_text(server, personnes):
    names = ["<script>alert(1)</script>", "**gras**", "![](https://exemple.org/x.png)", "محمد", "Zoë 🐎", "x" * 5000]
    asked = []
    personnes.page.on("request", lambda request: asked.append(request.url))
    for name in names:
        fill_in(personnes, name)
        personnes.click("Créer la personne")
        personnes.sees("La personne est créée.")
        appears(personnes.page.get_by_text(f"{name} Jean", exact=True).first)
        personnes.button("Fermer").last.click()
    assert not [url for url in asked if "exemple.org" in url]
    assert personnes.page.locator("main script, main img[src*='exemple']").count() == 0


def test_the_other_tab_of_jean_has_ended_by_itself(jean):
    """Within a minute of his sign-out, beside the journeys in between."""
    second = Screen(jean.page.context.pages[1])
    second.page.evaluate("window.ended")
    second.sees("Votre session a été terminée pour des raisons de sécurité. Reconnectez-vous.")
    second.sign_in("jean@exemple.fr")
    second.title("Mon compte")
