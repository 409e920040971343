"""Signing in: the same answer and the same work for everybody who fails."""

from functools import partial

import pytest
from sqlalchemy import text

from core import accounts, hashing, passwords, sessions
from core.errors import (
    MissingField,
    NotSignedIn,
    PasswordsDiffer,
    SamePassword,
    SessionEnded,
    TooManyAttempts,
    WeakPassword,
    WrongCredentials,
    WrongCurrentPassword,
)
from core.roles import Visitor
from tests.conftest import PASSWORD
from tests.core.meanwhile import begun
from tests.core.stopwatch import spread
from tests.core.test_invites import race

NEW = "Une autre phrase assez longue"


def fail(office, visitor, email, times):
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(office, visitor, email=email, password="faux")


def test_a_good_password_opens_a_session(office, marie, visitor):
    ticket = accounts.sign_in(office, visitor, email=" MARIE@Exemple.FR ", password=PASSWORD)
    token = sessions.open(office, visitor, ticket=ticket).token
    assert sessions.resume(office, visitor, token=token).user_id == marie.user_id


@pytest.mark.parametrize("email", ["marie@exemple.fr", "inconnue@exemple.fr", "pas une adresse", "", "a\0b"])
def test_every_failure_has_one_answer_and_is_audited(office, marie, visitor, deeds, email):
    fail(office, visitor, email, 1)
    assert deeds()[-1] == ("sign_in", "refused")


@pytest.mark.parametrize("email", ["marie@exemple.fr", "inconnue@exemple.fr"])
def test_the_fifth_failure_makes_an_address_wait_known_or_not(office, marie, visitor, email):
    fail(office, visitor, email, 4)
    for _ in range(2):
        with pytest.raises(TooManyAttempts) as refused:
            accounts.sign_in(office, visitor, email=email, password=PASSWORD if _ else "faux")
        assert refused.value.retry_after.total_seconds() == 60


def test_the_delay_doubles_and_never_locks_for_good(office, marie, visitor, clock):
    fail(office, visitor, marie.email, 4)
    delays = []
    for number in range(8):
        with pytest.raises(TooManyAttempts) as refused:
            accounts.sign_in(office, Visitor(f"198.51.100.{number}", ""), email=marie.email, password="faux")
        delays.append(refused.value.retry_after.total_seconds() / 60)
        clock.time += refused.value.retry_after
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60]
    assert accounts.sign_in(office, Visitor("198.51.100.99", ""), email=marie.email, password=PASSWORD)


def test_a_success_forgets_the_failures_of_the_address(office, marie, visitor):
    fail(office, visitor, marie.email, 4)
    accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    fail(office, visitor, marie.email, 4)


def test_a_success_does_not_clear_the_failures_of_the_ip(office, marie, visitor):
    for number in range(9):
        fail(office, visitor, f"a{number}@exemple.fr", 1)
    accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    with pytest.raises(TooManyAttempts):
        accounts.sign_in(office, visitor, email="z@exemple.fr", password="faux")


def test_an_office_of_thirty_people_behind_one_address_can_sign_in(office, marie, visitor):
    for _ in range(30):
        assert accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)


def test_twelve_parallel_failures_count_as_twelve(office, marie):
    outcomes = race(
        12,
        lambda number: accounts.sign_in(office, Visitor(f"198.51.100.{number}", ""), email=marie.email, password="x"),
    )
    assert sum(isinstance(outcome, WrongCredentials) for outcome in outcomes) == 4


def test_an_address_with_a_sharp_s_signs_in(office, marie, visitor, database):
    database.run("UPDATE asso.users SET email = 'große.straße@exemple.fr'")
    assert accounts.sign_in(office, visitor, email="GROßE.Straße@exemple.fr", password=PASSWORD)


def test_a_suspended_account_cannot_sign_in(office, marie, visitor, database):
    database.run("UPDATE asso.users SET suspended_at = created_at")
    with pytest.raises(WrongCredentials):
        accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)


def replaced_meanwhile(office, actor, monkeypatch, slow):
    """Somebody takes the account back with the password NEW while hashing's `slow` works on the old one."""
    works, fresh = getattr(hashing, slow), hashing.hash_password(office, NEW)

    def slowly(*args):
        result = works(*args)
        monkeypatch.setattr(hashing, slow, works)
        with office.begin() as db:
            passwords.replace(db, office, actor.user_id, fresh)
        return result

    monkeypatch.setattr(hashing, slow, slowly)


@pytest.mark.parametrize("rehashed", [False, True])
def test_a_password_replaced_while_it_is_checked_opens_nothing(
    office, marie, visitor, monkeypatch, deeds, database, rehashed
):
    monkeypatch.setattr(hashing, "is_outdated", lambda *_: rehashed)
    replaced_meanwhile(office, marie, monkeypatch, "verify")
    with pytest.raises(WrongCredentials):
        accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    assert deeds()[-1] == ("sign_in", "refused")
    assert database.run("SELECT count(*) FROM asso.session_tickets") == [(0,)]
    assert accounts.sign_in(office, visitor, email=marie.email, password=NEW)


def test_a_password_under_an_old_cost_is_kept_under_todays(office, marie, visitor, monkeypatch):
    before = passwords.kept(office, marie)
    monkeypatch.setattr(hashing, "is_outdated", lambda *_: True)
    for _ in range(2):
        assert accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    assert passwords.kept(office, marie) != before


def test_a_password_replaced_while_another_is_chosen_stays(office, marie, visitor, monkeypatch):
    replaced_meanwhile(office, marie, monkeypatch, "hash_password")
    other = "Encore une autre phrase longue"
    with pytest.raises(WrongCurrentPassword):
        passwords.change(office, marie, current=PASSWORD, new=other, confirmation=other)
    assert accounts.sign_in(office, visitor, email=marie.email, password=NEW)


def test_a_sign_in_waits_for_who_takes_the_account_back(office, marie, visitor, database):
    fresh = hashing.hash_password(office, NEW)
    with office.begin() as db:
        db.execute(text("SELECT 1 FROM asso.users FOR NO KEY UPDATE"))
        entered = begun(database, lambda: accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD))
        passwords.replace(db, office, marie.user_id, fresh)
    assert isinstance(entered(), WrongCredentials)


def test_a_known_and_an_unknown_address_take_the_same_time(office, marie, clock):
    hashing.warm(office)

    def refused(email, number):
        clock.advance(minutes=10)
        fail(office, Visitor(f"198.51.{number // 250}.{number % 250}", ""), email, 1)

    addresses = ("marie@exemple.fr", "inconnue@exemple.fr")
    # At cost 4; the hash of cost 12 takes 100 times as long.
    assert spread([partial(refused, email) for email in addresses], rounds=60, bound=1.15) < 1.15


def test_changing_the_password_ends_every_session_and_opens_a_new_one(office, marie, visitor, deeds):
    elsewhere = sessions.open(
        office, visitor, ticket=accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    )
    ticket = passwords.change(office, marie, current=PASSWORD, new=NEW, confirmation=NEW)
    assert deeds()[-1] == ("password_changed", "done")
    fresh = sessions.open(office, visitor, ticket=ticket)
    assert sessions.resume(office, visitor, token=fresh.token).user_id == marie.user_id
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=elsewhere.token)
    assert accounts.sign_in(office, visitor, email=marie.email, password=NEW)


@pytest.mark.parametrize(
    ("current", "new", "confirmation", "refusal"),
    [
        ("", NEW, NEW, MissingField),
        (PASSWORD, "", "", MissingField),
        (PASSWORD, "court", "court", WeakPassword),
        (PASSWORD, NEW, NEW + "!", PasswordsDiffer),
        (PASSWORD, PASSWORD, PASSWORD, SamePassword),
        ("faux", NEW, NEW, WrongCurrentPassword),
    ],
)
def test_a_refused_change_keeps_the_password(office, marie, visitor, current, new, confirmation, refusal):
    with pytest.raises(refusal):
        passwords.change(office, marie, current=current, new=new, confirmation=confirmation)
    assert accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)


def test_five_wrong_current_passwords_make_the_change_wait(office, marie):
    for _ in range(4):
        with pytest.raises(WrongCurrentPassword):
            passwords.change(office, marie, current="faux", new=NEW, confirmation=NEW)
    for current in ("faux", PASSWORD):
        with pytest.raises(TooManyAttempts):
            passwords.change(office, marie, current=current, new=NEW, confirmation=NEW)


def test_long_accented_passwords_count_to_their_last_character(office):
    kept = hashing.hash_password(office, "é🐎" * 40 + "a")
    assert hashing.verify(office, "é🐎" * 40 + "a", kept)
    assert not hashing.verify(office, "é🐎" * 40 + "b", kept)
    assert kept.startswith("bcrypt-hmac-sha384:$2b$04$")


def test_a_password_is_the_same_however_its_accents_are_typed(office):
    assert hashing.verify(office, "e\u0301te\u0301", hashing.hash_password(office, "été"))


def test_a_hash_of_an_unknown_scheme_is_an_error_not_a_refusal(office):
    with pytest.raises(ValueError, match="unknown password scheme"):
        hashing.verify(office, "x", "md5:abc")


def test_mon_compte_shows_ones_own_identity_sessions_and_events(office, marie, karim):
    mine = accounts.overview(office, marie)
    assert (mine.email, mine.prenom, mine.telephone_1) == ("marie@exemple.fr", "Marie", "+33611223344")
    assert [(session.id, session.current) for session in mine.sessions] == [(marie.session_id, True)]
    assert [event.deed for event in mine.events] == ["session_opened"]


def test_an_unknown_ticket_opens_nothing(office, visitor):
    with pytest.raises(NotSignedIn):
        sessions.open(office, visitor, ticket="inventé")
