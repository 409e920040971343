"""Invitations of one person and of many: what became of a code, half-failures, prolongations."""

from uuid import UUID

import pytest

from core import codes, invitations, invite_mails, invites
from core.codes import InviteState
from core.errors import (
    AlreadyActivated,
    CodeAtFullLife,
    NoAddress,
    NoLiveCode,
    NotAllowed,
    NotFound,
    OtherCode,
    TooManyAttempts,
    UnusableCode,
)
from core.mails import MailState
from tests.conftest import PASSWORD, code_for, only


@pytest.fixture
def four(office, database, marie):
    """Four people without account, in the order of names; all but the last have an address."""
    rows = database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, email, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Nom' || n, 'Léa', 'bénévole', CASE WHEN n < 4 THEN 'lea' || n || '@exemple.fr' "
        'END, %s, %s FROM generate_series(1, 4) AS n RETURNING "ID_PERSONNE"',
        *[office.now()] * 2,
    )
    return [UUID(row[0]) for row in rows]


def activate(office, visitor, code, email="jean@exemple.fr"):
    invites.redeem(office, visitor, code=code, email=email, password=PASSWORD, confirmation=PASSWORD)


def state(office, actor, who):
    return invitations.state(office, actor, personne_id=who)


def whys(batch):
    return {failed.nom: type(failed.why) for failed in batch.failed}


def test_who_never_had_a_code_has_no_state(office, marie, jean):
    assert state(office, marie, jean) is None


def test_a_code_goes_from_waiting_to_expired(office, marie, jean, clock):
    code_for(office, marie, jean)
    seen = [state(office, marie, jean).state]
    for days in (5, 2):
        clock.advance(days=days)
        seen.append(state(office, marie, jean).state)
    assert seen == [InviteState.EN_ATTENTE, InviteState.BIENTOT, InviteState.EXPIRE]


def test_the_state_says_who_issued_it_and_what_became_of_the_mail(office, marie, jean, clock):
    invite_mails.send_new(office, marie, personne_id=jean, email="jean@exemple.fr")
    found = state(office, marie, jean)
    assert (found.issued_by, found.mail) == ("Marie Dupont", MailState.EN_ATTENTE)
    clock.advance(minutes=1)
    code_for(office, marie, jean)
    assert state(office, marie, jean).mail is None  # the mail held the code before


def test_a_used_code_is_activated_and_a_killed_one_revoked(office, marie, visitor, jean, four):
    activate(office, visitor, code_for(office, marie, jean).code)
    found = state(office, marie, jean)
    assert (found.state, found.redeemed_at) == (InviteState.ACTIVE, office.now())
    code_for(office, marie, four[0])
    invitations.revoke(office, marie, ids=[four[0]])
    assert state(office, marie, four[0]).state is InviteState.REVOQUE


def test_a_selection_gets_codes_and_says_who_got_none_and_why(office, marie, visitor, jean, four):
    activate(office, visitor, code_for(office, marie, jean).code)
    batch = invitations.issue(office, marie, ids=[*four, jean, office.uuid()])
    assert [one.nom for one in batch.done] == ["Nom1", "Nom2", "Nom3", "Nom4"]
    assert whys(batch) == {"Michel": AlreadyActivated, "": NotFound}
    activate(office, visitor, batch.done[3].code, email="lea@exemple.fr")


def test_a_new_code_of_a_selection_kills_the_old_one(office, marie, visitor, four):
    old, new = (invitations.issue(office, marie, ids=[four[0]]).done[0].code for _ in range(2))
    with pytest.raises(UnusableCode):
        activate(office, visitor, old)
    activate(office, visitor, new)


def test_a_fourth_new_code_in_a_day_waits_alone(office, marie, four):
    for _ in range(4):
        invitations.issue(office, marie, ids=[four[0]])
    batch = invitations.issue(office, marie, ids=four)
    assert [one.nom for one in batch.done] == ["Nom2", "Nom3", "Nom4"]
    assert whys(batch) == {"Nom1": TooManyAttempts}


def test_the_codes_of_a_selection_are_audited_one_by_one_without_any_code(office, marie, four, database):
    batch = invitations.issue(office, marie, ids=four)
    rows = database.run("SELECT personne_id::text, details::text FROM asso.audit_log WHERE deed = 'invite_issued'")
    assert {UUID(row[0]) for row in rows} == set(four)
    assert not any(one.code in row[1] for one in batch.done for row in rows)


def test_new_codes_are_mailed_to_the_addresses_of_the_fiches(office, marie, four, letters):
    batch = invite_mails.send_new_to_many(office, marie, ids=four)
    assert whys(batch) == {"Nom4": NoAddress}
    assert {letter.to for letter in letters()} == {"lea1@exemple.fr", "lea2@exemple.fr", "lea3@exemple.fr"}
    for one, letter in zip(batch.done, sorted(letters(), key=lambda letter: letter.to), strict=True):
        assert one.code in letter.text


def test_fifty_mails_a_day_are_enough_for_one_administrateur(office, marie, jean, four, database):
    invite_mails.send_new(office, marie, personne_id=jean, email="jean@exemple.fr")
    database.run("UPDATE asso.rate_counters SET hits = 48 WHERE name = 'invite_mails'")
    batch = invite_mails.send_new_to_many(office, marie, ids=four[:3])
    assert [one.nom for one in batch.done] == ["Nom1", "Nom2"]
    assert whys(batch) == {"Nom3": TooManyAttempts}
    assert state(office, marie, four[2]) is None


def test_a_code_is_prolonged_up_to_thirty_days_from_its_creation(office, marie, jean):
    first = code_for(office, marie, jean).expires_at
    ends = [only(invitations.extend_many(office, marie, ids=[jean])).expires_at for _ in range(4)]
    assert [(end - first).days for end in ends] == [7, 14, 21, 23]
    with pytest.raises(CodeAtFullLife):
        only(invitations.extend_many(office, marie, ids=[jean]))


def test_what_is_over_is_not_prolonged_but_can_be_put_away(office, marie, jean, clock):
    code_for(office, marie, jean)
    clock.advance(days=7)
    with pytest.raises(NoLiveCode):
        only(invitations.extend_many(office, marie, ids=[jean]))
    assert len(invitations.revoke(office, marie, ids=[jean]).done) == 1
    assert whys(invitations.revoke(office, marie, ids=[jean])) == {"Michel": NoLiveCode}


def test_a_selection_is_one_command_whatever_its_size(office, marie, four):
    for _ in range(30):
        invitations.revoke(office, marie, ids=four)
    with pytest.raises(TooManyAttempts):
        invitations.revoke(office, marie, ids=four)


DEEDS = (invitations.issue, invitations.revoke, invitations.extend_many, invite_mails.send_new_to_many)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_dead_code_that_is_chosen_leaves_the_live_one_alone(office, marie, four, clock, deed):
    code_for(office, marie, four[0])
    dead = state(office, marie, four[0]).id
    invitations.revoke(office, marie, ids=[four[0]], shown=[dead])
    clock.advance(minutes=1)
    code_for(office, marie, four[0])
    live = state(office, marie, four[0])
    assert whys(deed(office, marie, ids=[four[0]], shown=[dead])) == {"Nom1": OtherCode}
    assert state(office, marie, four[0]) == live


@pytest.mark.parametrize("deed", DEEDS)
def test_a_code_given_since_the_screen_was_drawn_is_left_alone(office, marie, four, clock, deed):
    invitations.issue(office, marie, ids=four[:2])
    shown = [state(office, marie, who).id for who in four[:2]]
    clock.advance(minutes=1)
    code_for(office, marie, four[0])
    renewed = state(office, marie, four[0])
    batch = deed(office, marie, ids=four[:2], shown=shown)
    assert ([one.nom for one in batch.done], whys(batch)) == (["Nom2"], {"Nom1": OtherCode})
    assert state(office, marie, four[0]) == renewed


def test_who_had_no_code_on_the_screen_keeps_the_one_given_since(office, marie, four):
    code_for(office, marie, four[0])
    assert whys(invitations.issue(office, marie, ids=four[:2], shown=[])) == {"Nom1": OtherCode}


def test_a_dead_code_that_is_chosen_is_no_live_one_but_can_be_replaced(office, marie, four):
    code_for(office, marie, four[0])
    dead = state(office, marie, four[0]).id
    invitations.revoke(office, marie, ids=[four[0]], shown=[dead])
    for deed in (invitations.revoke, invitations.extend_many):
        assert whys(deed(office, marie, ids=[four[0]], shown=[dead])) == {"Nom1": NoLiveCode}
    assert only(invitations.issue(office, marie, ids=[four[0]], shown=[dead])).code


@pytest.mark.parametrize(
    "deed",
    [
        lambda office, who: invitations.issue(office, who, ids=[]),
        lambda office, who: invitations.revoke(office, who, ids=[]),
        lambda office, who: invitations.extend_many(office, who, ids=[]),
        lambda office, who: invite_mails.send_new_to_many(office, who, ids=[]),
        lambda office, who: codes.page(office, who),
        lambda office, who: codes.count(office, who),
        lambda office, who: invitations.state(office, who, personne_id=who.personne_id),
    ],
)
def test_invitations_are_for_administrateurs(office, karim, deed):
    with pytest.raises(NotAllowed):
        deed(office, karim)


def listed(office, actor, **wanted):
    return [(row.nom, row.code.state) for row in codes.page(office, actor, **wanted).rows]


def test_the_list_leaves_out_replaced_codes_unless_asked(office, marie, jean, clock):
    code_for(office, marie, jean)
    clock.advance(hours=1)
    code_for(office, marie, jean)
    assert listed(office, marie) == [("Michel", InviteState.EN_ATTENTE)]
    assert listed(office, marie, state=InviteState.REMPLACE) == [("Michel", InviteState.REMPLACE)]


@pytest.mark.parametrize("wanted", list(InviteState))
def test_a_state_lists_its_codes_and_no_others(office, marie, visitor, jean, four, clock, wanted):
    invitations.issue(office, marie, ids=[four[0]])  # expired at the end
    clock.advance(days=7)
    invitations.issue(office, marie, ids=[four[1]])  # ends soon
    clock.advance(days=6)
    activate(office, visitor, code_for(office, marie, jean).code)
    invitations.issue(office, marie, ids=four[2:])
    invitations.revoke(office, marie, ids=[four[2]])
    clock.advance(hours=1)
    invitations.issue(office, marie, ids=[four[3]])
    assert {row.code.state for row in codes.page(office, marie, state=wanted).rows} == {wanted}


def test_the_list_searches_and_counts_and_leaves_out_the_archived(office, marie, four, database):
    invitations.issue(office, marie, ids=four)
    database.run("UPDATE asso.personnes SET archived_at = updated_at WHERE nom = 'Nom2'")
    found = codes.page(office, marie, size=2)
    assert (len(found.rows), found.total, found.capped) == (2, 3, False)
    assert codes.page(office, marie, page=9, size=2).total == 3
    assert codes.count(office, marie) == 3
    assert codes.count(office, marie, typed="nom3", state=InviteState.EN_ATTENTE) == 1
    assert codes.count(office, marie, state=InviteState.ACTIVE) == 0
    assert [nom for nom, _ in listed(office, marie, typed="lea nom3")] == ["Nom3"]
    assert [nom for nom, _ in listed(office, marie, typed="lea1@exemple")] == ["Nom1"]
