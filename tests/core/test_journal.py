"""The journal: readable sentences about real deeds, narrowed by an index, for administrateurs, never a secret."""

import ast
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

import core
from core import accounts, audit, edits, fiches, journal, personnes
from core.audit import Deed
from core.errors import NotAllowed, OwnFiche, OwnRole, RoleAboveOwn, WrongCredentials
from core.journal import Wanted
from core.journal_details import KNOWN, PERMISSIONS, UNSAID, in_words
from core.journal_filters import meaning
from core.journal_sentences import sentence
from core.journal_words import DEEDS, GROUPS, Group
from core.roles import Permission, Role
from tests.conftest import PASSWORD, code_for
from tests.core.test_personnes import create


def said(office, actor, **wanted):
    """The sentences of the first page, newest first."""
    return [sentence(entry) for entry in journal.page(office, actor, Wanted(**wanted)).rows]


def test_a_deed_is_said_with_the_names_of_its_people(office, marie, jean):
    create(office, marie, nom="Écolier", prenom="Élise")
    personnes.get(office, marie, id=jean)
    personnes.get(office, marie, id=marie.personne_id)
    assert said(office, marie)[:3] == [
        "Marie Dupont a consulté sa propre fiche",
        "Marie Dupont a consulté la fiche de Jean Michel",
        "Marie Dupont a créé la fiche d'Élise Écolier",
    ]


def test_sign_ins_good_and_bad_are_in_it(office, marie, visitor):
    accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    for email in (marie.email, "inconnue@exemple.fr"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(office, visitor, email=email, password="faux")
    assert said(office, marie, group=Group.CONNEXIONS)[:3] == [
        "Connexion refusée",
        "Connexion refusée pour Marie Dupont",
        "Connexion de Marie Dupont par email et mot de passe",
    ]


def test_what_was_refused_says_to_whom_and_what(office, marie, lucie, jean):
    with pytest.raises(NotAllowed):
        code_for(office, lucie, jean)
    assert said(office, marie, refused=True) == ["Refusé à Lucie Martin\u00a0: gérer les codes d'invitation"]


def test_what_was_refused_about_a_fiche_is_said_with_its_reason(office, marie, karim):
    above, right = marie.personne_id, "un rôle qui a plus de droits que le sien"
    with pytest.raises(RoleAboveOwn):
        edits.change(office, karim, id=above, version=1, typed={"email": "karim@exemple.fr"})
    for id in (above, karim.personne_id):
        with pytest.raises((RoleAboveOwn, OwnFiche)):
            fiches.archive(office, karim, id=id)
    rows = journal.page(office, marie, Wanted(refused=True)).rows
    assert {sentence(row): in_words(row.details)["why"][1] for row in rows} == {
        "Refusé à Karim Benali\u00a0: changer l'email de la fiche de Marie Dupont": right,
        "Refusé à Karim Benali\u00a0: archiver la fiche de Marie Dupont": right,
        "Refusé à Karim Benali\u00a0: archiver sa propre fiche": "sa propre fiche",
    }


def test_a_role_that_was_refused_says_which_and_to_whom_when_it_is_known(office, marie, karim, jean):
    with pytest.raises(NotAllowed):
        fiches.set_role(office, karim, id=jean, role=Role.EMPLOYE)
    with pytest.raises(RoleAboveOwn):
        personnes.create(office, karim, id=office.uuid(), nom="A", prenom="B", role=Role.EMPLOYE)
    with pytest.raises(OwnRole):
        fiches.set_role(office, marie, id=marie.personne_id, role=Role.EMPLOYE)
    assert said(office, marie, group=Group.DROITS) == [
        "Refusé à Marie Dupont\u00a0: donner à Marie Dupont le rôle employé",
        "Refusé à Karim Benali\u00a0: donner à quelqu'un le rôle employé",
        "Refusé à Karim Benali\u00a0: changer les rôles",
    ]


def test_people_who_are_gone_are_still_spoken_of(office, marie, karim, jean, database):
    personnes.get(office, karim, id=jean)
    database.run("DELETE FROM asso.users WHERE id = %s", str(karim.user_id))
    database.run('DELETE FROM asso.personnes WHERE "ID_PERSONNE" = %s', str(jean))
    assert said(office, marie)[0] == "Un compte supprimé a consulté une fiche effacée"


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"personne": "jean michel"}, 2),
        ({"personne": "MICHÉL"}, 2),
        ({"personne": "introuvable"}, 0),
        ({"author": "benali"}, 2),
        ({"author": "benali", "personne": "jean"}, 1),
        ({"group": Group.CONSULTATIONS}, 2),
        ({"group": Group.CONSULTATIONS, "author": "marie"}, 1),
        ({"refused": True}, 0),
    ],
)
def test_each_filter_narrows(office, marie, karim, jean, wanted, count):
    personnes.get(office, marie, id=jean)
    personnes.get(office, karim, id=jean)
    assert journal.page(office, marie, Wanted(**wanted)).total == count


def test_the_journal_of_one_fiche_names_it(office, marie, jean):
    personnes.get(office, marie, id=jean)
    found = journal.page(office, marie, Wanted(personne_id=jean))
    assert (found.about, found.total) == ("Jean Michel", 1)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, [23, 22, 21]),
        (date(2026, 11, 22), None, [23, 22]),
        (None, date(2026, 11, 22), [22, 21]),
        (date(2026, 11, 22), date(2026, 11, 22), [22]),
        (date(2026, 11, 24), None, []),
        (date(2026, 11, 23), date(2026, 11, 21), []),
    ],
)
def test_days_are_those_of_paris_both_included(office, marie, jean, clock, since, until, days):
    """Half past midnight in Paris is the day before in UTC."""
    for day in (20, 21, 22):
        clock.time = clock.time.replace(day=day, hour=23, minute=30)
        audit.record_alone(office, marie, Deed.PERSONNE_READ, personne_id=jean)
    rows = journal.page(office, marie, Wanted(personne_id=jean, since=since, until=until)).rows
    assert [row.at.day + 1 for row in rows] == days


def test_a_line_that_was_written_late_is_found_by_its_day(office, marie, jean, clock):
    """Its transaction lasted past midnight: its number comes after those of the next day."""
    late = audit.entry(office, marie, Deed.PERSONNE_READ, personne_id=jean)
    clock.advance(hours=20)
    audit.record_alone(office, marie, Deed.PERSONNE_CREATED, personne_id=jean)
    office.ask(text(audit.APPEND), entries=audit.as_json(late))
    found = journal.page(office, marie, Wanted(personne_id=jean, until=date(2026, 11, 21)))
    assert [row.deed for row in found.rows] == ["personne_read"]


def test_pages_follow_one_another_and_say_how_many_there_are(office, marie, jean, monkeypatch):
    for _ in range(7):
        audit.record_alone(office, marie, Deed.PERSONNE_READ, personne_id=jean)
    monkeypatch.setattr(journal, "COUNTED_AT_MOST", 6)
    pages = [journal.page(office, marie, Wanted(personne_id=jean), page=page, size=3) for page in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    assert {(page.total, page.capped) for page in pages} == {(6, True)}
    numbers = [row.seq for page in pages for row in page.rows]
    assert numbers == sorted(numbers, reverse=True)


def test_reading_it_is_an_entry_once_in_a_quarter_of_an_hour_for_each_person(office, marie, jean, deeds, clock):
    for wanted in (Wanted(), Wanted(refused=True), Wanted(), Wanted(personne_id=jean), Wanted(personne_id=jean)):
        journal.page(office, marie, wanted)
    assert deeds().count(("journal_read", "done")) == 2
    clock.advance(minutes=16)
    journal.page(office, marie, Wanted())
    assert deeds().count(("journal_read", "done")) == 3


def test_an_export_walks_through_all_of_it(office, marie, jean):
    for _ in range(7):
        audit.record_alone(office, marie, Deed.PERSONNE_READ, personne_id=jean)
    portions = list(journal.walk(office, Wanted(personne_id=jean), size=3))
    assert [len(portion) for portion in portions] == [3, 3, 1]


@pytest.mark.parametrize("who", ["karim", "lucie"])
def test_only_administrateurs_read_it(office, who, request, deeds):
    with pytest.raises(NotAllowed):
        journal.page(office, request.getfixturevalue(who), Wanted())
    assert deeds()[-1] == ("not_allowed", "refused")


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(personne="d'Œuvre", author="Élise", group=Group.EXPORTS, refused=True),
        Wanted(since=date(2026, 1, 2), until=date(2026, 11, 21)),
    ],
)
def test_an_address_says_what_is_wanted_and_back(wanted):
    assert Wanted.from_query(wanted.as_query()) == wanted


@pytest.mark.parametrize("nonsense", ["", "x", "2026-13-45", "0001-01-01", "9999-12-31", "\0", "é" * 5000])
def test_nonsense_in_an_address_is_no_error(office, marie, nonsense):
    query = dict.fromkeys(("personne", "auteur", "type", "du", "au", "refus"), nonsense)
    assert journal.page(office, marie, Wanted.from_query(query)).total in {0, 1}


@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_has_sentences(office, marie, deed):
    for outcome in ("done", "refused"):
        audit.record_alone(office, marie, deed, outcome=outcome, personne_id=marie.personne_id)
    for words in said(office, marie)[:2]:
        assert words[0].isupper()
        assert "{" not in words
        assert "_" not in words


def test_every_kind_and_every_right_has_words():
    assert {words.group for words in DEEDS.values()} <= set(Group) == set(GROUPS)
    assert set(PERMISSIONS) == set(Permission)


def details_in_code():
    """The names of the details that any use case writes in the log."""
    for path in Path(core.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("audit.entry", "audit.record_alone")):
                yield from (keyword.arg for keyword in call.keywords if keyword.arg)


def test_every_detail_has_words_or_is_left_unsaid_on_purpose():
    assert set(details_in_code()) - {"outcome", "actor_id", "personne_id"} <= set(KNOWN) | UNSAID


def test_a_detail_that_nobody_knows_is_never_shown():
    assert in_words({"jeton": "secret", "what": "create", "count": 3}) == {"count": ("Nombre", "3")}


def test_no_secret_ever_comes_out_of_it(office, marie, jean):
    code = code_for(office, marie, jean).code
    rows = journal.page(office, marie, Wanted()).rows
    assert code not in str(rows)
    assert "Marie Dupont a créé un code d'invitation pour Jean Michel" in [sentence(row) for row in rows]


INDEXES = {
    "pk_audit_log": Wanted(),
    "ix_audit_log_personne": Wanted(personne="jean"),
    "ix_audit_log_actor": Wanted(author="dupont"),
    "ix_audit_log_deed": Wanted(group=Group.EXPORTS),
    "ix_audit_log_refused": Wanted(refused=True),
    "ix_audit_log_at": Wanted(since=date(2026, 11, 1), until=date(2026, 11, 2)),
}
LONG = """
SET session_replication_role = replica;
INSERT INTO asso.audit_log (seq, at, deed, outcome, ip, content_digest, digest)
SELECT i, '2026-01-01'::timestamptz + i * interval '10 minutes', 'sign_in', 'done', '', '', ''
FROM generate_series(1, 50000) i;
ANALYZE asso.audit_log;
"""


@pytest.fixture
def long_log(office, database):
    database.run(LONG)
    yield
    database.run("SET session_replication_role = replica; TRUNCATE asso.audit_log; ANALYZE asso.audit_log")


def test_no_filter_walks_through_a_long_log(office, long_log):
    for index, wanted in INDEXES.items():
        found = meaning(wanted)
        explain = text(f"EXPLAIN WITH {found.people} {found.found}")
        plan = "\n".join(row[0] for row in office.ask(explain, **found.values, before=2**63 - 1, most=101))
        assert index in plan
        assert "Seq Scan on audit_log" not in plan
