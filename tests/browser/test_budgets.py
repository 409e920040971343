"""What each screen costs: round trips to the database, counted between the real server and PostgreSQL."""

import re
import shutil
import tempfile
from base64 import b64encode
from pathlib import Path

import pytest

from core import opening, personnes, second_factor
from core.roles import Role, Visitor
from core.settings import Settings
from db import embedded, migrations
from db.engine import open_engine
from tests.browser.conftest import french
from tests.browser.screen import Screen
from tests.conftest import enrol
from tests.core.phone import Phone
from tests.machine import scratch
from tests.serving import KEY, Server
from tests.trips import TripCounter


@pytest.fixture(scope="module")
def database():
    """A database that the server under test takes for a remote one."""
    var = Path(tempfile.mkdtemp(prefix="asso-far-", dir=scratch()))
    var.chmod(0o711)
    started = embedded.start(var, say=lambda line: None)
    migrations.upgrade(started.url("asso_migrator"))
    yield started
    started.stop()
    shutil.rmtree(var)


@pytest.fixture(scope="module")
def counter(database):
    opened = TripCounter(database.socket_dir / ".s.PGSQL.5432", ignored=b"UPDATE asso.mails SET sealed = NULL")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(database, counter):
    url = counter.url(database.url("asso_app"))
    started = Server(ASSO_DATABASE_URL=url, ASSO_KEY=b64encode(KEY).decode()).start()
    yield started
    started.remove()


@pytest.fixture(scope="module")
def far_office(database, tmp_path_factory):
    """The house behind the server, not counted."""
    settings = Settings(key=KEY, var=tmp_path_factory.mktemp("var"), password_cost=4)
    return opening.office_on(open_engine(database.url("asso_app"), pool_size=2), settings)


@pytest.fixture(scope="module")
def marie(far_office):
    return enrol(far_office, "Marie", "Dupont", Role.ADMINISTRATEUR)


def settled(screen):
    """Wait until the screen is drawn and the script has ended."""
    screen.settle()
    screen.page.wait_for_load_state("networkidle")


@pytest.fixture(scope="module")
def marie_s_tab(chromium, server, far_office, marie):
    """One for all the screens that she opens: a session that has just begun costs more."""
    with french(chromium, server) as browser:
        screen = Screen(browser.new_page()).enter(far_office, marie, "/accueil")
        screen.title("Accueil")
        settled(screen)
        yield screen


@pytest.fixture
def signed_in(marie_s_tab, console):
    console.listen(marie_s_tab.page.context)
    yield marie_s_tab
    console.leave(marie_s_tab.page.context)


def test_connexion_before_the_form_is_sent_costs_nothing(screen, counter):
    counter.reset()
    screen.open("/connexion")
    screen.title("Connexion")
    settled(screen)
    assert counter.trips == 0


def test_a_sign_in_costs_at_most_six_trips_and_the_screen_after_it_two(screen, far_office, counter):
    # A new device would be announced after the answer, for which nobody waits.
    known_device = Visitor("127.0.0.1", screen.page.evaluate("navigator.userAgent"))
    marie = enrol(far_office, "Marianne", "Dupont", Role.ADMINISTRATEUR, known_device)
    screen.open("/accueil")
    screen.title("Connexion")
    counter.reset()
    screen.sign_in(marie.email)
    screen.title("Accueil")
    settled(screen)
    assert 3 <= counter.trips <= 6 + 2


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("accueil", "Accueil"),
        ("personnes", "Personnes"),
        ("journal?auteur=marie&refus=oui", "Journal"),
        ("droits", "Revue des droits"),
        ("invitations", "Invitations"),
        ("courriels", "Courriels"),
        ("importer", "Importer des personnes"),
        ("mon_compte", "Mon compte"),
    ],
)
def test_a_signed_in_screen_costs_at_most_two_trips(signed_in, counter, address, title):
    counter.reset()
    signed_in.open(f"/{address}")
    signed_in.title(title)
    settled(signed_in)
    assert 1 <= counter.trips <= 2


def test_a_sign_in_with_a_second_factor_costs_at_most_ten_trips_in_all(screen, far_office, counter):
    known_device = Visitor("127.0.0.1", screen.page.evaluate("navigator.userAgent"))
    lucie = enrol(far_office, "Lucie", "Martin", Role.BENEVOLE, known_device)
    phone = Phone(far_office, second_factor.begin(far_office, lucie).key)
    second_factor.confirm(far_office, lucie, code=phone.code())
    screen.open("/accueil")
    screen.title("Connexion")
    settled(screen)
    counter.reset()
    screen.sign_in(lucie.email)
    screen.title("Vérification en deux étapes")
    screen.type("Code à 6 chiffres", phone.code(late_by=-30))
    screen.click("Vérifier")
    screen.title("Accueil")
    settled(screen)
    assert 7 <= counter.trips <= 10


def test_creating_a_personne_with_its_code_costs_at_most_seven_trips(signed_in, counter):
    signed_in.open("/personnes")
    signed_in.click("Ajouter une personne")
    signed_in.type("Nom *", "Michel")
    signed_in.type("Prénom *", "Jean")
    signed_in.page.get_by_text("Générer automatiquement un code d'invitation après création").click()
    settled(signed_in)
    counter.reset()
    signed_in.click("Créer la personne")
    signed_in.sees(re.compile(r"^ZDL-\w{6}-\w{5}$"))
    settled(signed_in)
    assert 5 <= counter.trips <= 7


@pytest.fixture(scope="module")
def elise(far_office, marie):
    return personnes.create(far_office, marie, id=far_office.uuid(), nom="Écolier", prenom="Élise").id


def test_the_fiche_costs_two_trips_and_an_edit_at_most_six_and_two_to_show_it(signed_in, counter, elise):
    counter.reset()
    signed_in.open(f"/personne?id={elise}")
    signed_in.sees("Élise Écolier")
    settled(signed_in)
    assert 1 <= counter.trips <= 2
    signed_in.click("Modifier")
    signed_in.type("Note", "Trésorière")
    settled(signed_in)
    counter.reset()
    signed_in.click("Enregistrer")
    signed_in.sees("La fiche est enregistrée.")
    settled(signed_in)
    assert 6 <= counter.trips <= 6 + 2


def test_no_screen_so_far_has_opened_connections_that_the_pool_does_not_keep(signed_in, counter):
    assert 1 <= counter.connections <= 10
