"""Files of people as rows of text: what is guessed, and what is refused before anything is read."""

import datetime
import struct
import zipfile
from io import BytesIO

import openpyxl
import pytest

from core import columns, sheets
from core.errors import (
    BrokenSheet,
    EmptySheet,
    FileTooBig,
    InflatedSheet,
    LockedSheet,
    NotASheet,
    NulBytes,
    TooManyRows,
)
from tests.files import FRENCH, book, real_files, repacked, saved

NAMES = ("Nom", "Prénom")


@pytest.mark.parametrize(("name", "content"), real_files(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_real_file_is_read_whole(name, content):
    read = sheets.read(name, content)
    mapping = columns.guess(read.header)
    assert {"nom", "prenom", "email", "telephone_1", "role"} <= set(mapping)
    first = dict(zip(mapping, read.below()[0][1], strict=True))
    assert (first["nom"], first["prenom"], first["telephone_1"]) == ("Garçon", "Abdelkader", "0222552295")


def test_a_title_above_the_header_is_passed_over_and_lines_are_those_of_excel():
    read = sheets.read("liste.csv", FRENCH.encode("cp1252"))
    assert read.heading == 2
    assert [line for line, _ in read.below()] == [4, 5, 6]
    assert read.below()[0][1][5] == 'a dit "oui"'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_usual_encoding_and_separator_is_guessed(encoding, separator):
    text = separator.join(NAMES) + "\r\n" + separator.join(("Œuvre", "Zoé")) + "\r\n"
    assert sheets.read("f.csv", text.encode(encoding)).rows == (NAMES, ("Œuvre", "Zoé"))


def test_the_separator_of_another_kind_inside_the_cells_misleads_nobody():
    read = sheets.read("f.csv", "Nom;Prénom;Note\nDurand;Léa;a, b, c, d\nPetit;Jo;e, f, g, h\n".encode())
    assert read.below()[0][1] == ("Durand", "Léa", "a, b, c, d")


def test_excel_may_announce_its_separator():
    assert sheets.read("f.csv", "sep=|\nNom|Prénom\nDurand|Léa".encode()).header == NAMES


def test_lines_of_any_length_and_line_breaks_in_quotes_are_kept():
    read = sheets.read("f.csv", b'nom,prenom,note\nDurand,Lea\nPetit,Jo,"a\nb",d,e\n')
    assert [row for _, row in read.below()] == [("Durand", "Lea", "", "", ""), ("Petit", "Jo", "a\nb", "d", "e")]


def test_without_a_known_header_there_is_none():
    read = sheets.read("f.csv", b"Durand,Lea\nPetit,Jo\n")
    assert read.heading is None
    assert [line for line, _ in read.below()] == [1, 2]
    assert [line for line, _ in read.headed(0).below()] == [2]


def test_a_workbook_is_text_whatever_its_cells_are():
    day = datetime.date(1951, 2, 3)
    read = sheets.read("f.xlsx", book(("Nom", "Tél", "Note", "Note"), ("Durand", 612345678, day, True), ("Petit", 1.5)))
    assert [row for _, row in read.below()] == [("Durand", "612345678", "03/02/1951", "VRAI"), ("Petit", "1.5", "", "")]


def test_a_formula_is_text_and_never_its_value():
    made = book(NAMES, ("Durand", "=1+1"), ("Petit", '=HYPERLINK("http://exemple.org","x")'))
    assert [row[1] for _, row in sheets.read("f.xlsx", made).below()] == [
        "=1+1",
        '=HYPERLINK("http://exemple.org","x")',
    ]


def test_an_array_formula_is_text_too():
    made = openpyxl.Workbook()
    made.active.append(NAMES)
    made.active["A2"] = openpyxl.worksheet.formula.ArrayFormula("A2:A3", "=SUM(B1:B2)")
    assert sheets.read("f.xlsx", saved(made)).below()[0][1][0].startswith("=")


def test_the_first_sheet_that_holds_something_is_taken_or_the_one_asked_for():
    made = book(title="Vide", Membres=[NAMES, ("Durand", "Léa")], Autres=[NAMES, ("Petit", "Jo")])
    read = sheets.read("f.xlsx", made)
    assert (read.sheets, read.sheet) == (("Vide", "Membres", "Autres"), "Membres")
    assert sheets.read("f.xlsx", made, sheet="Autres").below()[0][1] == ("Petit", "Jo")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"n" * (6 * 1024 * 1024), FileTooBig),
        (b"nom,prenom\nDur\0and,Lea\n", NulBytes),
        ("nom,prenom\nDur\0and,Lea\n".encode("utf-16"), NulBytes),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), NotASheet),
        (b"%PDF-1.7\n1 0 obj", NotASheet),
        (bytes(range(1, 256)) * 20, NotASheet),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, LockedSheet),
        (b"PK\x03\x04 not an archive", BrokenSheet),
        (b"", EmptySheet),
        (b" \n;;\n", EmptySheet),
        (b"\xef\xbb\xbf", EmptySheet),
        (b'nom,prenom\n"Durand,Lea\n', BrokenSheet),
        (b"," * 500 + b"\n", BrokenSheet),
        (b"a,b\n" * 60_001, TooManyRows),
        (b"\n" * 300_000 + b"a,b", TooManyRows),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_no_list_of_people_is_refused(content, refusal):
    with pytest.raises(refusal):
        sheets.read("liste.csv", content)


def test_an_archive_that_is_no_workbook_is_refused():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(NotASheet):
        sheets.read("f.xlsx", packed.getvalue())


LIMIT = 1_000_000


def bomb():
    return repacked(book(NAMES, ("Durand", "Léa")), sheet1=b" " * (LIMIT + 1))


@pytest.fixture
def guarded(monkeypatch):
    """A smaller limit, for the speed of the tests; nothing may be opened."""
    monkeypatch.setattr("core.sheet_xlsx.IMPORT_INFLATED", LIMIT)
    monkeypatch.setattr(openpyxl, "load_workbook", never)


def never(*_args, **_options):
    raise AssertionError("openpyxl was let near it")


def test_a_bomb_that_says_so_is_refused_before_it_is_opened(guarded):
    content = bomb()
    assert len(content) < 10_000
    with pytest.raises(InflatedSheet):
        sheets.read("f.xlsx", content)


def test_a_bomb_that_lies_about_its_size_is_refused_before_it_is_opened(guarded):
    true, small = struct.pack("<I", LIMIT + 1), struct.pack("<I", 100)
    with pytest.raises((InflatedSheet, BrokenSheet)):
        sheets.read("f.xlsx", bomb().replace(true, small))


def test_many_small_parts_that_unfold_to_much_are_counted_together(guarded):
    half = b" " * (LIMIT // 2 + 1)
    with pytest.raises(InflatedSheet):
        sheets.read("f.xlsx", repacked(book(NAMES), sheet1=half, styles=half))


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
)


@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles"])
@pytest.mark.parametrize("blanks", [0, 5000])
def test_entities_are_refused_wherever_they_stand(part, blanks):
    """Both by our look at the beginning and, further down, by defusedxml."""
    attack = ENTITIES.replace(b"?>", b"?>" + b" " * blanks, 1)
    with pytest.raises(BrokenSheet):
        sheets.read("f.xlsx", repacked(book(NAMES, ("Durand", "Léa")), **{part: attack}))


def test_declared_dimensions_fill_no_memory():
    made = book(NAMES, ("Durand", "Léa"))
    with zipfile.ZipFile(BytesIO(made)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    wide = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert wide != sheet
    assert len(sheets.read("f.xlsx", repacked(made, sheet1=wide)).rows) < 3


def test_too_many_rows_of_a_workbook_are_refused(monkeypatch):
    monkeypatch.setattr("core.sheet_xlsx.IMPORT_ROWS", 3)
    with pytest.raises(TooManyRows):
        sheets.read("f.xlsx", book(*[NAMES] * 10))


def test_a_broken_workbook_is_refused():
    with pytest.raises(BrokenSheet):
        sheets.read("f.xlsx", repacked(book(NAMES), sheet1=b"<worksheet><sheetData><row>"))


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("NOM", "nom"),
        ("Prénom(s)", "prenom"),
        ("Tél. portable", "telephone_1"),
        ("TEL FIXE", "telephone_2"),
        ("telephone1", "telephone_1"),
        ("E-mail", "email"),
        ("Adresse électronique", "email"),
        ("Statut", "role"),
        ("Remarques", "note"),
        ("Date de naissance", ""),
    ],
)
def test_columns_are_known_by_their_french_names(name, field):
    assert columns.guess([name]) == (field,)


def test_the_first_column_of_a_field_keeps_it():
    assert columns.guess(["Nom", "Nom", "Courriel", "Mail"]) == ("nom", "", "email", "")
