"""The audit log: append-only for everybody, chained, and what was refused is in it too."""

import json
from contextlib import closing
from time import perf_counter

import psycopg2
import pytest

from core import audit, personnes
from core.roles import GRANTS, Permission, Role
from tests.core.test_invites import race
from tests.core.test_personnes import create

TAMPER = "SET session_replication_role = replica; "
REHASHED = """
UPDATE asso.audit_log SET actor_id = NULL,
  content_digest = asso.audit_content(seq, at, deed, outcome, NULL, personne_id, ip, details) WHERE seq = 3
"""
APPENDED = """
INSERT INTO asso.audit_log SELECT 10, at, deed, outcome, actor_id, personne_id, ip, details, content_digest, digest
FROM asso.audit_log WHERE seq = 9
"""


@pytest.fixture
def full(office, marie):
    """Ten deeds in the log."""
    for number in range(8):
        create(office, marie, nom=f"N{number}")
    assert audit.verify(office) == audit.Verification(rows=9, first_altered=None)


def test_an_empty_log_is_whole(office):
    assert audit.verify(office) == audit.Verification(rows=0, first_altered=None)


@pytest.mark.parametrize(
    ("tampering", "first"),
    [
        ("UPDATE asso.audit_log SET ip = 'autre' WHERE seq = 4", 4),
        ("UPDATE asso.audit_log SET details = '{\"role\": \"administrateur\"}' WHERE seq = 5", 5),
        ("UPDATE asso.audit_log SET at = at + interval '1 microsecond' WHERE seq = 9", 9),
        (REHASHED, 3),
        ("DELETE FROM asso.audit_log WHERE seq = 6", 6),
        ("DELETE FROM asso.audit_log WHERE seq > 7", 8),
        ("DELETE FROM asso.audit_log", 1),
        (APPENDED, 10),
        ("UPDATE asso.audit_head SET digest = decode(repeat('11', 32), 'hex')", 9),
    ],
)  # fmt: skip
def test_the_first_altered_row_is_found(office, full, database, tampering, first):
    database.run(TAMPER + tampering)
    assert audit.verify(office).first_altered == first


@pytest.mark.parametrize("role", ["asso_app", "asso_ro", "asso_migrator", "postgres"])
@pytest.mark.parametrize(
    "statement", ["UPDATE asso.audit_log SET ip = ''", "DELETE FROM asso.audit_log", "TRUNCATE asso.audit_log"]
)
def test_nobody_changes_the_log_not_even_its_owner(full, database, role, statement):
    with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
        database.run(statement, role=role)


@pytest.mark.parametrize("statement", ["UPDATE asso.audit_head SET seq = 0", "DELETE FROM asso.audit_head"])
def test_the_application_does_not_touch_the_head(full, database, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        database.run(statement, role="asso_app")


def test_the_application_does_not_choose_numbers_or_digests(office, full, database):
    database.run(
        "INSERT INTO asso.audit_log (seq, at, deed, outcome, ip, details, content_digest, digest) "
        "VALUES (999, now(), 'sign_in', 'done', '', '{}', '', '')",
        role="asso_app",
    )
    assert audit.verify(office) == audit.Verification(rows=10, first_altered=None)


def test_twenty_writers_at_once_keep_the_chain_whole(office, marie):
    race(20, lambda number: create(office, marie, nom=f"Nom{number}"))
    assert audit.verify(office) == audit.Verification(rows=21, first_altered=None)


def test_ten_thousand_entries_of_one_deed_are_chained_in_a_time_that_is_theirs(office, marie, database):
    """A head that moved with each entry took 13 s for ten thousand, and four times as long for twice as many; so did a
    log that the database had counted while it was short, and read whole for each entry."""
    with closing(database.connect("postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE asso.audit_log")
    office.engine.dispose()
    entry = audit.entry(office, marie, audit.Deed.ROLE_CHANGED, personne_id=marie.personne_id)
    begun = perf_counter()
    for _ in range(2):
        with office.begin() as db:
            audit.record(db, *[entry] * 5_000)
            audit.record(db, *[entry] * 5_000)
    assert perf_counter() - begun < 8
    assert audit.verify(office) == audit.Verification(rows=20_000 + 1, first_altered=None)


def test_a_deed_that_is_rolled_back_leaves_no_event(office, marie, deeds):
    key = office.uuid()
    for _ in range(2):
        race(1, lambda number: create(office, marie, id=key))
    assert deeds().count(("personne_created", "done")) == 1


def test_an_event_says_who_what_and_from_where(office, marie, database):
    key = create(office, marie).id
    row = database.run("SELECT actor_id, personne_id, ip, details FROM asso.audit_log ORDER BY seq DESC LIMIT 1")[0]
    assert row == (str(marie.user_id), str(key), "203.0.113.7", {"role": "bénévole"})


def test_no_secret_and_no_name_stands_in_the_log(office, marie, database):
    created = create(office, marie, nom="Confidentiel", telephone_1="0612345678", with_code=True)
    log = json.dumps(database.run("SELECT details::text, deed FROM asso.audit_log"))
    for secret in ("Confidentiel", "612345678", created.code.code, created.code.code[4:10]):
        assert secret not in log


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_the_table_of_grants_is_the_one_of_the_report(role, permission):
    everyone = {Permission.ACCOUNT_OWN, Permission.TEAM_READ}
    people = {Permission.PERSONNES_READ, Permission.PERSONNES_WRITE, Permission.PERSONNES_EXPORT}
    expected = role is Role.ADMINISTRATEUR or permission in everyone or (role is Role.EMPLOYE and permission in people)
    assert (permission in GRANTS[role]) == expected


def test_a_refused_use_case_leaves_an_event(office, lucie, database):
    with pytest.raises(Exception, match="personnes_write"):
        personnes.create(office, lucie, id=office.uuid(), nom="A", prenom="B")
    row = database.run("SELECT deed, outcome, details FROM asso.audit_log ORDER BY seq DESC LIMIT 1")[0]
    assert row == ("not_allowed", "refused", {"permission": "personnes_write", "what": "create"})
