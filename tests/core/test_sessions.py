"""Sessions: opened once, read at each run, ended by time, by hand and by others."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text

from core import accounts, second_step, sessions, step_up
from core.errors import NotSignedIn, SecondFactorNeeded, SessionEnded, SignInOver
from core.roles import Role
from tests.conftest import PASSWORD
from tests.core.meanwhile import begun
from tests.core.phone import enrol
from tests.core.test_invites import race


def sign_in(office, visitor, actor):
    return accounts.sign_in(office, visitor, email=actor.email, password=PASSWORD)


@pytest.fixture
def token(office, visitor, marie):
    return sessions.open(office, visitor, ticket=sign_in(office, visitor, marie)).token


def why_ended(office, visitor, token):
    with pytest.raises(SessionEnded) as ended:
        sessions.resume(office, visitor, token=token)
    return ended.value.reason


def test_a_ticket_works_once_among_twenty(office, visitor, marie):
    ticket = sign_in(office, visitor, marie)
    outcomes = race(20, lambda number: sessions.open(office, visitor, ticket=ticket))
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == 19


def test_a_ticket_lives_thirty_seconds(office, visitor, marie, clock):
    ticket = sign_in(office, visitor, marie)
    clock.advance(seconds=30)
    with pytest.raises(NotSignedIn):
        sessions.open(office, visitor, ticket=ticket)


def test_only_digests_of_tickets_and_tokens_are_kept(office, visitor, marie, database, token):
    ticket = sign_in(office, visitor, marie)
    kept = str(
        database.run("SELECT ticket_hash FROM asso.session_tickets UNION SELECT token_hash FROM asso.user_sessions")
    )
    assert ticket not in kept
    assert token not in kept


def test_an_unknown_cookie_is_nobody(office, visitor):
    with pytest.raises(NotSignedIn):
        sessions.resume(office, visitor, token="inventé")


def test_an_administrateur_is_out_after_fifteen_idle_minutes(office, visitor, token, clock):
    clock.advance(minutes=14, seconds=59)
    sessions.resume(office, visitor, token=token)
    clock.advance(minutes=15)
    assert why_ended(office, visitor, token) == "idle"


def test_others_are_out_after_thirty_idle_minutes(office, visitor, lucie, clock):
    token = sessions.open(office, visitor, ticket=sign_in(office, visitor, lucie)).token
    clock.advance(minutes=29)
    sessions.resume(office, visitor, token=token)
    clock.advance(minutes=30)
    assert why_ended(office, visitor, token) == "idle"


def test_a_heartbeat_keeps_nobody_signed_in(office, visitor, token, clock):
    for _ in range(14):
        clock.advance(minutes=1)
        sessions.resume(office, visitor, token=token, touch=False)
    clock.advance(minutes=1)
    assert why_ended(office, visitor, token) == "idle"


def test_everybody_is_out_after_eight_hours(office, visitor, token, clock):
    for _ in range(8 * 6 - 1):
        clock.advance(minutes=10)
        sessions.resume(office, visitor, token=token)
    clock.advance(minutes=10)
    assert why_ended(office, visitor, token) == "expired"


def test_an_ended_session_stays_ended_when_the_clock_goes_back(office, visitor, token, clock):
    sessions.close_by_token(office, visitor, token=token)
    clock.advance(minutes=-1)
    assert why_ended(office, visitor, token) == "closed"


def test_a_role_changed_in_the_database_counts_at_the_next_run(office, visitor, token, database):
    database.run("UPDATE asso.personnes SET role = 'bénévole'")
    assert sessions.resume(office, visitor, token=token).role is Role.BENEVOLE


@pytest.mark.parametrize(
    "statement",
    ["UPDATE asso.users SET suspended_at = created_at", "UPDATE asso.personnes SET archived_at = created_at"],
)
def test_who_is_suspended_or_archived_is_out_at_once(office, visitor, token, database, statement):
    database.run(statement)
    assert why_ended(office, visitor, token) == "closed"


def test_signing_out_twice_is_no_error_and_one_event(office, visitor, token, deeds):
    for _ in range(2):
        sessions.close_by_token(office, visitor, token=token)
    assert why_ended(office, visitor, token) == "closed"
    assert deeds().count(("session_closed", "done")) == 1


def test_an_actor_signs_out(office, visitor, token):
    sessions.close(office, sessions.resume(office, visitor, token=token))
    assert why_ended(office, visitor, token) == "closed"


def test_a_sixth_device_puts_the_first_one_out(office, visitor, marie, token, clock):
    others = []
    for _ in range(5):
        clock.advance(seconds=1)
        others.append(sessions.open(office, visitor, ticket=sign_in(office, visitor, marie)).token)
    assert why_ended(office, visitor, token) == "closed"
    for other in others:
        sessions.resume(office, visitor, token=other)


def test_ten_sessions_opened_at_once_leave_five_open(office, visitor, marie, clock):
    clock.advance(seconds=1)
    tickets = [sign_in(office, visitor, marie) for _ in range(10)]
    opened = race(10, lambda number: sessions.open(office, visitor, ticket=tickets[number]))
    answers = race(10, lambda number: sessions.resume(office, visitor, token=opened[number].token))
    assert sum(isinstance(answer, SessionEnded) for answer in answers) == 5


def test_the_other_devices_are_signed_out_and_this_one_stays(office, visitor, marie, token):
    actor = sessions.resume(office, visitor, token=token)
    assert sessions.close_others(office, actor) == 1  # Marie's first session
    assert sessions.resume(office, visitor, token=token).session_id == actor.session_id
    assert [session.current for session in accounts.overview(office, actor).sessions] == [True]


def ended_by(office, actor):
    with office.begin() as db:
        sessions.close_all(db, office, actor.user_id, reason="not_me")


def test_every_session_ends_with_the_tickets_and_steps_that_would_open_one_v7_4_3(office, visitor, marie, clock):
    ticket = sign_in(office, visitor, marie)
    ended_by(office, marie)
    with pytest.raises(NotSignedIn):
        sessions.open(office, visitor, ticket=ticket)
    phone = enrol(office, marie, clock).phone
    with pytest.raises(SecondFactorNeeded) as needed:
        sign_in(office, visitor, marie)
    ended_by(office, marie)
    with pytest.raises(SignInOver):
        second_step.finish(office, visitor, pending=needed.value.pending, code=phone.code())


def test_the_ticket_of_a_step_up_revives_no_session(office, visitor, marie, token):
    actor = sessions.resume(office, visitor, token=token)
    ticket = step_up.by_password(office, actor, password=PASSWORD)
    sessions.close(office, actor)
    with pytest.raises(NotSignedIn):
        sessions.open(office, visitor, ticket=ticket)


def test_a_ticket_waits_for_who_takes_the_account_back(office, visitor, marie, database):
    ticket = sign_in(office, visitor, marie)
    with office.begin() as db:
        db.execute(text("SELECT 1 FROM asso.users FOR NO KEY UPDATE"))
        opened = begun(database, lambda: sessions.open(office, visitor, ticket=ticket))
        sessions.close_all(db, office, marie.user_id, reason="not_me")
    assert isinstance(opened(), NotSignedIn)


def test_a_ticket_opens_a_session_although_the_fiche_is_merged_meanwhile(office, visitor, marie, jean, database):
    ticket = sign_in(office, visitor, marie)
    with office.begin() as db:
        db.execute(text("UPDATE asso.users SET personne_id = :jean"), {"jean": jean})
        opened = begun(database, lambda: sessions.open(office, visitor, ticket=ticket))
    assert sessions.resume(office, visitor, token=opened().token).personne_id == jean


def test_a_second_step_waits_for_who_takes_the_account_back(office, visitor, marie, clock, database):
    phone = enrol(office, marie, clock).phone
    with pytest.raises(SecondFactorNeeded) as needed:
        sign_in(office, visitor, marie)
    step = {"pending": needed.value.pending, "code": phone.code()}
    with office.begin() as db:
        db.execute(text("SELECT 1 FROM asso.users FOR UPDATE"))
        ticket = begun(database, lambda: second_step.finish(office, visitor, **step))
        sessions.close_all(db, office, marie.user_id, reason="not_me")
    assert isinstance(ticket(), SignInOver)


def test_a_session_that_is_just_opening_ends_with_the_others(office, visitor, marie, database):
    """Its ticket is used by a transaction that is not over: who ends every session waits, then sees the new one."""
    ticket = sign_in(office, visitor, marie)
    with office.begin() as db:
        within = SimpleNamespace(ask=lambda statement, **values: db.execute(statement, values).all())
        within.now, within.token, within.uuid = office.now, office.token, office.uuid
        opened = sessions.open(within, visitor, ticket=ticket)
        ended = begun(database, lambda: ended_by(office, marie))
    ended()
    assert why_ended(office, visitor, opened.token) == "closed"
