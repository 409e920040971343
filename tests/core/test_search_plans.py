"""A hundred thousand fiches: no search and no order of the list reads the whole table."""

import json

import pytest
from sqlalchemy import text

from core import codes, directory, duplicates, exports, import_matches, limits
from core.directory import Access, Wanted
from core.journal_filters import Wanted as Sought
from core.journal_filters import meaning
from core.roles import Role

CROWD = """
INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, telephone_1, email, role, created_at, updated_at, archived_at)
SELECT gen_random_uuid(),
  (ARRAY['Dupont', 'Martin', 'Durand', 'O''Brien', 'Moreau', 'Petit', 'Michel'])[n % 7 + 1] || n % 50,
  (ARRAY['Jean', 'Marie', 'Karim', 'Lucie', 'Hugo', 'Inès', 'Tom', 'Zoé', 'Paul', 'Léa', 'Emma'])[n % 11 + 1],
  CASE WHEN n % 2 = 0 THEN '+336' || lpad((n * 7919 % 100000000)::text, 8, '0') END,
  CASE WHEN n % 3 = 0 THEN 'p' || n || '@exemple.fr' END,
  CASE WHEN n % 500 = 0 THEN 'administrateur' WHEN n % 20 = 0 THEN 'employé' ELSE 'bénévole' END,
  now() - interval '1 minute' * (n % 5000), now(), CASE WHEN n % 40 = 1 THEN now() END
FROM generate_series(1, 100000) AS n;
INSERT INTO asso.user_invites ("ID_INVITE", token, "ID_PERSONNE", created_at, expires_at)
SELECT gen_random_uuid(), sha256("ID_PERSONNE"::text::bytea), "ID_PERSONNE", now(), now() + interval '7 days'
FROM asso.personnes WHERE tri LIKE 'dupont%';
"""
SEARCHES = [
    "dupont",
    "jean mich",
    "martin12",
    "0612",
    "+33 6 12",
    "06 12 34 56",
    "0692 12 34",
    "p77@exemple",
    "z",
    "du",
    "o'brien",
]


def wanted():
    yield from (Wanted(search) for search in SEARCHES)
    yield from (Wanted("dupont", sort=sort, descending=True) for sort in directory.SORTS)
    yield from (Wanted(sort=sort, descending=down) for sort in directory.SORTS for down in (False, True))
    yield from (Wanted(roles=(role,), sort=sort) for role in Role for sort in directory.SORTS)
    yield Wanted("dupont", roles=(Role.EMPLOYE,), access=(Access.ACTIVE,))
    yield Wanted("dupont", archived=True)
    yield from (Wanted(archived=True, sort=sort) for sort in directory.SORTS)
    yield from (Wanted(search, outdated=True, sort="archivage") for search in ("", "dupont"))


# Indexes are made once the rows are there, which is several times faster.
INDEXES = """SELECT 'asso.' || indexname, indexdef FROM pg_indexes
WHERE schemaname = 'asso' AND tablename = 'personnes' AND indexname LIKE 'ix\\_%'"""


@pytest.fixture
def crowd(office, marie, lucie, database):
    indexes = database.run(INDEXES)
    database.run(f"DROP INDEX {', '.join(name for name, _ in indexes)}")
    try:
        database.run(CROWD)
    finally:
        database.run("; ".join(definition for _, definition in indexes))
    # What the statements join too: else the plan depends on when the server itself last looked.
    database.run("ANALYZE asso.personnes, asso.users, asso.user_invites")


def scanned(office, actor, asked, page):
    """The tables that are read whole to answer."""
    sees_all = actor.role is not Role.BENEVOLE
    statement = directory._statement(asked, sees_all=sees_all)
    values = directory.condition(office, actor, asked)[1]
    return read_whole(office, statement, **values, all=sees_all, size=25, offset=(page - 1) * 25)


def read_whole(office, statement, **values):
    return [node["Relation Name"] for node in planned(office, statement, values) if node["Node Type"] == "Seq Scan"]


def planned(office, statement, values):
    return nodes(office.ask(explain(statement), **values)[0][0][0]["Plan"])


def explain(statement):
    return text(f"EXPLAIN (FORMAT JSON) {statement.text}")


def conditions(office, statement, **values):
    """What the indexes of people are asked by an import, which keeps the database from reading tables whole."""
    with office.begin() as db:
        db.execute(import_matches._BY_INDEX)
        plan = db.execute(explain(statement), values).all()[0][0][0]["Plan"]
    return [node.get("Index Cond", "") for node in nodes(plan) if node.get("Relation Name") == "personnes"]


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def searches(office, actor):
    """Every other statement that looks for people by words."""
    asked = {"query": Wanted("dupont1 jean").as_query(), "ids": []}
    for name, sql in {"count of an export": exports._COUNT, "rows of an export": exports._ROWS}.items():
        statement, values = exports._statement(office, actor, sql, asked)
        yield name, statement.text, values
    found, values = codes._found("dupont1 jean", None)
    page = {"counted": 1000, "size": 25, "offset": 0}
    yield "codes", codes._PAGE.format(found=found, columns=codes._COLUMNS), values | codes._times(office) | page
    named = meaning(Sought(personne="dupont1 jean"))
    yield "journal", f"WITH {named.people} {named.found}", named.values | {"before": 2**63 - 1, "most": 101}
    narrowed, values = directory.condition(office, actor, Wanted("dupont1 jean"))
    yield "count", f"SELECT count(*) FROM asso.personnes p WHERE {narrowed}", values


def test_no_search_no_order_and_no_look_for_duplicates_reads_the_whole_table(office, marie, lucie, crowd):
    for actor in (marie, lucie):
        for asked in wanted():
            for page in (1, 3000):
                assert "personnes" not in scanned(office, actor, asked, page), (actor.role, asked, page)
    typed = {"nom": "Dupont7", "prenom": "Jean", "telephone_1": "+33600000001", "telephone_2": None}
    limited = limits.as_json(office, (limits.COMMANDS, "marie"))
    asked = {"limits": limited, "now": office.now(), "shown": duplicates.SHOWN, "archives": False}
    asked |= {"id": office.uuid(), "apart": [office.uuid()]}
    assert "personnes" not in read_whole(office, duplicates._COUNT_AND_LOOK, **typed, **asked)
    for name, statement, values in searches(office, marie):
        found = list(planned(office, text(statement), values))
        indexes = {node.get("Index Name") for node in found}
        assert "personnes" not in [node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"], name
        assert "ix_personnes_trigrammes" in indexes, (name, indexes)
    row = {"i": 0, "email": "p77@exemple.fr"} | typed
    *keys, fiche = conditions(office, import_matches._FIND, rows=json.dumps([row]))
    assert len([key for key in keys if " = asked." in key]) == len(keys) == 7
    assert fiche == '("ID_PERSONNE" = m."ID_PERSONNE")'
    found = directory.page(office, marie, Wanted("jean mich"))
    assert found.total > 100
    everybody = directory.page(office, marie, Wanted(), page=3000)
    assert (everybody.total, everybody.capped, len(everybody.rows)) == (10_000, True, 25)
