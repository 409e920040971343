"""Editing a fiche: what is kept, nobody's change overwritten, the history, look-alikes shown before they are made."""

from dataclasses import replace
from uuid import UUID

import pytest

from core import accounts, duplicates, edits, fiches, histories, journal, personnes, sessions
from core.errors import (
    AlreadyDone,
    EmailOnAnotherFiche,
    FicheConflict,
    InvalidEmail,
    InvalidPhone,
    MissingField,
    NotAllowed,
    NotFound,
    PerhapsDuplicate,
    RoleAboveOwn,
    TextTooLong,
)
from core.roles import Role
from tests.conftest import PASSWORD
from tests.core.test_imports import imported
from tests.core.test_invites import race
from tests.core.test_personnes import create
from tests.core.test_trips import counter, far  # noqa: F401 (fixtures)


def change(office, actor, id, version=1, **typed):
    return edits.change(office, actor, id=id, version=version, typed=typed)


def archived_and_restored(office, marie, jean):
    fiches.archive(office, marie, id=jean)
    fiches.restore(office, marie, id=jean)


def test_only_what_was_typed_changes(office, karim, jean):
    saved = change(
        office, karim, jean, telephone_1="07 98 76 54 32", email="Jean@Exemple.FR", note=" Trésorier\nadjoint "
    )
    fiche = personnes.get(office, karim, id=jean)
    assert (fiche.nom, fiche.telephone_1, fiche.email) == ("Michel", "+33798765432", "Jean@exemple.fr")
    assert (fiche.note, fiche.version, saved.version) == ("Trésorier\nadjoint", 2, 2)


def test_saving_what_is_already_kept_changes_nothing(office, karim, jean, deeds):
    assert change(office, karim, jean, nom=" Michel ", email="").changed == ()
    assert personnes.get(office, karim, id=jean).version == 1
    assert ("personne_changed", "done") not in deeds()


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("nom", " ", MissingField),
        ("email", "jean", InvalidEmail),
        ("telephone_2", "pas un numéro", InvalidPhone),
        ("note", "x" * 5001, TextTooLong),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(office, karim, jean, field, typed, refusal):
    with pytest.raises(refusal):
        change(office, karim, jean, prenom="Jeanne", **{field: typed})
    assert personnes.get(office, karim, id=jean).prenom == "Jean"


def test_odd_digits_are_kept_with_a_warning(office, karim, jean):
    assert change(office, karim, jean, telephone_2="1111111111").warnings == ("telephone_2",)


def test_an_email_is_on_one_fiche_only_however_it_is_written(office, marie, jean):
    other = create(office, marie, nom="Autre", email="Élise@exemple.fr").id
    with pytest.raises(EmailOnAnotherFiche) as refused:
        change(office, marie, jean, email="élise@EXEMPLE.fr")
    assert refused.value.id == other
    with pytest.raises(EmailOnAnotherFiche):
        create(office, marie, nom="Encore", email="Élise@exemple.fr")


def test_an_employe_changes_no_email_above_the_own_role(office, marie, karim, jean, deeds):
    fiches.set_role(office, marie, id=jean, role=Role.ADMINISTRATEUR)
    for id, version in ((marie.personne_id, 1), (jean, 2)):
        with pytest.raises(RoleAboveOwn):
            change(office, karim, id, version, email="karim@exemple.fr", note="vu")
        assert deeds()[-1] == ("personne_changed", "refused")
        assert change(office, karim, id, version, note="vu").changed == ("note",)
    assert change(office, karim, karim.personne_id, email="karim@exemple.fr").changed == ("email",)
    assert change(office, marie, jean, 3, email="jean@exemple.fr").changed == ("email",)


def test_a_change_under_the_author_s_feet_is_shown_not_overwritten(office, marie, karim, jean, clock):
    change(office, karim, jean, telephone_1="0798765432", note="de Karim")
    with pytest.raises(FicheConflict) as conflict:
        change(office, marie, jean, telephone_1="0611111111")
    facts = conflict.value
    assert (facts.by, facts.at, facts.version) == ("Karim Benali", clock.now(), 2)
    assert facts.kept == {"telephone_1": "+33798765432"}
    change(office, marie, jean, version=facts.version, telephone_1="0611111111")
    assert personnes.get(office, marie, id=jean).note == "de Karim"


@pytest.mark.parametrize(
    "deed",
    [
        lambda office, marie, jean: imported(office, marie, "Michel,Jean,0611223344,,,de Marie"),
        lambda office, marie, jean: fiches.set_role(office, marie, id=jean, role=Role.EMPLOYE),
        archived_and_restored,
    ],
    ids=["import", "role", "archive"],
)
def test_a_conflict_names_who_wrote_last_however(office, marie, karim, jean, clock, database, deed):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL WHERE nom <> 'Michel'")
    change(office, karim, jean, note="de Karim")
    clock.advance(minutes=1)
    deed(office, marie, jean)
    with pytest.raises(FicheConflict) as conflict:
        change(office, karim, jean, version=2, prenom="Jeannot")
    assert (conflict.value.by, conflict.value.at) == ("Marie Dupont", clock.now())


def test_two_edits_at_the_same_instant_are_one_edit_and_one_conflict(office, marie, karim, jean, database):
    outcomes = race(2, lambda number: change(office, (marie, karim)[number], jean, note=f"de {number}"))
    assert sum(isinstance(outcome, FicheConflict) for outcome in outcomes) == 1
    assert database.run("SELECT count(*) FROM asso.personne_changes") == [(1,)]


def test_a_benevole_edits_nothing_not_even_the_own_fiche(office, lucie):
    with pytest.raises(NotAllowed):
        change(office, lucie, lucie.personne_id, note="moi")


def test_an_edit_is_five_trips_and_its_history_one(far, counter, marie, jean):  # noqa: F811 (fixtures)
    change(far, marie, jean, nom="Michelle", telephone_1="0798765432")
    assert counter.trips <= 5
    counter.reset()
    histories.page(far, marie, id=jean)
    assert counter.trips == 1


def test_creating_with_a_code_after_looking_for_look_alikes_is_six_trips(far, counter, marie, jean):  # noqa: F811
    personnes.create(far, marie, id=far.uuid(), nom="Jean", prenom="Michel", with_code=True, apart=(jean,))
    assert counter.trips <= 6


def test_the_history_says_who_changed_what_and_when(office, marie, karim, jean, clock):
    change(office, karim, jean, telephone_1="0798765432")
    clock.advance(minutes=1)
    fiches.set_role(office, marie, id=jean, role=Role.EMPLOYE)
    newest, oldest = histories.page(office, karim, id=jean).events
    assert (newest.actor, newest.field, newest.before, newest.after) == ("Marie Dupont", "role", "bénévole", "employé")
    assert (oldest.actor, oldest.before, oldest.after) == ("Karim Benali", "+33611223344", "+33798765432")


def test_a_change_says_where_from_to_administrateurs(office, marie, karim, jean):
    change(office, replace(karim, visitor=replace(karim.visitor, ip="198.51.100.9")), jean, note="de Karim")
    fiches.set_role(office, marie, id=jean, role=Role.EMPLOYE)
    lines = {event.field: event.ip for event in histories.page(office, marie, id=jean).events if event.field}
    assert lines == {"note": "198.51.100.9", "role": "203.0.113.7"}
    assert {event.ip for event in histories.page(office, karim, id=jean).events} == {None}


def test_the_oldest_events_are_on_the_last_page(office, karim, jean, clock):
    for version in range(1, 6):
        clock.advance(minutes=1)
        change(office, karim, jean, version, note=f"note {version}", nom=f"Michel{version}")
    pages = [histories.page(office, karim, id=jean, page=page, size=4) for page in (1, 2, 3, 4)]
    assert [(len(page.events), page.total) for page in pages] == [(4, 10), (4, 10), (2, 10), (0, 0)]
    seen = [(event.field, event.after) for page in pages for event in page.events]
    assert len(set(seen)) == 10
    assert seen[-2:] == [("nom", "Michel1"), ("note", "note 1")]


def test_the_history_outlives_the_account_of_its_author(office, marie, karim, jean, database):
    change(office, karim, jean, note="de Karim")
    database.run("DELETE FROM asso.users WHERE id = %s", str(karim.user_id))
    assert histories.page(office, marie, id=jean).events[0].actor is None


def test_addresses_and_refusals_in_the_history_are_for_administrateurs(office, marie, karim, jean, lucie):
    archived_and_restored(office, marie, jean)
    with pytest.raises(NotFound):
        personnes.get(office, lucie, id=jean)
    seen = [(event.deed, event.outcome, event.ip) for event in histories.page(office, marie, id=jean).events]
    deeds = ("personne_restored", "personne_archived")
    assert seen == [("personne_read", "refused", "203.0.113.7"), *((deed, "done", "203.0.113.7") for deed in deeds)]
    assert [(event.deed, event.outcome, event.ip) for event in histories.page(office, karim, id=jean).events] == [
        (deed, "done", None) for deed in deeds
    ]
    with pytest.raises(NotFound):
        histories.page(office, karim, id=office.uuid())


def test_what_somebody_does_with_the_account_is_no_history_for_an_employe(office, marie, karim, visitor):
    accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    sessions.close(office, marie)
    seen = {event.deed for event in histories.page(office, marie, id=marie.personne_id).events}
    assert {"sign_in", "session_opened", "session_closed"} <= seen
    assert histories.page(office, karim, id=marie.personne_id).events == ()


def test_who_read_a_fiche_or_its_journal_is_no_part_of_its_history(office, marie, karim, jean):
    archived_and_restored(office, marie, jean)
    personnes.get(office, marie, id=jean)
    journal.page(office, marie, journal.Wanted(personne_id=jean))
    for reader in (marie, karim):
        deeds = [event.deed for event in histories.page(office, reader, id=jean).events]
        assert deeds == ["personne_restored", "personne_archived"]


@pytest.mark.parametrize(
    ("like", "by_name"),
    [
        ({"nom": "michel", "prenom": "JEAN"}, True),
        ({"nom": "Jean", "prenom": "Michel"}, True),
        ({"nom": "Autre", "prenom": "Nom", "telephone_2": "06 11 22 33 44"}, False),
    ],
)
def test_a_look_alike_is_shown_before_anything_is_made(office, karim, jean, database, like, by_name):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL WHERE prenom = 'Karim'")
    with pytest.raises(PerhapsDuplicate) as found:
        create(office, karim, **like, apart=())
    (alike,) = found.value.alike
    assert (alike.id, alike.by_name) == (jean, by_name)
    assert database.run("SELECT count(*) FROM asso.personnes") == [(2,)]


def test_who_is_told_apart_is_created_and_not_shown_as_alike_again(office, karim, jean, database):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL")
    created = create(office, karim, apart=(jean,))
    assert personnes.get(office, karim, id=created.id).alike == ()
    third = create(office, karim, nom="Autre")
    change(office, karim, third.id, nom="Michel")
    assert {found.id for found in personnes.get(office, karim, id=jean).alike} == {third.id}
    duplicates.tell_apart(office, karim, one=third.id, other=jean)
    assert personnes.get(office, karim, id=jean).alike == ()


def told_apart(database):
    return {UUID(key) for pair in database.run("SELECT one_id, other_id FROM asso.not_duplicates") for key in pair}


def test_another_name_is_looked_for_again_after_the_warning(office, karim, jean, double, database):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL")
    with pytest.raises(PerhapsDuplicate) as found:
        create(office, karim, prenom="Jean-Paul", apart=(jean,))
    assert ([alike.id for alike in found.value.alike], found.value.apart) == ([double], ())
    created = create(office, karim, prenom="Zoé", apart=(jean,))
    assert personnes.get(office, karim, id=created.id).alike == ()
    assert told_apart(database) == set()


def test_only_those_who_are_alike_are_kept_as_told_apart(office, karim, jean, double, database):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL")
    created = create(office, karim, apart=(jean, double, karim.personne_id, office.uuid()))
    assert told_apart(database) == {created.id, jean}


@pytest.fixture
def seven(office, database):
    """The keys of seven fiches of a Jean Michel, more than are shown at once."""
    rows = database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Michel', 'Jean', 'bénévole', now(), now() FROM generate_series(1, 7) "
        'RETURNING "ID_PERSONNE"'
    )
    return tuple(UUID(row[0]) for row in rows)


def test_more_look_alikes_than_are_shown_are_all_shown_before_anything_is_made(office, karim, seven, database):
    apart, shown = (), []
    for _ in range(2):
        with pytest.raises(PerhapsDuplicate) as found:
            create(office, karim, apart=apart)
        shown.append(len(found.value.alike))
        apart = (*found.value.apart, *(alike.id for alike in found.value.alike))
    assert (shown, set(apart)) == ([5, 2], set(seven))
    assert told_apart(database) == set()
    created = create(office, karim, apart=apart)
    assert told_apart(database) == {created.id, *apart}


def test_a_form_sent_twice_is_done_once_however_many_are_alike(office, karim, seven):
    id = UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")  # the last one in any order
    create(office, karim, id=id, apart=seven)
    for apart in ((), seven):
        with pytest.raises(AlreadyDone):
            create(office, karim, id=id, apart=apart)


def test_telling_apart_somebody_unknown_is_not_found(office, karim, jean):
    with pytest.raises(NotFound):
        duplicates.tell_apart(office, karim, one=jean, other=office.uuid())
