"""Google accounts: known by `sub` alone, never linked by an address, never a way around the second factor."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from core import audit, google, google_activation, google_flows, passwords, sessions
from core.errors import (
    AccessSuspended,
    EmailTaken,
    GoogleAlreadyLinked,
    GoogleEmailUnverified,
    GoogleInterrupted,
    GoogleNotConfigured,
    GoogleOtherDomain,
    GoogleTaken,
    LastWayIn,
    MissingField,
    OtherGoogleAccount,
    SecondFactorNeeded,
    SessionEnded,
    StepUpNeeded,
    TooManyAttempts,
    UnknownGoogleAccount,
    UnusableCode,
)
from core.google import Identity
from core.google_client import GoogleClient
from core.roles import Role
from tests.conftest import PASSWORD
from tests.core.meanwhile import begun
from tests.core.test_invites import race

BROWSER = "the cookie of a browser"
JEAN = Identity(sub="1001", email="jean@exemple.fr", email_verified=True)
MARIE = Identity(sub="2002", email="marie@gmail.com", email_verified=True)
CLIENT = GoogleClient("client", "secret")


@pytest.fixture
def office(office):
    """The same office, with Google."""
    return replace(office, settings=replace(office.settings, google=CLIENT))


def opened(office, visitor, ticket):
    return sessions.resume(office, visitor, token=sessions.open(office, visitor, ticket=ticket).token)


def flow_of(office, actor, begin=google_flows.begin_link, **words):
    """A visit to Google that the actor began, as it comes back."""
    return google_flows.come_back(office, browser=BROWSER, state=begin(office, actor, browser=BROWSER, **words))


def linked(office, actor, identity=MARIE):
    google.link(office, actor, flow=flow_of(office, actor), identity=identity)


def test_a_linked_account_signs_in(office, marie, visitor, deeds):
    linked(office, marie)
    actor = opened(office, visitor, google.sign_in(office, visitor, identity=MARIE))
    assert (actor.prenom, actor.role) == ("Marie", Role.ADMINISTRATEUR)
    assert deeds()[-2:] == [("google_sign_in", "done"), ("session_opened", "done")]


def test_an_unknown_account_is_refused_and_nothing_is_created(office, visitor, database, deeds):
    with pytest.raises(UnknownGoogleAccount):
        google.sign_in(office, visitor, identity=JEAN)
    assert database.run("SELECT count(*) FROM asso.users") == [(0,)]
    assert deeds() == [("google_sign_in", "refused")]


def test_the_same_address_links_nobody_v6_8_1_v10_5_2(office, marie, visitor):
    """Whoever gets hold of a Google account with Marie's address is not Marie."""
    with pytest.raises(UnknownGoogleAccount):
        google.sign_in(office, visitor, identity=replace(MARIE, email=marie.email))


def test_an_address_that_changes_at_google_changes_nothing_here_v10_5_2(office, marie, visitor):
    linked(office, marie)
    ticket = google.sign_in(office, visitor, identity=replace(MARIE, email="nouvelle@gmail.com"))
    assert opened(office, visitor, ticket).email == marie.email


@pytest.mark.parametrize("table", ["users SET suspended_at", "personnes SET archived_at"])
def test_a_suspended_access_stays_shut(office, marie, visitor, database, table):
    linked(office, marie)
    database.run(f"UPDATE asso.{table} = '2027-01-01'")
    with pytest.raises(AccessSuspended):
        google.sign_in(office, visitor, identity=MARIE)


def test_google_does_not_replace_the_second_factor_v6_3_4(office, marie, visitor, database):
    linked(office, marie)
    values = (str(marie.user_id), b"sealed", office.now(), office.now())
    database.run(
        "INSERT INTO asso.second_factors (user_id, sealed_seed, created_at, confirmed_at) VALUES (%s, %s, %s, %s)",
        *values,
    )
    with pytest.raises(SecondFactorNeeded) as refused:
        google.sign_in(office, visitor, identity=MARIE)
    assert refused.value.pending
    assert database.run("SELECT count(*) FROM asso.session_tickets") == [(0,)]
    assert database.run("SELECT method FROM asso.pending_sign_ins") == [("google",)]


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_google_has_not_checked_is_refused(office, marie, visitor, verified):
    linked(office, marie)
    with pytest.raises(GoogleEmailUnverified):
        google.sign_in(office, visitor, identity=replace(MARIE, email_verified=verified))


@pytest.mark.parametrize("hd", [None, "ailleurs.org", "asso.org.evil.example"])
def test_with_a_domain_only_its_accounts_come_in(office, marie, visitor, hd):
    linked(office, marie)
    strict = replace(office, settings=replace(office.settings, google=replace(CLIENT, hd="asso.org")))
    with pytest.raises(GoogleOtherDomain):
        google.sign_in(strict, visitor, identity=replace(MARIE, hd=hd))
    assert google.sign_in(strict, visitor, identity=replace(MARIE, hd="asso.org"))


def test_a_code_makes_an_account_that_has_google_as_its_way_in(office, visitor, code, jean, database):
    actor = opened(office, visitor, google_activation.redeem(office, visitor, code=code, identity=JEAN))
    assert (actor.personne_id, actor.role, actor.email) == (jean, Role.BENEVOLE, "jean@exemple.fr")
    assert database.run("SELECT google_sub FROM asso.users WHERE password_hash IS NULL") == [("1001",)]
    assert opened(office, visitor, google.sign_in(office, visitor, identity=JEAN)).prenom == "Jean"


def test_a_used_code_is_dead(office, visitor, code):
    google_activation.redeem(office, visitor, code=code, identity=JEAN)
    with pytest.raises(UnusableCode):
        google_activation.redeem(office, visitor, code=code, identity=MARIE)


@pytest.mark.parametrize("deed", ["begin", "redeem"])
def test_ten_wrong_codes_an_hour_then_wait_also_with_google(office, visitor, code, clock, deed):
    def attempt(typed):
        if deed == "begin":
            return google_flows.begin_activation(office, visitor, browser=BROWSER, code=typed)
        return google_activation.redeem(office, visitor, code=typed, identity=JEAN)

    for _ in range(10):
        with pytest.raises(UnusableCode):
            attempt("ZDL-AAAAAA-AAAAA")
    with pytest.raises(TooManyAttempts) as refused:
        attempt(code)
    clock.time += refused.value.retry_after
    assert attempt(code)


def test_nobody_goes_to_google_with_a_wrong_code(office, visitor, database, deeds):
    with pytest.raises(UnusableCode):
        google_flows.begin_activation(office, visitor, browser=BROWSER, code="ZDL-AAAAAA-AAAAA")
    with pytest.raises(MissingField):
        google_flows.begin_activation(office, visitor, browser=BROWSER, code=" ")
    assert database.run("SELECT count(*) FROM asso.oidc_flows") == [(0,)]
    assert deeds() == [("invite_redeemed", "refused")]


def test_a_good_code_does_not_count_as_a_try(office, visitor, code, database):
    google_flows.begin_activation(office, visitor, browser=BROWSER, code=code)
    google_activation.redeem(office, visitor, code=code, identity=JEAN)
    assert set(database.run("SELECT hits FROM asso.rate_counters WHERE name LIKE 'code%'")) == {(0,)}


def test_an_address_that_has_an_access_is_not_taken_over_by_a_code(office, marie, visitor, code):
    with pytest.raises(EmailTaken):
        google_activation.redeem(office, visitor, code=code, identity=replace(JEAN, email="MARIE@exemple.fr"))


def test_a_google_account_has_one_access(office, marie, visitor, code):
    linked(office, marie, JEAN)
    with pytest.raises(GoogleTaken):
        google_activation.redeem(office, visitor, code=code, identity=JEAN)


def test_twenty_google_accounts_with_one_code_make_one_access(office, visitor, code, database):
    def redeem(number):
        identity = Identity(sub=f"{number}", email=f"jean{number}@exemple.fr", email_verified=True)
        asking = replace(visitor, ip=f"203.0.113.{number}")
        return google_activation.redeem(office, asking, code=code, identity=identity)

    outcomes = race(20, redeem)
    assert sum(isinstance(outcome, UnusableCode) for outcome in outcomes) == 19
    assert database.run("SELECT count(*) FROM asso.users WHERE google_sub IS NOT NULL") == [(1,)]


def test_linking_ends_the_other_sessions_and_keeps_this_one(office, marie, visitor, database):
    with office.begin() as db:
        other = sessions.issue_ticket(db, office, marie.user_id)
    token = sessions.open(office, visitor, ticket=other).token
    linked(office, marie)
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)
    assert database.run("SELECT closed_reason FROM asso.user_sessions ORDER BY closed_reason") == [
        ("credentials_changed",),
        (None,),
    ]


def test_a_mail_says_that_google_was_linked_and_unlinked(office, marie, letters):
    linked(office, marie)
    google.unlink(office, marie)
    assert {(letter.kind, letter.to) for letter in letters()} == {
        ("google_linked", marie.email),
        ("google_unlinked", marie.email),
    }


def test_linking_asks_to_prove_again_who_one_is_v7_5_1(office, marie, clock):
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        google_flows.begin_link(office, marie, browser=BROWSER)
    with pytest.raises(StepUpNeeded):
        google.unlink(office, marie)


def test_what_one_person_began_does_not_link_another(office, marie, karim):
    flow = flow_of(office, marie)
    with pytest.raises(GoogleInterrupted):
        google.link(office, karim, flow=flow, identity=JEAN)
    with pytest.raises(GoogleInterrupted):
        google.link(office, replace(marie, session_id=office.uuid()), flow=flow, identity=JEAN)
    assert not google.status(office, karim).linked


def test_a_google_account_that_is_somebodys_is_not_linked_twice(office, marie, karim, deeds):
    linked(office, marie)
    with pytest.raises(GoogleTaken):
        linked(office, karim)
    assert deeds()[-1] == ("google_linked", "refused")
    with pytest.raises(GoogleAlreadyLinked):
        linked(office, marie, JEAN)


def test_two_people_who_link_one_google_account_at_once_leave_it_to_one(office, marie, karim, database):
    flows = {actor: flow_of(office, actor) for actor in (marie, karim)}
    actors = list(flows)
    race(2, lambda number: google.link(office, actors[number], flow=flows[actors[number]], identity=JEAN))
    assert database.run("SELECT count(*) FROM asso.users WHERE google_sub = '1001'") == [(1,)]


def test_unlinking_leaves_the_password_and_shuts_google(office, marie, visitor, deeds):
    linked(office, marie)
    google.unlink(office, marie)
    google.unlink(office, marie)
    assert google.status(office, marie) == google.Status(linked=False, has_password=True)
    assert [deed for deed, _ in deeds()].count("google_unlinked") == 1
    with pytest.raises(UnknownGoogleAccount):
        google.sign_in(office, visitor, identity=MARIE)


def test_google_unlinked_meanwhile_opens_nothing(office, marie, visitor, database):
    linked(office, marie)
    with office.begin() as db:
        db.execute(text("UPDATE asso.users SET google_sub = NULL"))
        entered = begun(database, lambda: google.sign_in(office, visitor, identity=MARIE))
    assert isinstance(entered(), UnknownGoogleAccount)


def test_the_last_way_in_is_never_taken_away(office, visitor, code):
    jean = opened(office, visitor, google_activation.redeem(office, visitor, code=code, identity=JEAN))
    with pytest.raises(LastWayIn):
        google.unlink(office, jean)
    assert google.sign_in(office, visitor, identity=JEAN)


def test_who_has_google_only_has_no_password_to_guess(office, visitor, code):
    jean = opened(office, visitor, google_activation.redeem(office, visitor, code=code, identity=JEAN))
    assert google.status(office, jean) == google.Status(linked=True, has_password=False)
    assert passwords.kept(office, jean) is None
    with pytest.raises(passwords.WrongCurrentPassword):
        passwords.confirm(office, jean, PASSWORD, None, audit.Deed.STEPPED_UP)


def test_google_again_is_a_step_up_with_a_fresh_session_v7_2_4(office, marie, visitor, clock):
    linked(office, marie)
    clock.advance(minutes=11)
    flow = flow_of(office, marie, google_flows.begin_step_up, to="/mon_compte")
    fresh = opened(office, visitor, google.prove(office, marie, flow=flow, identity=MARIE))
    assert fresh.stepped_up_at == clock.time
    assert fresh.session_id != marie.session_id
    google.unlink(office, fresh)


def test_another_google_account_is_no_step_up(office, marie, karim, deeds):
    linked(office, marie)
    flow = flow_of(office, marie, google_flows.begin_step_up, to=None)
    with pytest.raises(OtherGoogleAccount):
        google.prove(office, marie, flow=flow, identity=JEAN)
    assert deeds()[-1] == ("stepped_up", "refused")
    with pytest.raises(GoogleInterrupted):
        google.prove(office, karim, flow=flow, identity=MARIE)


def test_without_google_in_the_settings_nothing_begins(office, marie, visitor):
    plain = replace(office, settings=replace(office.settings, google=None))
    with pytest.raises(GoogleNotConfigured):
        google_flows.begin_sign_in(plain, visitor, browser=BROWSER, to=None)
    with pytest.raises(GoogleNotConfigured):
        google.sign_in(plain, visitor, identity=MARIE)
