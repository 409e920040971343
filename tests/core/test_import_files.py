"""What an import gives back once: rows to correct, and codes, as a French Excel opens them."""

import pytest

from core import downloads, import_files, imports, journal, sheets
from core.errors import DownloadVoid, NotAllowed
from core.invites import Issued
from core.journal_details import in_words
from core.journal_sentences import sentence
from core.journal_words import Group
from tests.files import csv


def text_of(office, actor, address):
    fetched = downloads.fetch(office, actor, token=address.rpartition("/")[2])
    with fetched.content as content:
        return fetched.file_name, content.read()


def test_rows_to_correct_open_in_excel_and_serve_once(office, marie):
    address = import_files.rejected(office, marie, header=("Nom", "Tél", "Motif"), rows=[("Petit", "abc", "Pas bon.")])
    name, content = text_of(office, marie, address)
    assert name == "Lignes à corriger 2026-11-21.csv"
    assert content == "\ufeffNom;Tél;Motif\r\nPetit;abc;Pas bon.\r\n".encode()
    with pytest.raises(DownloadVoid):
        text_of(office, marie, address)


@pytest.mark.parametrize(("rows", "words"), [(1, "1 ligne rejetée d'un import"), (3, "3 lignes rejetées d'un import")])
def test_the_journal_calls_them_rejected_rows_and_not_people(office, marie, rows, words):
    text_of(office, marie, import_files.rejected(office, marie, header=("Nom",), rows=[("Petit",)] * rows))
    entry = journal.page(office, marie, journal.Wanted(group=Group.EXPORTS)).rows[0]
    assert sentence(entry) == f"Marie Dupont a exporté {words}"
    assert in_words(entry.details)["rejected_rows"] == ("Lignes rejetées d'un import", "oui")


def test_corrected_rows_go_in_again_with_their_international_numbers(office, marie):
    rows = [("Petit", "Jo", "+33612345678", "x")]
    address = import_files.rejected(office, marie, header=("Nom", "Prénom", "Tél", "Motif"), rows=rows)
    sheet = sheets.read("f.csv", text_of(office, marie, address)[1])
    [row] = imports.parse(office, marie, sheet, imports.mapping_for(office, marie, sheet))
    assert row.telephone_1 == "+33612345678"


def test_the_list_of_codes_is_for_those_who_issue_them(office, marie, karim, deeds):
    issued = [Issued(office.uuid(), "Petit", "Jo", "ZDL-7K3M9Q-X2V8D", office.now())]
    content = text_of(office, marie, import_files.codes(office, marie, issued=issued))[1].decode()
    assert "Petit;Jo;ZDL-7K3M9Q-X2V8D;21/11/2026" in content
    assert deeds()[-1] == ("codes_printed", "done")
    with pytest.raises(NotAllowed):
        import_files.codes(office, karim, issued=issued)


def test_a_benevole_gets_no_file(office, lucie):
    with pytest.raises(NotAllowed):
        import_files.rejected(office, lucie, header=(), rows=[])


def test_an_imported_list_of_codes_is_sealed_while_it_waits(office, marie, database):
    issued = [Issued(office.uuid(), "Petit", "Jo", "ZDL-7K3M9Q-X2V8D", office.now())]
    import_files.codes(office, marie, issued=issued)
    [(sealed, wanted)] = database.run("SELECT sealed, wanted::text FROM asso.downloads")
    assert b"7K3M9Q" not in bytes(sealed)
    assert "7K3M9Q" not in wanted


def test_columns_of_the_file_stay_in_their_order(office, marie):
    sheet = sheets.read("f.csv", csv("x,Durand,Léa", header="N°,Nom,Prénom"))
    assert imports.mapping_for(office, marie, sheet) == ("", "nom", "prenom")
