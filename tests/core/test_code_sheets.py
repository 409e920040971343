"""Codes on paper: once, while they are new, with what to do with them."""

from uuid import UUID

import pytest

from core import code_sheets, downloads, invitations
from core.errors import DownloadVoid, NotAllowed


@pytest.fixture
def issued(office, marie, jean, database):
    """Two new codes, one of somebody who has fun with names."""
    database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "VALUES (gen_random_uuid(), '<script>alert(1)</script>', 'Élise', 'bénévole', now(), now())"
    )
    rows = database.run("SELECT \"ID_PERSONNE\" FROM asso.personnes WHERE nom <> 'Dupont'")
    return invitations.issue(office, marie, ids=[UUID(row[0]) for row in rows]).done


def fetched(office, actor, address):
    with downloads.fetch(office, actor, token=address.rsplit("/", 1)[1]).content as content:
        return content.read().decode()


@pytest.mark.parametrize(("apart", "explained"), [(True, 2), (False, 1)])
def test_a_sheet_holds_each_code_and_what_to_do(office, marie, issued, apart, explained):
    sheet = fetched(office, marie, code_sheets.prepare(office, marie, issued=issued, apart=apart))
    assert all(one.code in sheet for one in issued)
    assert sheet.count("Choisissez «\u00a0Email") == explained
    assert sheet.count("/activer_mon_acces</p>") == explained
    assert sheet.count("<svg") == 2


def test_a_name_is_text_and_no_style_stands_on_an_element(office, marie, issued):
    sheet = fetched(office, marie, code_sheets.prepare(office, marie, issued=issued, apart=True))
    assert "<script>alert" not in sheet
    assert "style=" not in sheet
    assert "Élise &lt;script&gt;" in sheet


def test_a_sheet_is_fetched_once_and_audited_without_codes(office, marie, issued, database):
    address = code_sheets.prepare(office, marie, issued=issued, apart=False)
    fetched(office, marie, address)
    with pytest.raises(DownloadVoid):
        fetched(office, marie, address)
    assert database.run("SELECT details FROM asso.audit_log WHERE deed = 'codes_printed'") == [({"count": 2},)]


def test_codes_lie_nowhere_in_clear(office, marie, issued, database):
    code_sheets.prepare(office, marie, issued=issued, apart=False)
    kept = database.run("SELECT d::text, encode(d.sealed, 'escape') FROM asso.downloads d")[0]
    assert not any(one.code in column for one in issued for column in kept)


def test_sheets_are_for_administrateurs(office, karim):
    with pytest.raises(NotAllowed):
        code_sheets.prepare(office, karim, issued=(), apart=True)
