"""What is sorted, searched and typed is the same whatever locale the server has; here the poorest one."""

import os

import pytest

from db import migrations
from tests.conftest import new_database

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "one")
POOR = "TEMPLATE template0 LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"


@pytest.fixture(scope="module")
def poor(server):
    """A database of the locale C, which knows the capitals of A to Z only."""
    return new_database(server, f"poor_{WORKER}", POOR)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Écolier", "ecolier"),
        ("d’ŒUVRE", "d oeuvre"),
        ("Lætitia ÆGIR", "laetitia aegir"),
        ("LE GOFF-Ÿve", "le goff yve"),
        ("ÇA E\u0301TÉ", "ca ete"),
        ("Łukasz ØRSTED", "łukasz ørsted"),
    ],
)
def test_a_name_has_one_key_on_every_server(poor, database, typed, key):
    for server in (poor, database):
        assert server.run("SELECT asso.cle(%s)", typed) == [(key,)]


@pytest.mark.parametrize("typed", ["ÉLISE@Exemple.fr", "élise@exemple.FR", "E\u0301lise@exemple.fr"])
def test_an_address_has_one_key_on_every_server(poor, database, typed):
    for server in (poor, database):
        assert server.run("SELECT asso.email_key(%s)", typed) == [("élise@exemple.fr",)]


def test_the_poorest_server_is_really_one(poor):
    assert poor.run("SELECT lower('É')") == [("É",)]


def test_what_was_computed_before_this_revision_is_computed_again(server):
    old = new_database(server, f"old_{WORKER}", POOR, "0003")
    old.run("CREATE OR REPLACE FUNCTION asso.cle(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT RETURN lower(t)")
    old.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "VALUES (gen_random_uuid(), 'Écolier', 'Élise', 'bénévole', now(), now())"
    )
    assert old.run("SELECT tri FROM asso.personnes") == [("Écolier Élise",)]
    migrations.upgrade(old.url("asso_migrator"))
    assert old.run("SELECT tri, recherche FROM asso.personnes") == [("ecolier elise", "ecolier elise")]
