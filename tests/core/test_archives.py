"""The archive is a quarantine: who may not read it never meets an archived fiche, by no use case (RGPD, CNIL)."""

from datetime import timedelta
from uuid import UUID

import pytest

from core import (
    bulk,
    dashboard,
    directory,
    duplicates,
    edits,
    exports,
    fiches,
    histories,
    import_undoing,
    personnes,
    views,
)
from core.bulk import Picked
from core.directory import Wanted
from core.errors import (
    ArchivedFiche,
    ChangedSinceImport,
    EmailOnAnotherFiche,
    HiddenFiche,
    NotAllowed,
    NotFound,
    PerhapsDuplicate,
)
from core.exports import Format
from core.roles import Role
from tests.core.test_exports import exported
from tests.core.test_imports import CREATED, DUPLICATE, REJECTED, decisions, imported, planned
from tests.core.test_personnes import create

ARCHIVED = Wanted(archived=True)


@pytest.fixture
def jean(office, marie, jean, database):
    """Jean, with an email, archived; nobody else has his phone."""
    database.run("UPDATE asso.personnes SET telephone_1 = NULL WHERE prenom <> 'Jean'")
    database.run("UPDATE asso.personnes SET email = 'jean@exemple.fr' WHERE prenom = 'Jean'")
    fiches.archive(office, marie, id=jean)
    return jean


def names(office, actor, wanted=ARCHIVED):
    return [row.nom for row in directory.page(office, actor, wanted).rows]


def test_an_administrateur_lists_counts_and_reads_the_archived(office, marie, karim, jean):
    assert names(office, marie) == ["Michel"]
    assert directory.count(office, marie, ARCHIVED) == 1
    assert personnes.get(office, marie, id=jean).archived_at == office.now()


@pytest.mark.parametrize("wanted", [ARCHIVED, Wanted(outdated=True), Wanted(archived=True, sort="archivage")])
def test_an_employe_who_asks_for_the_archived_gets_the_others(office, marie, karim, jean, wanted):
    assert names(office, karim, wanted) == ["Benali", "Dupont"]
    assert directory.count(office, karim, wanted) == 2


@pytest.mark.parametrize("search", ["michel", "jean@exemple.fr", "06 11 22 33 44"])
def test_an_employe_finds_no_archived_fiche_by_searching(office, marie, karim, jean, search):
    assert names(office, marie, Wanted(search, archived=True)) == ["Michel"]
    for archived in (False, True):
        assert names(office, karim, Wanted(search, archived=archived)) == []


def test_an_archived_fiche_and_an_unknown_one_are_alike_and_both_audited(office, karim, jean, database):
    for id in (jean, unknown := office.uuid()):
        with pytest.raises(NotFound):
            personnes.get(office, karim, id=id)
    kept = database.run("SELECT personne_id::text FROM asso.audit_log WHERE deed = 'personne_read' ORDER BY seq")
    assert kept == [(str(jean),), (str(unknown),)]


@pytest.mark.parametrize(
    "deed",
    [
        lambda office, karim, id: histories.page(office, karim, id=id),
        lambda office, karim, id: edits.change(office, karim, id=id, version=2, typed={"note": "à moi"}),
        lambda office, karim, id: fiches.archive(office, karim, id=id),
        lambda office, karim, id: duplicates.tell_apart(office, karim, one=karim.personne_id, other=id),
    ],
    ids=["history", "edit", "archive", "tell apart"],
)
def test_an_employe_does_nothing_with_an_archived_fiche_nor_with_an_unknown_one(office, karim, jean, deed):
    for id in (jean, office.uuid()):
        with pytest.raises(NotFound):
            deed(office, karim, id)


def test_an_employe_archives_but_only_who_reads_archives_restores(office, marie, karim, lucie, jean):
    fiches.archive(office, karim, id=lucie.personne_id)
    for restore in (
        lambda: fiches.restore(office, karim, id=lucie.personne_id),
        lambda: bulk.restore(office, karim, picked=[Picked(lucie.personne_id)]),
    ):
        with pytest.raises(NotAllowed):
            restore()
    fiches.restore(office, marie, id=lucie.personne_id)
    assert personnes.get(office, karim, id=lucie.personne_id).prenom == "Lucie"


def test_a_bulk_deed_finds_no_archived_fiche_for_an_employe(office, karim, lucie, jean, database):
    outcome = bulk.archive(office, karim, picked=[Picked(jean), Picked(lucie.personne_id)])
    assert [type(why) for _, why in outcome.failed] == [NotFound]
    assert [one.id for one in outcome.done] == [lucie.personne_id]


def test_nothing_is_written_on_an_archived_fiche_before_it_is_restored(office, marie, jean):
    with pytest.raises(ArchivedFiche):
        edits.change(office, marie, id=jean, version=2, typed={"note": "vu"})
    fiches.restore(office, marie, id=jean)
    edits.change(office, marie, id=jean, version=3, typed={"note": "vu"})


def test_an_employe_exports_no_archived_fiche_by_filter_or_by_selection(office, marie, karim, jean, database):
    assert exports.prepare(office, karim, kind=Format.CSV, wanted=ARCHIVED, ids=(jean,)).count == 0
    for ids in ((), (jean, karim.personne_id)):
        assert b"Michel" not in (content := exported(office, karim, wanted=ARCHIVED, ids=ids))
        assert b"Benali" in content
        assert b"Michel" in exported(office, marie, wanted=ARCHIVED, ids=ids)
    told = database.run("SELECT details FROM asso.audit_log WHERE deed = 'personnes_exported' ORDER BY seq")
    assert ["archivees" in details for (details,) in told] == [False, True, False, False]


def test_a_view_of_the_archived_is_for_those_who_read_them(office, marie, karim):
    views.save(office, marie, ARCHIVED, name="Archives", shared=True)
    views.save(office, marie, Wanted("michel"), name="Michel", shared=True)
    assert [view.name for view in views.listed(office, karim)] == ["Michel"]
    views.save(office, karim, Wanted("jean", outdated=True), name="Les miennes")
    assert views.listed(office, karim)[0].wanted == Wanted("jean")


@pytest.mark.parametrize(
    "like",
    [{"nom": "michel", "prenom": "JEAN"}, {"nom": "Autre", "prenom": "Nom", "telephone_2": "06 11 22 33 44"}],
    ids=["name", "phone"],
)
def test_an_employe_learns_of_an_archived_look_alike_only_that_there_is_one(office, marie, karim, jean, like):
    with pytest.raises(PerhapsDuplicate) as found:
        create(office, karim, **like, apart=())
    assert (found.value.alike, found.value.hidden) == ((), True)
    with pytest.raises(PerhapsDuplicate) as found:
        create(office, marie, **like, apart=())
    assert ([alike.id for alike in found.value.alike], found.value.hidden) == ([jean], False)
    made = create(office, karim, **like, hidden_too=True).id
    assert personnes.get(office, karim, id=made).alike == ()
    assert [alike.id for alike in personnes.get(office, marie, id=made).alike] == [jean]


def test_look_alikes_that_may_be_seen_come_before_those_that_may_not(office, marie, karim, jean):
    told = [jean]
    for _ in range(duplicates.SHOWN):
        told.append(create(office, marie, apart=tuple(told)).id)
        fiches.archive(office, marie, id=told[-1])
    visible = create(office, marie, id=UUID(int=2**128 - 1), apart=tuple(told)).id  # the last in the order of keys
    with pytest.raises(PerhapsDuplicate) as found:
        create(office, karim, apart=())
    assert ([alike.id for alike in found.value.alike], found.value.hidden) == ([visible], True)


def test_who_was_told_apart_is_kept_however_many_archived_look_alikes_there_are(office, marie, karim, jean, database):
    told = [jean]
    for _ in range(duplicates.SHOWN + 1):
        told.append(create(office, marie, apart=tuple(told)).id)
        fiches.archive(office, marie, id=told[-1])
    visible = create(office, marie, apart=tuple(told)).id
    database.run("DELETE FROM asso.not_duplicates")
    made = create(office, karim, apart=(visible,), hidden_too=True).id
    [pair] = database.run("SELECT one_id::text, other_id::text FROM asso.not_duplicates")
    assert set(pair) == {str(visible), str(made)}


def test_no_role_is_given_to_an_archived_fiche(office, marie, jean):
    with pytest.raises(ArchivedFiche):
        fiches.set_role(office, marie, id=jean, role=Role.EMPLOYE)


def test_an_employe_tells_nobody_apart_from_somebody_archived(office, karim, jean, database):
    create(office, karim, apart=(jean,), hidden_too=True)
    assert database.run("SELECT count(*) FROM asso.not_duplicates") == [(0,)]


def test_the_email_of_an_archived_fiche_is_taken_but_leads_an_employe_nowhere(office, marie, karim, lucie, jean):
    for actor, key in ((karim, None), (marie, jean)):
        with pytest.raises(EmailOnAnotherFiche) as refused:
            create(office, actor, nom="Autre", email="Jean@exemple.fr")
        assert refused.value.id == key
        with pytest.raises(EmailOnAnotherFiche) as refused:
            edits.change(office, actor, id=lucie.personne_id, version=1, typed={"email": "jean@exemple.fr"})
        assert refused.value.id == key


@pytest.mark.parametrize(
    ("row", "decision"),
    [
        ("Michel,Jean,0611223344,jean@exemple.fr,,", REJECTED),
        ("Autre,Zoé,,jean@exemple.fr,,", REJECTED),
        ("Michel,Jean,0611223344,,,", DUPLICATE),
        ("Michel,Jean,,,,", DUPLICATE),
        ("Autre,Zoé,0611223344,,,", DUPLICATE),
    ],
)
def test_a_file_of_an_employe_says_nothing_of_the_archived_but_who_must_look(office, karim, jean, row, decision):
    plan = planned(office, karim, row)
    assert decisions(plan) == [(decision, HiddenFiche)]
    assert (plan.rows[0].target, plan.rows[0].changes) == (None, ())


def test_a_file_of_an_employe_may_still_bring_somebody_of_the_same_name(office, karim, jean):
    assert decisions(planned(office, karim, "Michel,Jean,,,,", duplicates_too=True))[0][0] is CREATED
    assert decisions(planned(office, karim, "Michel,Jean,,jean@exemple.fr,,", duplicates_too=True))[0][0] is REJECTED


def test_an_import_that_cannot_be_undone_names_no_archived_fiche_to_an_employe(office, marie, karim, database):
    done = imported(office, karim, "Durand,Léa,,,,", "Petit,Jo,,,,")
    database.run("UPDATE asso.personnes SET archived_at = updated_at WHERE nom = 'Durand'")
    database.run("UPDATE asso.personnes SET version = 2 WHERE nom = 'Petit'")
    for actor, people in ((karim, {"Petit"}), (marie, {"Petit", "Durand"})):
        with pytest.raises(ChangedSinceImport) as refused:
            import_undoing.undo(office, actor, id=done.id)
        assert refused.value.count == 2
        assert {nom for nom, _ in refused.value.people} == people


@pytest.fixture
def long_ago(office, database):
    """Four archived fiches: since the day before the 36 months, that day, the day after, and a month."""
    days = {"Avant": (2023, 11, 20), "Pile": (2023, 11, 21), "Après": (2023, 11, 22), "Récente": (2026, 10, 21)}
    for nom, (year, month, day) in days.items():
        at = office.now().replace(year=year, month=month, day=day)
        database.run(
            'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at, archived_at) '
            "VALUES (gen_random_uuid(), %s, 'Léa', 'bénévole', %s, %s, %s)",
            nom, at - timedelta(days=900), at, at,
        )  # fmt: skip


def test_those_archived_for_more_than_36_months_are_proposed_oldest_first(office, marie, long_ago):
    assert names(office, marie, Wanted(outdated=True, sort="archivage")) == ["Avant", "Pile"]
    assert names(office, marie, Wanted(archived=True, sort="archivage")) == ["Avant", "Pile", "Après", "Récente"]
    assert names(office, marie, Wanted("lea", outdated=True, sort="archivage", descending=True)) == ["Pile", "Avant"]


def test_accueil_counts_them_for_administrateurs_and_erases_nobody(office, marie, karim, long_ago, clock, database):
    assert dashboard.read(office, marie).todo.outdated == 2
    clock.advance(days=1)
    assert dashboard.read(office, marie).todo.outdated == 3
    assert dashboard.read(office, karim).todo is None
    assert database.run("SELECT count(*) FROM asso.personnes WHERE archivee") == [(4,)]


def test_those_who_are_asked_for_stand_in_the_address():
    wanted = Wanted(outdated=True, sort="archivage")
    assert wanted.as_query() == {"archivees": "anciennes", "tri": "archivage"}
    assert Wanted.from_query(wanted.as_query()) == wanted
    assert Wanted(sort="archivage").as_query() == {}
