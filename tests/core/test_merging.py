"""Two fiches of one person made one: nothing that belongs to them is lost, nobody gains or loses a right by it."""

import pytest
from sqlalchemy import text

from core import (
    duplicates,
    fiches,
    histories,
    invitations,
    journal,
    journal_words,
    merging,
    sessions,
)
from core.errors import (
    FicheChanged,
    LastAdministrator,
    NotAllowed,
    NotFound,
    OwnRole,
    SameFiche,
    SessionEnded,
    StepUpNeeded,
    TwoAccounts,
    UnusableCode,
)
from core.roles import Actor, Role
from tests.conftest import PASSWORD, code_for, enrol, token_of
from tests.core.test_invites import activate, race
from tests.core.test_trips import counter, far  # noqa: F401 (fixtures)


@pytest.fixture
def fiche(database):
    """The fiches there are: key -> (prenom, telephone_1, role, archived)."""
    return lambda key: database.run(
        'SELECT prenom, telephone_1, role, archived_at IS NOT NULL FROM asso.personnes WHERE "ID_PERSONNE" = %s',
        str(key),
    )


def merge(office, actor, keep, drop, **choices):
    seen = merging.compare(office, actor, one=keep, other=drop)
    versions = {side.id: side.version for side in (seen.one, seen.other)}
    return merging.merge(office, actor, keep=keep, drop=drop, choices=choices, versions=versions)


def points_to(database, table, key, column="personne_id"):
    return database.run(f'SELECT count(*) FROM asso.{table} WHERE "{column}" = %s', str(key))[0][0]


def test_both_fiches_are_read_side_by_side_and_both_readings_audited(office, marie, jean, double, deeds):
    seen = merging.compare(office, marie, one=jean, other=double)
    assert seen.differing == ("prenom", "telephone_1")
    assert (seen.one.values["prenom"], seen.other.values["prenom"]) == ("Jean", "Jean-Paul")
    assert deeds()[-2:] == [("personne_read", "done")] * 2


def test_a_merge_keeps_the_chosen_values_and_one_fiche(office, marie, jean, double, fiche, deeds):
    merge(office, marie, jean, double, prenom="drop")
    assert fiche(jean) == [("Jean-Paul", "+33611223344", "bénévole", False)]
    assert fiche(double) == []
    assert deeds()[-1] == ("personne_merged", "done")


def test_the_history_says_what_changed_and_what_the_other_fiche_held(office, marie, jean, double, database):
    merge(office, marie, jean, double, prenom="drop")
    rows = database.run("SELECT field, before, after FROM asso.personne_changes ORDER BY field")
    assert rows[1] == ("prenom", "Jean", "Jean-Paul")
    assert rows[0] == ("fusion", None, "Michel · Jean-Paul · +33699887766 · bénévole")


def test_history_and_journal_of_a_fiche_are_those_of_all_that_became_a_part_of_it(office, marie, jean, double, lucie):
    fiches.archive(office, marie, id=double)
    fiches.restore(office, marie, id=double)
    merge(office, marie, jean, double)
    merge(office, marie, lucie.personne_id, jean)
    of_double = ["personne_restored", "personne_archived", "personne_created"]
    asked = journal.Wanted(personne_id=lucie.personne_id, group=journal_words.Group.PERSONNES)
    for seen in (
        histories.page(office, marie, id=lucie.personne_id).events,
        journal.page(office, marie, asked).rows,
        *journal.walk(office, asked),
    ):
        deeds = [event.deed for event in seen if event.deed not in {None, "session_opened"}]
        assert deeds == ["personne_merged", "personne_merged", *of_double]
    by_karim = journal.Wanted(personne_id=lucie.personne_id, author="karim")
    assert journal.page(office, marie, by_karim).rows == ()


def test_everything_that_points_to_a_fiche_follows(database):
    """A new table that points to asso.personnes fails here: core/merge_rows.py must move its rows too."""
    pointing = database.run(
        "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE confrelid = 'asso.personnes'::regclass"
    )
    moved = {"users", "user_invites", "personne_changes", "mails", "not_duplicates"}
    assert {table.removeprefix("asso.") for (table,) in pointing} == moved


def test_account_code_history_mails_and_pairs_follow(office, marie, lucie, jean, double, database, visitor):
    code_for(office, marie, double)
    duplicates.tell_apart(office, marie, one=double, other=lucie.personne_id)
    office.ask(
        text(
            "INSERT INTO asso.mails (id, kind, personne_id, created_at, expires_at, next_try_at) VALUES "
            "(gen_random_uuid(), 'invitation', :p, now(), now() + interval '1 day', now())"
        ),
        p=double,
    )
    merge(office, marie, jean, double)
    counted = [points_to(database, table, jean) for table in ("mails", "personne_changes")]
    assert [*counted, points_to(database, "user_invites", jean, "ID_PERSONNE")] == [1, 1, 1]
    pair = tuple(sorted((str(jean), str(lucie.personne_id))))
    assert database.run("SELECT one_id, other_id FROM asso.not_duplicates") == [pair]


def test_the_account_moves_and_its_owner_notices_nothing(office, marie, lucie, jean, visitor):
    token = token_of(office, lucie)
    merge(office, marie, jean, lucie.personne_id)
    assert sessions.resume(office, visitor, token=token).personne_id == jean


def test_an_account_whose_role_changes_signs_in_again(office, marie, karim, jean, visitor, database):
    token = token_of(office, karim)
    merge(office, marie, jean, karim.personne_id)
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)
    found = database.run("SELECT details->>'from', details->>'to' FROM asso.audit_log WHERE deed = 'role_changed'")
    assert found == [("employé", "bénévole")]


def test_two_accounts_are_refused_and_nothing_is_written(office, marie, karim, lucie, fiche):
    seen = merging.compare(office, marie, one=karim.personne_id, other=lucie.personne_id)
    assert isinstance(seen.impossible, TwoAccounts)
    with pytest.raises(TwoAccounts):
        merge(office, marie, karim.personne_id, lucie.personne_id)
    assert fiche(karim.personne_id)
    assert fiche(lucie.personne_id)


def test_of_two_codes_the_one_that_lasts_longer_stays(office, marie, jean, double, visitor):
    longer = code_for(office, marie, double).code
    invitations.extend_many(office, marie, ids=[double])
    shorter = code_for(office, marie, jean).code
    assert merge(office, marie, jean, double).code_revoked
    with pytest.raises(UnusableCode):
        activate(office, visitor, shorter)
    assert activate(office, visitor, longer).personne_id == jean


def test_who_has_an_account_needs_no_code(office, marie, lucie, jean, deeds):
    code_for(office, marie, jean)
    assert merge(office, marie, lucie.personne_id, jean).code_revoked
    assert ("invite_revoked", "done") in deeds()


def test_a_fiche_that_changed_since_it_was_compared_is_not_overwritten(office, marie, jean, double, database, fiche):
    seen = merging.compare(office, marie, one=jean, other=double)
    versions = {side.id: side.version for side in (seen.one, seen.other)}
    database.run("UPDATE asso.personnes SET version = version + 1 WHERE prenom = 'Jean-Paul'")
    with pytest.raises(FicheChanged):
        merging.merge(office, marie, keep=jean, drop=double, choices={}, versions=versions)
    assert fiche(double)


def test_nobody_changes_their_own_role_by_a_merge(office, marie, jean, fiche, deeds):
    enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)
    with pytest.raises(OwnRole):
        merge(office, marie, jean, marie.personne_id)
    assert deeds()[-1] == ("unauthorized_role_change_attempt", "refused")
    merge(office, marie, jean, marie.personne_id, role="drop")
    assert fiche(jean)[0][2] == "administrateur"


def test_the_last_administrateur_is_not_merged_away(office, marie, jean, database):
    paul = enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)
    database.run("UPDATE asso.personnes SET role = 'bénévole' WHERE nom = 'Petit'")
    with pytest.raises(LastAdministrator):
        merge(office, paul, jean, marie.personne_id)


def test_an_archived_double_makes_the_fiche_that_stays_a_current_one(office, marie, jean, double, database, fiche):
    database.run('UPDATE asso.personnes SET archived_at = now() WHERE "ID_PERSONNE" = %s', str(jean))
    merge(office, marie, jean, double)
    assert fiche(jean)[0][3] is False


@pytest.mark.parametrize(("archived", "restored"), [("kept", 1), ("dropped", 1), ("both", 0), ("neither", 0)])
def test_an_access_that_a_merge_opens_again_is_audited(office, marie, jean, lucie, database, deeds, archived, restored):
    keys = {"kept": [jean], "dropped": [lucie.personne_id], "both": [jean, lucie.personne_id], "neither": []}
    for key in keys[archived]:
        database.run('UPDATE asso.personnes SET archived_at = now() WHERE "ID_PERSONNE" = %s', str(key))
    merge(office, marie, jean, lucie.personne_id)
    assert deeds().count(("personne_restored", "done")) == restored


def test_an_archived_fiche_without_account_that_is_merged_opens_nothing(office, marie, jean, lucie, database, deeds):
    database.run('UPDATE asso.personnes SET archived_at = now() WHERE "ID_PERSONNE" = %s', str(jean))
    merge(office, marie, lucie.personne_id, jean)
    assert ("personne_restored", "done") not in deeds()


def test_a_merge_asks_for_the_right_a_fresh_proof_and_two_fiches(office, marie, karim, jean, double, clock):
    with pytest.raises(NotAllowed):
        merging.compare(office, karim, one=jean, other=double)
    with pytest.raises(SameFiche):
        merging.merge(office, marie, keep=jean, drop=jean, choices={}, versions={})
    with pytest.raises(NotFound):
        merging.merge(office, marie, keep=jean, drop=office.uuid(), choices={}, versions={})
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        merging.merge(office, marie, keep=jean, drop=double, choices={}, versions={})


def test_two_merges_that_cross_leave_one_fiche_and_no_deadlock(office, marie, jean, double, fiche):
    seen = merging.compare(office, marie, one=jean, other=double)
    versions = {side.id: side.version for side in (seen.one, seen.other)}
    ends = ((jean, double), (double, jean))

    def cross(number):
        keep, drop = ends[number % 2]
        return merging.merge(office, marie, keep=keep, drop=drop, choices={}, versions=versions)

    outcomes = race(4, cross)
    assert sum(isinstance(outcome, merging.Merged) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NotFound) for outcome in outcomes) == 3
    assert len(fiche(jean)) + len(fiche(double)) == 1


@pytest.mark.parametrize("attempt", range(2))
def test_a_code_used_during_a_merge_makes_one_account_or_is_refused(office, marie, jean, double, visitor, attempt):
    code = code_for(office, marie, double).code
    deeds = (lambda: merge(office, marie, jean, double), lambda: activate(office, visitor, code, password=PASSWORD))
    outcomes = race(2, lambda number: deeds[number]())
    kinds = {type(outcome) for outcome in outcomes}
    assert kinds in ({merging.Merged, Actor}, {merging.Merged, UnusableCode})


def test_comparing_is_one_trip_and_merging_at_most_eleven(far, counter, marie, karim, jean):  # noqa: F811
    counter.reset()
    seen = merging.compare(far, marie, one=jean, other=karim.personne_id)
    assert counter.trips == 1
    versions = {side.id: side.version for side in (seen.one, seen.other)}
    counter.reset()
    merging.merge(far, marie, keep=jean, drop=karim.personne_id, choices={}, versions=versions)
    assert counter.trips <= 11
