"""« Vérifier l'intégrité »: the verdict of the walk in portions is that of the walk in one statement."""

from datetime import timedelta

import pytest

from core import audit, audit_check
from core.audit import Deed
from core.errors import NotAllowed, TooManyAttempts
from tests.core.test_audit import APPENDED, REHASHED, TAMPER

TAMPERINGS = {
    "UPDATE asso.audit_log SET ip = 'autre' WHERE seq = 4": 4,
    "UPDATE asso.audit_log SET at = at + interval '1 microsecond' WHERE seq = 9": 9,
    REHASHED: 3,
    "DELETE FROM asso.audit_log WHERE seq = 6": 6,
    "DELETE FROM asso.audit_log WHERE seq = 1": 1,
    "DELETE FROM asso.audit_log WHERE seq > 7": 8,
    "DELETE FROM asso.audit_log": 1,
    APPENDED: 10,
    "UPDATE asso.audit_log SET seq = 0 WHERE seq = 1": 1,
    "UPDATE asso.audit_head SET digest = decode(repeat('11', 32), 'hex')": 9,
    "SELECT 1": None,
}


@pytest.fixture
def nine(office, marie, clock):
    """Nine lines in the log, an hour apart."""
    for _ in range(8):
        clock.advance(hours=1)
        audit.record_alone(office, marie, Deed.PERSONNE_READ)


def verify(office, actor):
    return audit_check.verify(office, actor, progress=lambda checked, rows: None)


@pytest.mark.parametrize("portion", [3, 9, 10_000])
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_the_verdict_is_that_of_one_statement(office, marie, nine, database, monkeypatch, portion, tampering):
    monkeypatch.setattr(audit_check, "JOURNAL_CHECKED_AT_ONCE", portion)
    database.run(TAMPER + tampering)
    whole = audit.verify(office)
    assert whole.first_altered == TAMPERINGS[tampering]
    found = verify(office, marie)
    assert (found.rows, found.first_altered) == (whole.rows, whole.first_altered)


def test_the_first_altered_line_comes_with_its_date(office, marie, nine, database, clock):
    database.run(TAMPER + "UPDATE asso.audit_log SET ip = 'autre' WHERE seq >= 4")
    assert verify(office, marie).at == clock.time - timedelta(hours=5)


@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_missing_line_has_no_date(office, marie, nine, database, number):
    database.run(TAMPER + f"DELETE FROM asso.audit_log WHERE seq = {number}")
    found = verify(office, marie)
    assert (found.first_altered, found.at) == (number, None)


def test_it_says_how_far_it_is(office, marie, nine, monkeypatch):
    monkeypatch.setattr(audit_check, "JOURNAL_CHECKED_AT_ONCE", 4)
    heard = []
    audit_check.verify(office, marie, progress=lambda *far: heard.append(far))
    assert heard == [(4, 9), (8, 9), (9, 9)]


def test_lines_that_arrive_meanwhile_are_no_alteration(office, marie, nine, monkeypatch):
    monkeypatch.setattr(audit_check, "JOURNAL_CHECKED_AT_ONCE", 4)
    arriving = lambda checked, rows: checked < 9 and audit.record_alone(office, marie, Deed.PERSONNE_READ)  # noqa: E731
    assert audit_check.verify(office, marie, progress=arriving).first_altered is None


def test_the_check_is_an_entry_itself(office, marie, nine, database):
    verify(office, marie)
    last = database.run("SELECT deed, details FROM asso.audit_log ORDER BY seq DESC LIMIT 1")[0]
    assert last == ("journal_checked", {"rows": 9, "first_altered": None})


def test_only_administrateurs_check_it_and_not_endlessly(office, marie, karim):
    with pytest.raises(NotAllowed):
        verify(office, karim)
    for _ in range(30):
        verify(office, marie)
    with pytest.raises(TooManyAttempts):
        verify(office, marie)
