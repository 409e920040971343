"""What stood in a database before a revision is kept by it, and completed where the database knows more."""

import os

import pytest

from db import migrations
from tests.conftest import new_database

FICHE = "11111111-1111-4111-8111-111111111111"
AUTHOR = "22222222-2222-4222-8222-222222222222"
# As they were kept, and as they are kept now.
PHONES = {
    ("0692 12 34 56", "+33596123456"): ("+262692123456", "+596596123456"),
    ("+262692123457", "0508 41 46 00"): ("+262692123457", "+508414600"),
    ("+33612345678", "0692 12"): ("+33612345678", "0692 12"),
}
CHAIN = ("audit_chain", "audit_head_follows")
# As it was before revision 0007, in one UPDATE.
GIVE_BACK = """
CREATE OR REPLACE FUNCTION asso.give_back(limits jsonb, everything boolean) RETURNS void
LANGUAGE sql SET search_path = pg_catalog
BEGIN ATOMIC
  UPDATE asso.rate_counters AS c SET hits = CASE WHEN everything THEN 0 ELSE greatest(c.hits - 1, 0) END
  FROM asso.wanted_limits(limits) AS one WHERE c.name = one.name AND c.key = one.key;
END
"""


@pytest.fixture(scope="module")
def upgraded(server):
    """A database with a history, brought from revision 0004 to the last one."""
    old = new_database(server, f"upgraded_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}", revision="0004")
    old.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "VALUES (%s, 'Michel', 'Jean', 'bénévole', '2026-11-01', '2026-11-01')",
        FICHE,
    )
    for day, second in ((1, 1), (2, 30)):  # a moment after the line, then too late to be its entry
        old.run(
            "INSERT INTO asso.personne_changes (id, personne_id, at, actor_id, field, after) "
            "VALUES (gen_random_uuid(), %s, %s, %s, 'note', 'vu')",
            *(FICHE, f"2026-11-0{day}", AUTHOR),
        )
        old.run(
            "INSERT INTO asso.audit_log (at, deed, outcome, actor_id, personne_id, ip) "
            "VALUES (%s, 'personne_changed', 'done', %s, %s, '203.0.113.7')",
            *(f"2026-11-0{day} 00:00:{second}", AUTHOR, FICHE),
        )
    for first, second in PHONES:
        old.run(
            'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, telephone_1, telephone_2, role, created_at, '
            "updated_at) VALUES (gen_random_uuid(), 'A', 'B', %s, %s, 'bénévole', now(), now())",
            *(first, second),
        )
    old.run(GIVE_BACK)
    # Each revision makes the functions as they are now: what a later one changes is taken away again before it.
    for setting, revision in (("enable_seqscan", "0007"), ("jit", "head")):
        for function in CHAIN:
            old.run(f"ALTER FUNCTION asso.{function}() RESET {setting}")
        migrations.upgrade(old.url("asso_migrator"), revision)
    return old


def test_a_line_of_history_gets_the_address_of_its_entry_in_the_audit(upgraded):
    assert upgraded.run("SELECT ip FROM asso.personne_changes ORDER BY at") == [("203.0.113.7",), (None,)]


def test_phones_of_the_overseas_departments_are_kept_with_their_country(upgraded):
    found = upgraded.run("SELECT telephone_1, telephone_2 FROM asso.personnes WHERE nom = 'A'")
    assert sorted(found) == sorted(PHONES.values())


@pytest.mark.parametrize("setting", ["enable_seqscan=off", "jit=off"])
def test_the_chain_finds_its_last_entry_by_the_index_and_is_not_compiled(upgraded, setting):
    held = "SELECT %s = ANY (proconfig) FROM pg_proc WHERE proname = ANY (%s)"
    assert upgraded.run(held, setting, list(CHAIN)) == [(True,)] * 2


def test_tries_are_given_back_one_after_the_other(upgraded):
    loops = "SELECT prosrc LIKE '%LOOP%' FROM pg_proc WHERE oid = 'asso.give_back(jsonb, boolean)'::regprocedure"
    assert upgraded.run(loops) == [(True,)]
