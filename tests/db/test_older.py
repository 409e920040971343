"""Everything works on an older PostgreSQL than the embedded one; Supabase has 15 and 17, the wheel also carries 16."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from core import accounts, audit, directory, invites, opening, personnes, sessions
from core.directory import Wanted
from core.roles import Role
from db import embedded, embedded_place, embedded_server, migrations, roles
from db.engine import open_engine
from tests.conftest import PASSWORD, new_database
from tests.core.test_invites import activate


@pytest.fixture(scope="module")
def older():
    """PostgreSQL 16, from the same wheel, driven as the embedded one is; its own locale came with 17."""
    folder = Path(os.environ["ASSO_TEST_VAR"], "older")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded_place, "PROGRAMS", "pginstall")
        patch.setattr(embedded_place, "ELSEWHERE", folder)
        patch.setattr(embedded_server, "MAJOR", "16")
        patch.setattr(embedded_server, "LOCALE", ("--locale=C",))
        server = embedded.start(folder, say=lambda line: None)
        yield server
        server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def database(older):
    """Its roles made and its migrations run up to the newest."""
    return new_database(older, "older")


@pytest.fixture(scope="module")
def engine(database):
    opened = open_engine(database.url(), pool_size=2)
    yield opened
    opened.dispose()


def test_it_is_an_older_one(office):
    assert office.ask(text("SHOW server_version"))[0][0].startswith("16.")


def test_its_tables_are_those_of_the_models(database):
    migrations.check(database.url("asso_migrator"))


def test_the_application_agrees_to_serve_on_it(engine):
    opening._check(engine)


def test_its_roles_can_be_made_again_and_hold_their_settings(database, office):
    roles.create(database.url("postgres"))
    assert office.ask(text("SELECT current_user AS me"))[0].me == "asso_app"
    assert office.ask(text("SHOW search_path"))[0][0] == "asso"
    assert database.run("SHOW default_transaction_read_only", role="asso_ro") == [("on",)]


def test_the_main_journey_works_on_it(office, visitor):
    admin = activate(office, visitor, invites.first_administrator(office), email="chef@exemple.fr", password=PASSWORD)
    created = personnes.create(office, admin, id=office.uuid(), nom="Écolier", prenom="Élise", with_code=True)
    activate(office, visitor, created.code.code, email="elise@exemple.fr", password=PASSWORD)
    ticket = accounts.sign_in(office, visitor, email="ELISE@exemple.fr", password=PASSWORD)
    elise = sessions.resume(office, visitor, token=sessions.open(office, visitor, ticket=ticket).token)
    assert (elise.role, elise.personne_id) == (Role.BENEVOLE, created.id)
    assert directory.page(office, admin, Wanted()).total == 2
    assert [row.nom for row in directory.page(office, admin, Wanted("elise ÉCOL")).rows] == ["Écolier"]
    assert audit.verify(office).rows > 5
    assert audit.verify(office).first_altered is None
