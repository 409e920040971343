"""Exports: who may, what is in them, what the journal keeps of it."""

import csv
import io
import json

import pytest

from core import downloads, exports
from core.errors import NotAllowed, StepUpNeeded
from core.exports import Format
from core.roles import Role
from core.wanted import Access, Wanted
from tests.conftest import enrol

ALL = Wanted()


def fetch(office, actor, address):
    """The bytes of the file under `address`."""
    with downloads.fetch(office, actor, token=address.rpartition("/")[2]).content as content:
        return content.read()


def exported(office, actor, kind=Format.CSV, wanted=ALL, ids=()):
    return fetch(office, actor, exports.prepare(office, actor, kind=kind, wanted=wanted, ids=ids).address)


def people(office, actor, wanted=ALL, ids=()):
    """The lines of a CSV export, by the title of their column."""
    text = exported(office, actor, wanted=wanted, ids=ids).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.fixture
def journal(database):
    """What the journal keeps of exports."""
    return lambda: [
        json.dumps(details, ensure_ascii=False)
        for (details,) in database.run(
            "SELECT details FROM asso.audit_log WHERE deed = 'personnes_exported' ORDER BY seq"
        )
    ]


def test_everybody_in_the_order_of_names(office, marie, karim, jean):
    found = people(office, marie)
    assert [(row["Nom"], row["Rôle"], row["Accès"]) for row in found] == [
        ("Benali", "Employé", "Activé"),
        ("Dupont", "Administrateur", "Activé"),
        ("Michel", "Bénévole", "Sans code"),
    ]
    assert found[2]["Téléphone 1"] == "06 11 22 33 44"
    assert found[2]["Créée le"] == "21/11/2026"


def test_what_the_list_is_narrowed_to(office, marie, karim, jean):
    assert [row["Nom"] for row in people(office, marie, Wanted(search="michel jean"))] == ["Michel"]
    assert [row["Nom"] for row in people(office, marie, Wanted(roles=(Role.EMPLOYE,)))] == ["Benali"]
    assert [row["Nom"] for row in people(office, marie, Wanted(access=(Access.SANS_CODE,)))] == ["Michel"]
    assert people(office, marie, Wanted(archived=True)) == []
    assert people(office, marie, Wanted(sort="prenom", descending=True))[0]["Prénom"] == "Marie"


def test_a_selection_is_those_people_and_nobody_else(office, marie, karim, jean):
    prepared = exports.prepare(office, marie, kind=Format.CSV, wanted=Wanted(search="rien"), ids=(jean,))
    assert prepared.count == 1
    assert b"Michel" in (content := fetch(office, marie, prepared.address))
    assert b"Benali" not in content


def test_how_many_people_is_said_before(office, marie, karim, jean):
    assert exports.prepare(office, karim, kind=Format.VCARD, wanted=ALL).count == 3


def test_an_export_asks_for_a_fresh_proof(office, marie, clock):
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        exports.prepare(office, marie, kind=Format.CSV, wanted=ALL)


def test_a_benevole_exports_nothing(office, lucie, deeds):
    with pytest.raises(NotAllowed):
        exports.prepare(office, lucie, kind=Format.EMARGEMENT, wanted=ALL)
    assert deeds()[-1] == ("not_allowed", "refused")


@pytest.mark.parametrize("kind", Format)
def test_what_leaves_is_in_the_journal_with_its_count(office, marie, jean, journal, kind):
    address = exports.prepare(office, marie, kind=kind, wanted=Wanted(roles=(Role.BENEVOLE,))).address
    assert journal() == []
    fetch(office, marie, address)
    assert [json.loads(line) for line in journal()] == [{"format": kind, "count": 1, "role": "bénévole"}]


def test_the_journal_never_keeps_the_words_that_were_searched(office, marie, jean, journal):
    exported(office, marie, wanted=Wanted(search="Michel 0611", archived=True))
    exported(office, marie, ids=(jean,))
    assert [json.loads(line) for line in journal()] == [
        {"format": "csv", "count": 0, "archivees": "oui", "recherche": True},
        {"format": "csv", "count": 1, "selection": True},
    ]


def test_an_export_is_one_instant_and_writes_nothing(office, marie, jean):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    rows = office.stream(text("SELECT count(*) FROM asso.personnes UNION ALL SELECT count(*) FROM asso.users"))
    assert [row[0] for row in rows] == [2, 1]
    with pytest.raises(DBAPIError, match="read-only"):
        list(office.stream(text("SELECT 1 FROM asso.personnes FOR UPDATE")))
    assert enrol(office, "Zoé", "Z", Role.BENEVOLE)  # the connection went back as it was
