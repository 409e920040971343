"""What stands in an exported file, to the byte, and what LibreOffice makes of it."""

import csv
import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import openpyxl
import pytest
import vobject

from core import export_csv, export_print, export_vcard, export_xlsx, print_page
from core.export_person import COLUMNS, Person, day, dialled
from tests.machine import needed

JEAN = Person(
    id=UUID(int=7),
    nom="Michel",
    prenom="Jean",
    role="bénévole",
    email="jean@exemple.fr",
    telephone_1="+33612345678",
    telephone_2="",
    note="",
    access="code envoyé",
    created_at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC),
    updated_at=datetime(2026, 11, 21, 13, 5, tzinfo=UTC),
)
OFFICE = SimpleNamespace(settings=SimpleNamespace(association="Zone de l'Aire"))
# Whatever spreadsheets like to change: zeros, signs, days, quotes, ends of lines, accents, words of XML.
ODD = [
    JEAN,
    replace(JEAN, nom="Œuvre, d’", prenom='Élise « Lili »; "É"', telephone_2="0123", note="deux\nlignes"),
    replace(JEAN, nom="0012", prenom="1/2", telephone_1="+3227371111", telephone_2="1111111111", note="1e5"),
    replace(JEAN, nom="<b>&amp;", prenom="_x0041_", email="", telephone_1="", note=" bords "),
]


def written(module, people, office=None):
    return b"".join(module.write(office, iter(people)))


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def shown(person):
    """The cells of a Personne as people read them."""
    return [
        f"{cell:%d/%m/%Y}" if not isinstance(cell, str) else cell for _, _, get in COLUMNS for cell in [get(person)]
    ]


def test_a_csv_is_what_a_french_excel_opens_at_the_first_click():
    content = written(export_csv, [JEAN])
    assert content.startswith("\ufeffNom;Prénom;Rôle;Email;Téléphone 1;".encode())
    assert content.decode().splitlines(keepends=True)[1] == (
        "Michel;Jean;Bénévole;jean@exemple.fr;06 12 34 56 78;;;Code envoyé;01/02/2026;21/11/2026\r\n"
    )


def test_a_csv_gives_back_every_character():
    assert lines(written(export_csv, ODD))[1:] == [shown(person) for person in ODD]


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_of_a_csv_is_a_formula(sign):
    cells = lines(written(export_csv, [replace(JEAN, nom=sign, note=sign)]))[1]
    assert (cells[0], cells[6]) == (f"'{sign}", f"'{sign}")


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+33800123456", "0 800 12 34 56"),
        ("+32470123456", "00 32 470 12 34 56"),
        ("+262692123456", "00 262 692 12 34 56"),
        ("012345", "01 23 45"),
        ("1111111111", "1111111111"),
        ("", ""),
    ],
)
def test_phones_are_text_for_every_spreadsheet(kept, text):
    assert dialled(kept) == text


def test_a_workbook_holds_text_days_widths_and_a_header_that_stays():
    sheet = openpyxl.load_workbook(io.BytesIO(written(export_xlsx, ODD))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=4, max_col=8)] == [
        [cell or None for cell in shown(person)[:8]] for person in ODD[:3]
    ]
    assert (sheet["E2"].number_format, sheet["I2"].value.date()) == ("@", day(JEAN.created_at))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:J5")
    assert sheet.column_dimensions["A"].width == 24


def test_a_workbook_drops_what_no_workbook_can_hold():
    sheet = openpyxl.load_workbook(io.BytesIO(written(export_xlsx, [replace(JEAN, note="a\x0bb\ufffe")]))).active
    assert sheet["G2"].value == "ab"


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory):
    """Convert a file as LibreOffice understands it; `how` are the filters of its command."""
    soffice, folder = needed("soffice"), tmp_path_factory.mktemp("libreoffice")

    def convert(name, content, to, *how):
        (folder / name).write_bytes(content)
        command = [soffice, f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", *how]
        command += ["--convert-to", to, "--outdir", str(folder / "out"), str(folder / name)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return next((folder / "out").glob(f"{name.partition('.')[0]}.*")).read_bytes()

    return convert


def test_libreoffice_opens_the_csv_as_it_was_exported(libreoffice):
    """Semicolons, quotes, UTF-8, French, and numbers and days recognised as on a double click."""
    how = "--infilter=CSV:59,34,76,1,,1036,false,true"
    sheet = openpyxl.load_workbook(io.BytesIO(libreoffice("a.csv", written(export_csv, ODD), "xlsx", how))).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=10)]
    assert found[0] == [title for title, _, _ in COLUMNS]
    assert [row[4] for row in found[1:]] == ["06 12 34 56 78", "06 12 34 56 78", "00 32 2 737 11 11", None]
    assert found[2][:2] == ["Œuvre, d’", 'Élise « Lili »; "É"']
    assert found[2][5:7] == ["01 23", "deux\nlignes"]
    assert found[1][8].date() == day(JEAN.created_at)


def test_libreoffice_opens_the_workbook_as_it_was_exported(libreoffice):
    """As a CSV in UTF-8, every cell as it is shown."""
    as_shown = "csv:Text - txt - csv (StarCalc):59,34,76,1,,1036,false,false,true"
    content = libreoffice("b.xlsx", written(export_xlsx, ODD), as_shown)
    assert lines(content) == [[title for title, _, _ in COLUMNS], *map(shown, ODD)]


def test_a_vcard_is_read_back_by_another_program():
    odd = replace(JEAN, nom="Œuvre; d’, ou\\", prenom="É" * 60, telephone_2="0123")
    first, second = vobject.readComponents(written(export_vcard, [JEAN, odd], OFFICE).decode())
    assert (first.version.value, first.fn.value, first.email.value) == ("4.0", "Jean Michel", "jean@exemple.fr")
    assert [tel.value for tel in second.tel_list] == ["+33612345678", "0123"]
    assert (second.n.value.family, second.n.value.given) == (odd.nom, odd.prenom)


def test_no_line_of_a_vcard_is_over_75_octets_or_cuts_a_character():
    long = replace(JEAN, prenom="É" * 90, note="privé", nom="a\nBEGIN:VCARD")
    content = written(export_vcard, [long], OFFICE)
    assert max(len(line) for line in content.split(b"\r\n")) == 75
    assert all(line.decode() for line in content.splitlines())
    assert content.count(b"\r\nBEGIN") == 0
    assert "privé" not in content.decode()


def test_a_sheet_to_sign_names_everybody_and_runs_nothing_of_theirs(office):
    page = written(export_print, [JEAN, replace(JEAN, nom="<script>alert(1)</script>")], office).decode()
    assert '<td class="numero">1</td><td>Michel</td><td>Jean</td><td></td>' in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("<script>") == page.count(print_page.SCRIPT) == 1
    assert "Liste du 21/11/2026." in page
    assert 'class="signature">Signature' in page
