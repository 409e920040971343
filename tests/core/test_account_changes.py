"""Sensitive acts: proved again, announced by mail, ending what they must."""

import re

import pytest

from core import accounts, deletion, devices, email_changes, passwords, personnes, sessions, step_up
from core.errors import (
    EmailTaken,
    InvalidEmail,
    LastAdministrator,
    LinkVoid,
    NotFound,
    NotSignedIn,
    SessionEnded,
    StepUpNeeded,
    TooManyAttempts,
    WrongConfirmation,
    WrongCurrentPassword,
)
from core.personnes import Access
from core.roles import Role, Visitor
from tests.conftest import PASSWORD, enrol
from tests.core.test_invites import race

OTHER = "Une autre phrase assez longue"
PHONE = Visitor(ip="198.51.100.9", user_agent="Mozilla/5.0 (iPhone) Safari/605")


def sign_in(office, visitor, actor):
    ticket = accounts.sign_in(office, visitor, email=actor.email, password=PASSWORD)
    return sessions.open(office, visitor, ticket=ticket)


def test_a_proof_counts_for_ten_minutes(office, marie, visitor, clock):
    """ASVS V7.5.1."""
    clock.advance(minutes=10)
    step_up.require_recent(office, marie)
    clock.advance(seconds=1)
    with pytest.raises(StepUpNeeded):
        step_up.require_recent(office, marie)


def test_a_step_up_gives_a_new_session_and_ends_the_old_one(office, marie, visitor, clock, database):
    """ASVS V7.2.4."""
    token = sign_in(office, visitor, marie).token
    clock.advance(minutes=11)
    old = sessions.resume(office, visitor, token=token)
    ticket = step_up.by_password(office, old, password=PASSWORD)
    fresh = sessions.resume(office, visitor, token=sessions.open(office, visitor, ticket=ticket).token)
    step_up.require_recent(office, fresh)
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)


def test_a_wrong_password_is_no_proof_and_the_journal_says_of_what(office, marie, database):
    with pytest.raises(WrongCurrentPassword):
        step_up.by_password(office, marie, password="faux")
    with pytest.raises(WrongCurrentPassword):
        passwords.change(office, marie, current="faux", new=OTHER, confirmation=OTHER)
    last = database.run("SELECT deed, outcome, personne_id, details FROM asso.audit_log ORDER BY seq DESC LIMIT 2")
    known = (str(marie.personne_id), {"reason": "wrong_password"})
    assert last == [("password_changed", "refused", *known), ("stepped_up", "refused", *known)]


def link_of(letters, kind):
    return re.search(r"token=(\S+)", next(letter.text for letter in letters() if letter.kind == kind)).group(1)


def test_an_address_changes_once_its_new_owner_confirms(office, marie, visitor, letters):
    """ASVS V7.5.1, V7.4.3: confirmed from the new address, announced to the old one, every session ended."""
    token = sign_in(office, visitor, marie).token
    email_changes.request(office, marie, email="Marie.Nouvelle@exemple.fr")
    assert accounts.overview(office, marie).email == "marie@exemple.fr"
    email_changes.confirm(office, visitor, token=link_of(letters, "email_confirm"))
    assert accounts.overview(office, marie).email == "Marie.Nouvelle@exemple.fr"
    assert {letter.kind: letter.to for letter in letters()} == {
        "email_confirm": "Marie.Nouvelle@exemple.fr",
        "email_changed": "marie@exemple.fr",
    }
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)


def test_a_confirmation_works_once_within_a_day_and_for_the_last_request(office, marie, visitor, letters, clock):
    email_changes.request(office, marie, email="a@exemple.fr")
    first = link_of(letters, "email_confirm")
    email_changes.request(office, marie, email="b@exemple.fr")
    with pytest.raises(LinkVoid):
        email_changes.confirm(office, visitor, token=first)
    clock.advance(hours=24)
    for token in (first, "inventé"):
        with pytest.raises(LinkVoid):
            email_changes.confirm(office, visitor, token=token)


def test_the_address_of_another_account_is_only_learned_by_its_owner(office, marie, karim, visitor, letters):
    email_changes.request(office, marie, email="KARIM@exemple.fr")
    with pytest.raises(EmailTaken):
        email_changes.confirm(office, visitor, token=link_of(letters, "email_confirm"))
    assert accounts.overview(office, marie).email == "marie@exemple.fr"


def test_an_address_change_asks_a_recent_proof_and_has_its_limit(office, marie, clock):
    with pytest.raises(InvalidEmail):
        email_changes.request(office, marie, email="pas une adresse")
    for number in range(3):
        email_changes.request(office, marie, email=f"a{number}@exemple.fr")
    with pytest.raises(TooManyAttempts):
        email_changes.request(office, marie, email="z@exemple.fr")
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        email_changes.request(office, marie, email="a@exemple.fr")


def test_deleting_an_account_erases_what_identifies_and_keeps_the_personne(
    office, marie, lucie, visitor, letters, database
):
    """ASVS V7.4.2."""
    token = sign_in(office, visitor, lucie).token
    deletion.delete_own_account(office, lucie, typed=" supprimer ")
    assert database.run("SELECT count(*) FROM asso.users WHERE email LIKE 'lucie%'") == [(0,)]
    assert personnes.get(office, marie, id=lucie.personne_id).access is Access.SANS_CODE
    assert [letter.to for letter in letters()] == ["lucie@exemple.fr"]
    with pytest.raises(NotSignedIn):
        sessions.resume(office, visitor, token=token)


def test_an_account_is_not_deleted_by_accident(office, marie, lucie, clock):
    with pytest.raises(WrongConfirmation):
        deletion.delete_own_account(office, lucie, typed="oui")
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        deletion.delete_own_account(office, lucie, typed="SUPPRIMER")


def test_the_last_administrateur_stays_even_when_two_leave_at_once(office, marie, database):
    """ASVS V2.3.4."""
    paul = enrol(office, "Paul", "Durand", Role.ADMINISTRATEUR)
    outcomes = race(2, lambda number: deletion.delete_own_account(office, (marie, paul)[number], typed="SUPPRIMER"))
    assert sum(isinstance(outcome, LastAdministrator) for outcome in outcomes) == 1
    assert database.run("SELECT count(*) FROM asso.users") == [(1,)]


def test_a_new_device_is_announced_at_most_once_per_quarter_of_an_hour(office, marie, letters, clock):
    opened = sign_in(office, PHONE, marie)
    assert opened.new_device
    assert not sign_in(office, PHONE, marie).new_device
    for _ in range(2):
        devices.announce(office, PHONE, opened.user_id)
    assert [letter.kind for letter in letters()] == ["new_device"]
    clock.advance(minutes=15)
    devices.announce(office, PHONE, opened.user_id)
    assert len(letters()) == 2


def test_it_was_not_me_ends_every_session(office, marie, visitor, letters):
    """ASVS V7.4.3."""
    token = sign_in(office, PHONE, marie)
    devices.announce(office, PHONE, token.user_id)
    link = re.search(r"compte=([\w-]+)&sceau=(\w+)", letters()[0].text)
    assert devices.disown(office, visitor, user_id=link.group(1), seal=link.group(2)) == 2
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token.token)


@pytest.mark.parametrize(("account", "seal"), [("pas un uuid", "00"), (None, "00")])
def test_a_forged_link_ends_nothing(office, marie, visitor, account, seal):
    with pytest.raises(LinkVoid):
        devices.disown(office, visitor, user_id=account or str(marie.user_id), seal=seal)


def test_one_device_is_signed_out_by_its_owner_only(office, marie, karim, visitor, clock):
    """ASVS V7.5.2."""
    theirs = sessions.resume(office, visitor, token=sign_in(office, visitor, karim).token)
    mine = sessions.resume(office, visitor, token=sign_in(office, visitor, marie).token)
    with pytest.raises(NotFound):
        devices.close(office, marie, session_id=theirs.session_id)
    devices.close(office, marie, session_id=mine.session_id)
    assert len(accounts.overview(office, marie).sessions) == 1
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        devices.close(office, marie, session_id=marie.session_id)
