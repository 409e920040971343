"""Invitations by mail and the screen « Courriels »: from a deed to its letter, and again."""

import re

import pytest
from sqlalchemy.exc import IntegrityError

from core import fiches, invitations, invite_mails, mails, outbox
from core.carriers import Reason, TemporaryFailure
from core.errors import (
    AlreadyActivated,
    CodeReplaced,
    InvalidEmail,
    NotAllowed,
    NotFound,
    NotSentAgain,
    TooManyAttempts,
)
from core.letter import Kind
from core.mails import MailState
from tests.conftest import code_for, only
from tests.core.test_invites import activate
from tests.core.test_merging import merge
from tests.core.test_trips import counter, far  # noqa: F401 (fixtures)
from tests.mail.test_letters import all_letters


def test_the_code_that_was_shown_is_the_one_mailed(office, marie, jean, code, postman, visitor, deeds):
    invite_mails.send(office, marie, personne_id=jean, code=code, email=" jean@EXEMPLE.fr ")
    outbox.send_due(office, postman)
    assert postman.carried[0].to == "jean@exemple.fr"
    assert f"activer_mon_acces?code={code}" in postman.carried[0].text
    assert deeds()[-1] == ("invite_mailed", "done")
    assert activate(office, visitor, code).prenom == "Jean"


def test_neither_the_address_nor_the_code_reaches_the_audit(office, marie, jean, code, database):
    invite_mails.send(office, marie, personne_id=jean, code=code, email="jean@exemple.fr")
    logged = str(database.run("SELECT string_agg(a::text, ' ') FROM asso.audit_log a"))
    assert "exemple" not in logged
    assert code not in logged


@pytest.mark.parametrize("dead", ["revoked", "replaced", "unknown", "expired", "of somebody else"])
def test_a_code_that_nobody_could_use_is_not_mailed(office, marie, karim, jean, code, clock, dead):
    if dead == "revoked":
        only(invitations.revoke(office, marie, ids=[jean]))
    if dead == "replaced":
        code_for(office, marie, jean)
    clock.advance(days=7 if dead == "expired" else 0)
    about = {"code": "ZDL-AAAAAA-AAAAA"} if dead == "unknown" else {"code": code}
    whose = karim.personne_id if dead == "of somebody else" else jean
    with pytest.raises(CodeReplaced):
        invite_mails.send(office, marie, personne_id=whose, email="jean@exemple.fr", **about)
    assert outbox.waiting(office) == 0


DEADLY = {
    "revoked": lambda office, marie, _karim, jean: invitations.revoke(office, marie, ids=[jean]),
    "replaced on paper": lambda office, marie, _karim, jean: invitations.issue(office, marie, ids=[jean]),
    "archived": lambda office, marie, _karim, jean: fiches.archive(office, marie, id=jean),
    "merged": lambda office, marie, karim, jean: merge(office, marie, karim.personne_id, jean),
}


@pytest.mark.parametrize("deed", DEADLY)
def test_a_code_that_dies_takes_its_letter_back(office, marie, karim, jean, double, post, postman, state, deed):
    invite_mails.send_new(office, marie, personne_id=jean, email="jean@exemple.fr")
    DEADLY[deed](office, marie, karim, jean)
    assert state() == ({"failed"}, "withdrawn")
    post("autre@exemple.fr", kind=Kind.NEW_DEVICE, personne_id=marie.personne_id)
    invite_mails.send_new(office, marie, personne_id=double, email="double@exemple.fr")
    assert outbox.send_due(office, postman) == 2
    assert {mail.to for mail in postman.carried} == {"autre@exemple.fr", "double@exemple.fr"}


def test_a_letter_that_was_taken_back_is_not_sent_again(office, marie, jean):
    invite_mails.send_new(office, marie, personne_id=jean, email="jean@exemple.fr")
    code_for(office, marie, jean)
    [taken] = mails.page(office, marie).rows
    assert (taken.reason, taken.can_be_sent_again) == ("withdrawn", False)
    with pytest.raises(NotSentAgain):
        mails.send_again(office, marie, id=taken.id, email="jean@exemple.fr")


@pytest.mark.parametrize("deed", DEADLY)
def test_what_is_sent_to_others_or_of_something_else_still_leaves(office, marie, karim, jean, double, post, deed):
    invite_mails.send_new(office, marie, personne_id=double, email="double@exemple.fr")
    post(kind=Kind.NEW_DEVICE, personne_id=jean)
    DEADLY[deed](office, marie, karim, jean)
    assert outbox.waiting(office) == 2


def test_the_reminder_of_a_dead_code_does_not_leave(office, marie, jean, post, code):
    post(kind=Kind.INVITE_REMINDER, personne_id=jean)
    invitations.revoke(office, marie, ids=[jean])
    assert outbox.waiting(office) == 0


@pytest.mark.parametrize("longer", ["keep", "drop"])
def test_of_two_merged_fiches_only_the_letter_with_the_code_that_stays_leaves(
    office, marie, jean, double, postman, longer
):
    people = {"keep": jean, "drop": double}
    for name, id in people.items():
        invite_mails.send_new(office, marie, personne_id=id, email=f"{name}@exemple.fr")
    invitations.extend_many(office, marie, ids=[people[longer]])
    merge(office, marie, jean, double)
    outbox.send_due(office, postman)
    assert [mail.to for mail in postman.carried] == [f"{longer}@exemple.fr"]


def test_a_deed_that_is_undone_takes_no_letter_back(office, marie, jean, database):
    invite_mails.send_new(office, marie, personne_id=jean, email="jean@exemple.fr")
    database.run("ALTER TABLE asso.audit_log ADD CONSTRAINT broken CHECK (deed <> 'invite_revoked')")
    try:
        with pytest.raises(IntegrityError):
            invitations.revoke(office, marie, ids=[jean])
    finally:
        database.run("ALTER TABLE asso.audit_log DROP CONSTRAINT broken")
    assert outbox.waiting(office) == 1


def test_a_bad_address_is_refused_before_anything(office, marie, jean, code):
    with pytest.raises(InvalidEmail):
        invite_mails.send(office, marie, personne_id=jean, code=code, email="jean")


def test_an_employee_mails_no_invitation(office, karim, jean, code):
    with pytest.raises(NotAllowed):
        invite_mails.send(office, karim, personne_id=jean, code=code, email="jean@exemple.fr")


def test_fifty_invitations_a_day_then_tomorrow(office, marie, jean, code, clock):
    for _ in range(50):
        invite_mails.send(office, marie, personne_id=jean, code=code, email="jean@exemple.fr")
        clock.advance(seconds=3)
    with pytest.raises(TooManyAttempts):
        invite_mails.send(office, marie, personne_id=jean, code=code, email="jean@exemple.fr")
    clock.advance(hours=24)
    invite_mails.send(office, marie, personne_id=jean, code=code, email="jean@exemple.fr")


@pytest.fixture
def mailed(office, marie, jean, code, postman):
    """Jean's invitation, sent; its number."""
    invite_mails.send(office, marie, personne_id=jean, code=code, email="faute@exemple.fr")
    outbox.send_due(office, postman)
    return mails.page(office, marie).rows[0].id


def test_the_list_names_people_and_states_but_no_content(office, marie, jean, mailed, code):
    page = mails.page(office, marie)
    row = page.rows[0]
    assert (page.total, row.kind, row.personne, row.state) == (1, "invitation", "Jean Michel", MailState.ACCEPTE)
    assert row.can_be_sent_again
    assert not any(word in str(page) for word in ("exemple.fr", code))


def test_the_list_is_for_administrateurs(office, karim, lucie):
    for actor in (karim, lucie):
        with pytest.raises(NotAllowed):
            mails.page(office, actor)


def test_a_state_can_be_looked_for_and_pages_follow_each_other(office, marie, post, postman, clock):
    for _ in range(3):
        post()
        clock.advance(minutes=1)
    postman.failures = [TemporaryFailure(Reason.UNREACHABLE)]
    outbox.send_due(office, postman)
    assert mails.page(office, marie, state=MailState.ECHEC_PROVISOIRE).total == 1
    assert mails.page(office, marie, state=MailState.EN_ATTENTE).total == 2
    assert len(mails.page(office, marie, page=2, size=2).rows) == 1
    assert mails.page(office, marie, page=9).total == 3


def test_the_list_and_a_mail_cost_few_trips(far, counter, marie, post, postman):  # noqa: F811
    post()
    counter.reset()
    mails.page(far, marie)
    assert counter.trips == 1
    outbox.send_due(far, postman, at_most=1)
    assert counter.trips == 4  # what is over, the claim, the record


def test_sending_again_makes_a_new_code_and_kills_the_old(office, marie, mailed, postman, visitor, code):
    mails.send_again(office, marie, id=mailed, email="jean@exemple.fr")
    outbox.send_due(office, postman)
    fresh = re.search(r"code=(ZDL-\w{6}-\w{5})", postman.carried[-1].text)[1]
    assert postman.carried[-1].to == "jean@exemple.fr"
    assert fresh != code
    assert activate(office, visitor, fresh).prenom == "Jean"


def test_an_activated_personne_is_not_invited_again(office, marie, mailed, visitor, code):
    activate(office, visitor, code)
    assert not mails.page(office, marie).rows[0].can_be_sent_again
    with pytest.raises(AlreadyActivated):
        mails.send_again(office, marie, id=mailed, email="jean@exemple.fr")


def test_a_fourth_new_code_in_a_day_waits_also_by_mail(office, marie, mailed):
    for _ in range(3):
        mails.send_again(office, marie, id=mailed, email="jean@exemple.fr")
    with pytest.raises(TooManyAttempts):
        mails.send_again(office, marie, id=mailed, email="jean@exemple.fr")


def test_a_notice_is_not_sent_again_by_somebody_else(office, marie, post, jean):
    post(personne_id=jean)
    row = mails.page(office, marie).rows[0]
    assert not row.can_be_sent_again
    with pytest.raises(NotSentAgain):
        mails.send_again(office, marie, id=row.id, email="jean@exemple.fr")
    with pytest.raises(NotFound):
        mails.send_again(office, marie, id=office.uuid(), email="jean@exemple.fr")


def test_every_letter_can_be_posted(office):
    with office.begin() as db:
        for letter in all_letters(office):
            outbox.post(db, office, letter, personne_id=None)
    assert outbox.waiting(office) == len(Kind)
