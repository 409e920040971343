"""The journal as a file: the words of the screen, safe in a spreadsheet, and an entry of its own."""

import csv

import pytest

from core import audit, downloads
from core.audit import Deed
from core.errors import NotAllowed
from core.journal_export import HEADER, KIND
from tests.core.test_personnes import create


def exported(office, actor, **wanted):
    path = downloads.prepare(office, actor, kind=KIND, wanted=wanted)
    fetched = downloads.fetch(office, actor, token=path.rpartition("/")[2])
    with fetched.content as content:
        return fetched, list(csv.reader(content.read().decode("utf-8-sig").splitlines(), delimiter=";"))


def test_what_is_shown_is_in_the_file_in_the_same_words(office, marie):
    create(office, marie, nom="Écolier", prenom="Élise")
    fetched, rows = exported(office, marie, type="personnes")
    assert fetched.file_name == "Journal 2026-11-21.csv"
    assert rows[0] == list(HEADER)
    assert rows[1][1:] == [
        "21/11/2026", "14:05:00", "Marie Dupont a créé la fiche d'Élise Écolier",
        "Personnes\u00a0: ajouts et changements", "fait", "Marie Dupont", "Élise Écolier", "203.0.113.7",
        "Rôle bénévole",
    ]  # fmt: skip


def test_a_name_that_looks_like_a_formula_stays_text(office, marie, database):
    create(office, marie, nom="Michel", prenom="=HYPERLINK")
    _, rows = exported(office, marie, type="personnes")
    assert rows[1][7] == "'=HYPERLINK Michel"


def test_the_export_is_an_entry_with_its_count_and_filters_but_no_name(office, marie, database):
    for _ in range(2):
        audit.record_alone(office, marie, Deed.PERSONNE_READ)
    exported(office, marie, auteur="dupont", type="consultations", refus="")
    last = database.run("SELECT deed, details FROM asso.audit_log ORDER BY seq DESC LIMIT 1")[0]
    assert last == ("journal_exported", {"count": 2, "type": "consultations", "recherche": True})


def test_only_administrateurs_take_it_away(office, karim):
    with pytest.raises(NotAllowed):
        exported(office, karim)
