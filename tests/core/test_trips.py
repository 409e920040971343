"""The database is 20 to 50 ms away: what a use case may cost is counted here, screens in tests/browser."""

from contextlib import closing
from dataclasses import replace

import psycopg2
import pytest
from sqlalchemy import text

from core import accounts, directory, google, invites, journal, personnes, requests, rights, second_step, sessions
from core.directory import Access, Wanted
from core.errors import SecondFactorNeeded, WrongCredentials
from core.google_client import GoogleClient
from db.engine import open_engine
from tests.conftest import PASSWORD, code_for, token_of
from tests.core.phone import enrol
from tests.trips import TripCounter


@pytest.fixture
def counter(database):
    opened = TripCounter(database.server.socket_dir / ".s.PGSQL.5432")
    yield opened
    opened.close()


@pytest.fixture
def far(office, counter, database):
    """The same office, its database behind the counter, one connection open."""
    engine = open_engine(counter.url(database.url()), pool_size=1)
    far = replace(office, engine=engine)
    far.ask(sessions._RESUME, token_hash=b"", touch=False, **sessions.open_values(office))
    counter.reset()
    yield far
    engine.dispose()


def test_a_session_check_is_one_trip(far, counter, marie, visitor):
    with pytest.raises(sessions.NotSignedIn):
        sessions.resume(far, visitor, token="unknown")
    assert counter.trips == 1


def test_counting_a_request_is_one_trip_and_another_to_know_whose_it_is(far, office, counter, marie, visitor):
    token = token_of(office, marie)
    requests.count(far, visitor, token=None)
    assert counter.trips == 1
    assert requests.count(far, visitor, token=token).user_id == marie.user_id
    assert counter.trips == 3


def test_the_data_of_a_screen_is_one_trip(far, counter, marie):
    wanted = Wanted("dupont", access=(Access.ACTIVE,), sort="modification")
    screens = (
        lambda: directory.page(far, marie, wanted),
        lambda: accounts.overview(far, marie),
        lambda: journal.page(far, marie, journal.Wanted(author="marie", refused=True)),
        lambda: rights.review(far, marie),
    )
    for screen in screens:
        counter.reset()
        screen()
        assert counter.trips == 1


def test_reading_a_fiche_and_its_audit_is_one_trip(far, counter, marie, jean):
    personnes.get(far, marie, id=jean)
    assert counter.trips == 1


def test_a_sign_in_is_three_trips(far, counter, marie, visitor):
    ticket = accounts.sign_in(far, visitor, email=marie.email, password=PASSWORD)
    sessions.open(far, visitor, ticket=ticket)
    assert counter.trips == 3


def test_a_failed_sign_in_is_two_trips_for_a_known_and_an_unknown_address(far, counter, marie, visitor):
    for address in (marie.email, "inconnue@exemple.fr"):
        counter.reset()
        with pytest.raises(WrongCredentials):
            accounts.sign_in(far, visitor, email=address, password="faux")
        assert counter.trips == 2


def test_a_sign_in_with_google_is_two_trips_and_the_session_one(far, counter, marie, visitor):
    far.ask(text("UPDATE asso.users SET google_sub = '2002'"))
    google_too = replace(far, settings=replace(far.settings, google=GoogleClient("client", "secret")))
    counter.reset()
    identity = google.Identity(sub="2002", email="marie@gmail.com", email_verified=True)
    sessions.open(far, visitor, ticket=google.sign_in(google_too, visitor, identity=identity))
    assert counter.trips == 3


def test_creating_a_personne_with_its_code_is_six_trips(far, counter, marie):
    personnes.create(far, marie, id=far.uuid(), nom="Michel", prenom="Jean", with_code=True)
    assert counter.trips <= 6


def test_activating_is_at_most_eight_trips(far, counter, marie, jean, visitor):
    code = code_for(far, marie, jean).code
    counter.reset()
    invites.redeem(far, visitor, code=code, email="j@exemple.fr", password=PASSWORD, confirmation=PASSWORD)
    assert counter.trips <= 8


def test_a_sign_in_with_a_second_factor_is_seven_trips(far, office, counter, marie, visitor, clock):
    """The budget is ten in all."""
    phone = enrol(office, marie, clock).phone
    counter.reset()
    with pytest.raises(SecondFactorNeeded) as needed:
        accounts.sign_in(far, visitor, email=marie.email, password=PASSWORD)
    ticket = second_step.finish(far, visitor, pending=needed.value.pending, code=phone.code())
    sessions.open(far, visitor, ticket=ticket)
    assert counter.trips == 7


def test_a_sign_in_with_a_recovery_code_is_at_most_twelve_trips(far, office, counter, marie, visitor, clock):
    code = enrol(office, marie, clock).recovery_codes[0]
    counter.reset()
    with pytest.raises(SecondFactorNeeded) as needed:
        accounts.sign_in(far, visitor, email=marie.email, password=PASSWORD)
    sessions.open(far, visitor, ticket=second_step.finish(far, visitor, pending=needed.value.pending, code=code))
    assert counter.trips <= 12


def test_opening_a_connection_is_counted_apart(counter, database):
    with closing(psycopg2.connect(counter.url(database.url()).replace("+psycopg2", ""))) as connection:
        assert (counter.connections, counter.trips) == (1, 0)
        connection.autocommit = True
        connection.cursor().execute("SELECT 1")
        assert (counter.connections, counter.trips) == (1, 1)
