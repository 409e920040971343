"""What was asked by mail for an account ends with whatever takes the account back."""

import pytest
from sqlalchemy import text

from core import accounts, devices, email_changes, factor_reset, first_password, mailed_links, passwords, resets
from core.errors import LinkVoid, ResetVoid, WrongOtp
from tests.conftest import PASSWORD
from tests.core.meanwhile import begun
from tests.core.phone import enrol
from tests.core.test_account_changes import link_of
from tests.core.test_resets import NEW, ask, finish


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """No floor under the answers to those who ask."""
    monkeypatch.setattr(resets, "FLOOR", 0.0)


def changes_password(office, karim, **_):
    passwords.change(office, karim, current=PASSWORD, new=NEW, confirmation=NEW)


def chooses_a_first_password(office, karim, **_):
    office.ask(text("UPDATE asso.users SET password_hash = NULL, google_sub = 'g' WHERE id = :id"), id=karim.user_id)
    first_password.choose(office, karim, new=NEW, confirmation=NEW)


def says_it_was_not_me(office, karim, visitor, **_):
    devices.disown(office, visitor, user_id=str(karim.user_id), seal=devices._seal(office, karim.user_id))


def loses_the_telephone(office, karim, marie, clock, **_):
    enrol(office, karim, clock)
    factor_reset.reset_for(office, marie, personne_id=karim.personne_id)


WAYS = [changes_password, chooses_a_first_password, says_it_was_not_me, loses_the_telephone]


@pytest.fixture
def people(office, marie, karim, visitor, clock):
    return {"office": office, "marie": marie, "karim": karim, "visitor": visitor, "clock": clock}


@pytest.mark.parametrize("way", WAYS)
def test_another_address_that_waits_is_forgotten_v7_4_3(office, karim, people, visitor, letters, way):
    email_changes.request(office, karim, email="intrus@exemple.fr")
    link = link_of(letters, "email_confirm")
    way(**people)
    with pytest.raises(LinkVoid):
        email_changes.confirm(office, visitor, token=link)
    assert accounts.overview(office, karim).email == "karim@exemple.fr"


@pytest.mark.parametrize("way", WAYS)
def test_a_reset_that_waits_is_void(office, karim, people, visitor, letters, way):
    handle, token, otp = ask(office, visitor, letters, karim.email)
    way(**people)
    for key in (handle, token):
        with pytest.raises((ResetVoid, WrongOtp)):
            finish(office, visitor, key, otp, new="Une tout autre phrase encore")


def test_a_reset_forgets_another_address_that_waits(office, karim, visitor, letters, clock):
    email_changes.request(office, karim, email="intrus@exemple.fr")
    link = link_of(letters, "email_confirm")
    clock.advance(seconds=1)  # so that its mail is the last one
    handle, _, otp = ask(office, visitor, letters, karim.email)
    finish(office, visitor, handle, otp)
    with pytest.raises(LinkVoid):
        email_changes.confirm(office, visitor, token=link)


def test_a_reset_mailed_to_the_old_address_is_void_once_the_address_has_changed(office, karim, visitor, letters, clock):
    email_changes.request(office, karim, email="nouvelle@exemple.fr")
    link = link_of(letters, "email_confirm")
    clock.advance(seconds=1)  # so that its mail is the last one
    handle, _, otp = ask(office, visitor, letters, karim.email)
    email_changes.confirm(office, visitor, token=link)
    with pytest.raises((ResetVoid, WrongOtp)):
        finish(office, visitor, handle, otp)


def test_the_links_of_others_stay(office, marie, karim, visitor, letters):
    email_changes.request(office, karim, email="nouvelle@exemple.fr")
    with office.begin() as db:
        mailed_links.end(db, office, marie.user_id)
    email_changes.confirm(office, visitor, token=link_of(letters, "email_confirm"))


def held(db):
    db.execute(text("SELECT 1 FROM asso.users FOR NO KEY UPDATE"))


def test_a_confirmation_waits_for_who_takes_the_account_back(office, karim, database, visitor, letters):
    email_changes.request(office, karim, email="intrus@exemple.fr")
    link = link_of(letters, "email_confirm")
    with office.begin() as db:
        held(db)
        confirmed = begun(database, lambda: email_changes.confirm(office, visitor, token=link))
        mailed_links.end(db, office, karim.user_id)
    assert isinstance(confirmed(), LinkVoid)


def test_a_reset_waits_for_who_takes_the_account_back(office, karim, database, visitor, letters):
    handle, _, otp = ask(office, visitor, letters, karim.email)
    with office.begin() as db:
        held(db)
        done = begun(database, lambda: finish(office, visitor, handle, otp))
        mailed_links.end(db, office, karim.user_id)
    assert isinstance(done(), ResetVoid)
