"""A fiche as a whole: its role, archive, restoration, erasure; the last administrateur stays whatever happens (T6)."""

import json
from dataclasses import replace
from zipfile import ZipFile

import pytest

from core import (
    account_measures,
    accounts,
    downloads,
    erasure,
    factor_reset,
    fiche_exports,
    fiches,
    personnes,
    sessions,
)
from core.errors import (
    FactorNotOn,
    FicheChanged,
    LastAdministrator,
    NoAccount,
    NotAllowed,
    NotFound,
    OwnFiche,
    OwnRole,
    RoleAboveOwn,
    SessionEnded,
    StepUpNeeded,
    UnusableCode,
    WrongConfirmation,
    WrongCredentials,
)
from core.personnes import Access
from core.roles import Duty, Role
from tests.conftest import PASSWORD, code_for, enrol
from tests.core.test_invites import activate, race


@pytest.fixture
def paul(office):
    return enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)


def resumed(office, visitor, database, actor):
    """What becomes of the open session of `actor`."""
    return database.run("SELECT closed_reason FROM asso.user_sessions WHERE id = %s", str(actor.session_id))[0][0]


def role_of(office, marie, id):
    return personnes.get(office, marie, id=id).role


def test_a_role_is_changed_with_what_it_was_in_audit_and_history(office, marie, karim, database):
    fiches.set_role(office, marie, id=karim.personne_id, role=Role.BENEVOLE)
    assert database.run("SELECT details FROM asso.audit_log WHERE deed = 'role_changed'") == [
        ({"from": "employé", "to": "bénévole"},)
    ]
    assert database.run("SELECT field, before, after FROM asso.personne_changes") == [("role", "employé", "bénévole")]


def test_a_changed_role_ends_the_sessions_of_its_holder(office, marie, karim, visitor, database):
    fiches.set_role(office, marie, id=karim.personne_id, role=Role.BENEVOLE)
    assert resumed(office, visitor, database, karim) == "role_changed"


def test_a_role_needs_a_fresh_proof(office, marie, karim, clock):
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        fiches.set_role(office, marie, id=karim.personne_id, role=Role.BENEVOLE)


def test_nobody_changes_the_own_role_and_the_attempt_is_audited(office, marie, deeds):
    with pytest.raises(OwnRole):
        fiches.set_role(office, marie, id=marie.personne_id, role=Role.EMPLOYE)
    assert deeds()[-1] == ("unauthorized_role_change_attempt", "refused")
    assert role_of(office, marie, marie.personne_id) is Role.ADMINISTRATEUR


def test_only_administrateurs_change_roles_and_the_attempt_is_audited(office, karim, jean, deeds):
    with pytest.raises(NotAllowed):
        fiches.set_role(office, karim, id=jean, role=Role.EMPLOYE)
    assert deeds()[-1] == ("unauthorized_role_change_attempt", "refused")


def test_a_role_is_not_changed_over_an_unseen_change(office, marie, jean):
    with pytest.raises(FicheChanged):
        fiches.set_role(office, marie, id=jean, role=Role.EMPLOYE, version=7)


def test_a_wanted_role_waits_for_a_proof_under_the_seal_of_who_wanted_it(office, marie, paul, jean, karim):
    seal = fiches.seal_wish(office, marie, id=jean, role=Role.ADMINISTRATEUR)
    wish = {"role": "administrateur", "seal": seal}
    assert fiches.wish(office, marie, id=jean, **wish) is Role.ADMINISTRATEUR
    assert fiches.wish(office, paul, id=jean, **wish) is None
    assert fiches.wish(office, marie, id=karim.personne_id, **wish) is None
    for forged in ({"role": "employé"}, {"role": "roi"}, {"seal": ""}, {"seal": "0" * 64}, {"seal": "é"}):
        assert fiches.wish(office, marie, id=jean, **wish | forged) is None


def test_an_employe_has_no_role_to_wish_for(office, karim, jean):
    with pytest.raises(NotAllowed):
        fiches.seal_wish(office, karim, id=jean, role=Role.EMPLOYE)
    with pytest.raises(NotAllowed):
        fiches.wish(office, karim, id=jean, role="employé", seal="")


def test_the_role_already_held_changes_nothing_and_signs_nobody_out(office, marie, karim, visitor, database, deeds):
    fiches.set_role(office, marie, id=karim.personne_id, role=Role.EMPLOYE)
    assert resumed(office, visitor, database, karim) is None
    assert personnes.get(office, marie, id=karim.personne_id).version == 1
    assert ("role_changed", "done") not in deeds()


def both(office, deed, marie, paul):
    """Each does `deed` to the other at the same instant."""
    return race(2, lambda number: deed(*((marie, paul.personne_id), (paul, marie.personne_id))[number]))


@pytest.mark.parametrize(
    "deed",
    [
        lambda office, actor, other: fiches.set_role(office, actor, id=other, role=Role.BENEVOLE),
        lambda office, actor, other: fiches.archive(office, actor, id=other),
        lambda office, actor, other: account_measures.suspend(office, actor, personne_id=other),
        lambda office, actor, other: erasure.erase(
            office, actor, id=other, typed={"Marie": "Paul Petit", "Paul": "Marie Dupont"}[actor.prenom]
        ),
    ],
    ids=["role", "archive", "suspend", "erase"],
)
def test_two_administrateurs_at_the_same_instant_leave_one(office, marie, paul, database, deed):
    outcomes = both(office, lambda actor, other: deed(office, actor, other), marie, paul)
    assert [type(outcome) for outcome in outcomes if outcome] == [LastAdministrator]
    left = database.run("""SELECT count(*) FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
        WHERE role = 'administrateur' AND archived_at IS NULL AND suspended_at IS NULL""")
    assert left == [(1,)]


def test_an_administrateur_who_never_came_does_not_count_as_one(office, marie, paul, database, jean):
    database.run("UPDATE asso.personnes SET role = 'administrateur' WHERE prenom = 'Jean'")
    database.run("UPDATE asso.users SET suspended_at = created_at WHERE email LIKE 'marie%%'")
    with pytest.raises(LastAdministrator):
        fiches.archive(office, marie, id=paul.personne_id)
    fiches.archive(office, marie, id=jean)


def test_the_archived_neither_sign_in_nor_stay_in_and_leave_the_list(office, marie, karim, visitor):
    fiches.archive(office, marie, id=karim.personne_id)
    with pytest.raises(WrongCredentials):
        accounts.sign_in(office, visitor, email=karim.email, password=PASSWORD)
    fiches.restore(office, marie, id=karim.personne_id)
    assert accounts.sign_in(office, visitor, email=karim.email, password=PASSWORD)


def test_archiving_closes_the_sessions(office, marie, karim, visitor, database):
    fiches.archive(office, marie, id=karim.personne_id)
    assert resumed(office, visitor, database, karim) == "archived"


def test_the_code_of_an_archived_personne_is_worth_nothing(office, marie, jean, visitor):
    code = code_for(office, marie, jean).code
    fiches.archive(office, marie, id=jean)
    with pytest.raises(UnusableCode):
        activate(office, visitor, code)
    fiches.restore(office, marie, id=jean)
    assert activate(office, visitor, code).prenom == "Jean"


def test_archiving_twice_and_restoring_twice_are_audited_once(office, marie, jean, deeds):
    for deed in (fiches.archive, fiches.archive, fiches.restore, fiches.restore):
        deed(office, marie, id=jean)
    kept = [name for name, _ in deeds() if name.startswith("personne_")]
    assert kept == ["personne_archived", "personne_restored"]


def test_nobody_archives_suspends_or_erases_the_own_fiche(office, marie, paul):
    with pytest.raises(OwnFiche):
        fiches.archive(office, marie, id=marie.personne_id)
    with pytest.raises(OwnFiche):
        account_measures.suspend(office, marie, personne_id=marie.personne_id)
    with pytest.raises(OwnFiche):
        erasure.erase(office, marie, id=marie.personne_id, typed="Marie Dupont")


def test_an_employe_archives_benevoles_and_nobody_above(office, karim, jean, marie, deeds):
    fiches.archive(office, karim, id=jean)
    with pytest.raises(RoleAboveOwn):
        fiches.archive(office, karim, id=marie.personne_id)
    assert deeds()[-1] == ("personne_archived", "refused")


def kept_of(database, actor):
    """How many rows of each kind belong to `actor`; of the mails, one kind, which would still leave."""
    fiche, user = str(actor.personne_id), str(actor.user_id)
    return database.run(
        """SELECT (SELECT count(*) FROM asso.personnes WHERE "ID_PERSONNE" = %s),
          (SELECT count(*) FROM asso.users WHERE personne_id = %s),
          (SELECT count(*) FROM asso.user_sessions WHERE user_id = %s),
          (SELECT count(*) FROM asso.user_invites WHERE "ID_PERSONNE" = %s),
          (SELECT count(*) FROM asso.personne_changes WHERE personne_id = %s),
          (SELECT count(*) FROM asso.mails WHERE kind = 'password_change_asked' AND sealed IS NOT NULL)""",
        fiche, fiche, user, fiche, fiche,
    )[0]  # fmt: skip


def test_the_erased_are_gone_with_account_sessions_codes_and_history(office, marie, jean, visitor, database, deeds):
    code = code_for(office, marie, jean).code
    gone = activate(office, visitor, code)
    fiches.set_role(office, marie, id=jean, role=Role.EMPLOYE)
    account_measures.ask_new_password(office, marie, personne_id=jean)
    assert all(kept_of(database, gone))
    erasure.erase(office, marie, id=jean, typed=" jean  MICHEL ")
    assert kept_of(database, gone) == (0, 0, 0, 0, 0, 0)
    assert deeds()[-1] == ("personne_erased", "done")


def test_the_audit_of_the_erased_holds_no_personal_data(office, marie, lucie, database):
    erasure.erase(office, marie, id=lucie.personne_id, typed="Lucie Martin")
    said = str(database.run("SELECT deed, details FROM asso.audit_log"))
    assert not any(word in said for word in ("Lucie", "Martin", "lucie@", "0611", "336112"))


def test_a_wrong_name_or_an_old_proof_erases_nobody(office, marie, jean, clock):
    with pytest.raises(WrongConfirmation):
        erasure.erase(office, marie, id=jean, typed="Jean")
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        erasure.erase(office, marie, id=jean, typed="Jean Michel")
    assert personnes.get(office, marie, id=jean).nom == "Michel"


@pytest.mark.parametrize(
    ("nom", "typed"),
    [
        ("d’Œuvre", "Zoé d'Œuvre"),
        ("d'Œuvre", "zoé D’ŒUVRE"),
        ("d’Œuvre", "Zoe\u0301 d'œuvre"),
        ("Éluard", "ZOE\u0301  E\u0301LUARD"),
    ],
)
def test_a_name_is_confirmed_with_any_apostrophe_and_any_form_of_accents(office, marie, database, nom, typed):
    key = personnes.create(office, marie, id=office.uuid(), nom=nom, prenom="Zoé").id
    erasure.erase(office, marie, id=key, typed=typed)
    assert database.run("SELECT count(*) FROM asso.personnes") == [(1,)]


@pytest.mark.parametrize("typed", ["Zoe d'Œuvre", "Zoé dŒuvre", "Zoé d'Oeuvre"])
def test_another_name_confirms_nothing(office, marie, typed):
    key = personnes.create(office, marie, id=office.uuid(), nom="d’Œuvre", prenom="Zoé").id
    with pytest.raises(WrongConfirmation):
        erasure.erase(office, marie, id=key, typed=typed)


def test_an_employe_erases_nobody(office, karim, jean):
    with pytest.raises(NotAllowed):
        erasure.erase(office, karim, id=jean, typed="Jean Michel")


def test_a_suspended_account_is_closed_until_it_is_opened_again(office, marie, karim, visitor, database):
    account_measures.suspend(office, marie, personne_id=karim.personne_id)
    assert resumed(office, visitor, database, karim) == "suspended"
    assert personnes.get(office, marie, id=karim.personne_id).access is Access.SUSPENDU
    with pytest.raises(WrongCredentials):
        accounts.sign_in(office, visitor, email=karim.email, password=PASSWORD)
    account_measures.unsuspend(office, marie, personne_id=karim.personne_id)
    assert accounts.sign_in(office, visitor, email=karim.email, password=PASSWORD)


def test_who_is_asked_for_a_new_password_may_do_nothing_else(office, marie, karim, visitor, database, letters):
    account_measures.ask_new_password(office, marie, personne_id=karim.personne_id)
    with office.begin() as db:
        ticket = sessions.issue_ticket(db, office, karim.user_id)
    now = sessions.resume(office, visitor, token=sessions.open(office, visitor, ticket=ticket).token)
    assert now.duties == {Duty.CHANGE_PASSWORD}
    assert [letter.kind for letter in letters()] == ["password_change_asked"]


def test_measures_need_an_account_and_a_fresh_proof(office, marie, jean, karim, clock):
    for measure in (account_measures.suspend, account_measures.ask_new_password):
        with pytest.raises(NoAccount):
            measure(office, marie, personne_id=jean)
    with pytest.raises(FactorNotOn):
        factor_reset.reset_for(office, marie, personne_id=karim.personne_id)
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        account_measures.suspend(office, marie, personne_id=karim.personne_id)


def test_an_employe_sees_no_account_and_an_unknown_fiche_is_not_found(office, karim, marie):
    assert personnes.get(office, karim, id=marie.personne_id).account is None
    assert personnes.get(office, marie, id=marie.personne_id).account.email == "marie@exemple.fr"
    with pytest.raises(NotFound):
        fiches.archive(office, karim, id=office.uuid())


def test_a_closed_session_is_refused(office, marie, karim, visitor):
    with office.begin() as db:
        ticket = sessions.issue_ticket(db, office, karim.user_id)
    token = sessions.open(office, visitor, ticket=ticket).token
    fiches.archive(office, replace(marie), id=karim.personne_id)
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)


def test_the_data_of_one_person_are_exported_for_administrateurs_only(office, marie, karim, jean, deeds):
    token = fiche_exports.prepare(office, marie, id=jean).rpartition("/")[2]
    with downloads.fetch(office, marie, token=token).content as file, ZipFile(file) as folder:
        fiche = json.loads(folder.read("Mes données.json"))["Votre fiche"][0]
    assert (fiche["Nom"], fiche["Prénom"]) == ("Michel", "Jean")
    assert ("personne_exported", "done") in deeds()
    with pytest.raises(NotAllowed):
        fiche_exports.prepare(office, karim, id=jean)
