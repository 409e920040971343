"""Saved views: one's own, and those that others share."""

import pytest

from core import deletion, downloads, erasure, exports, journal, journal_export, views
from core.directory import Access, Wanted
from core.errors import MissingField, NotAllowed, TextTooLong, TooManyAttempts
from core.roles import Role
from tests.conftest import enrol
from tests.core.test_merging import merge

WANTED = Wanted("dupont", (Role.BENEVOLE,), (Access.SANS_CODE,), sort="prenom", descending=True)


def test_a_view_comes_back_as_it_was_saved(office, marie, deeds):
    assert views.save(office, marie, WANTED, name="  Sans   code ") == "Sans code"
    (view,) = views.listed(office, marie)
    assert (view.name, view.wanted, view.shared, view.removable) == ("Sans code", WANTED, False, True)
    assert deeds()[-1] == ("view_saved", "done")


def test_saved_again_under_the_same_name_it_is_replaced(office, marie):
    views.save(office, marie, WANTED, name="Vue")
    views.save(office, marie, Wanted(archived=True), name="Vue", shared=True)
    (view,) = views.listed(office, marie)
    assert (view.wanted, view.shared) == (Wanted(archived=True), True)


def test_a_private_view_is_seen_by_its_author_only_and_a_shared_one_by_colleagues(office, marie, karim):
    views.save(office, marie, WANTED, name="À moi")
    views.save(office, marie, WANTED, name="À tous", shared=True)
    assert [(view.name, view.removable) for view in views.listed(office, karim)] == [("À tous", False)]


def test_only_its_author_removes_a_view_and_once(office, marie, karim, deeds):
    views.save(office, marie, WANTED, name="Vue", shared=True)
    (view,) = views.listed(office, karim)
    assert not views.remove(office, karim, id=view.id)
    assert views.remove(office, marie, id=view.id)
    assert deeds()[-1] == ("view_removed", "done")
    assert not views.remove(office, marie, id=view.id)
    assert views.listed(office, karim) == ()


def ends(office, karim, marie):
    """The ways in which Karim's account goes."""
    return {
        "deleted": lambda: deletion.delete_own_account(office, karim, typed="SUPPRIMER"),
        "erased": lambda: erasure.erase(office, marie, id=karim.personne_id, typed="Karim Benali"),
    }


@pytest.mark.parametrize("how", ["deleted", "erased"])
def test_a_shared_view_outlives_the_account_of_its_author_and_a_private_one_does_not(
    office, marie, karim, database, how
):
    views.save(office, karim, WANTED, name="À moi")
    views.save(office, karim, WANTED, name="À tous", shared=True)
    ends(office, karim, marie)[how]()
    assert database.run("SELECT name, owner_id, shared FROM asso.saved_views") == [("À tous", None, True)]
    assert [(view.name, view.removable) for view in views.listed(office, marie)] == [("À tous", True)]


def test_a_view_that_is_nobody_s_any_more_is_removed_by_an_administrateur(office, marie, karim, database, deeds):
    views.save(office, karim, WANTED, name="À tous", shared=True)
    assert not views.listed(office, marie)[0].removable
    deletion.delete_own_account(office, karim, typed="SUPPRIMER")
    paul = enrol(office, "Paul", "Petit", Role.EMPLOYE)
    (view,) = views.listed(office, paul)
    assert (view.removable, views.remove(office, paul, id=view.id)) == (False, False)
    assert views.listed(office, marie)[0].removable
    assert views.remove(office, marie, id=view.id)
    assert deeds()[-1] == ("view_removed", "done")


def test_an_account_merged_with_another_fiche_keeps_its_views(office, marie, karim, jean):
    views.save(office, karim, WANTED, name="À moi")
    merge(office, marie, jean, karim.personne_id, role="drop")
    assert [(view.name, view.removable) for view in views.listed(office, karim)] == [("À moi", True)]


@pytest.mark.parametrize("typed", ["x" * 3000, "\x01" * 3000, 'é"\\' * 999, "du\0pont", "\ud800dupont"])
def test_whatever_is_searched_can_be_kept_and_exported(office, marie, typed):
    views.save(office, marie, Wanted(typed, WANTED.roles, tuple(Access), True, "modification", True), name="Vue")
    assert views.listed(office, marie)[0].wanted.search == Wanted(typed).search
    assert exports.prepare(office, marie, kind=exports.Format.CSV, wanted=Wanted(typed)).address
    asked = journal.Wanted(personne=typed, author=typed).as_query()
    assert downloads.prepare(office, marie, kind=journal_export.KIND, wanted=asked)


def test_a_benevole_has_no_views(office, lucie):
    for use_case in (lambda: views.listed(office, lucie), lambda: views.save(office, lucie, WANTED, name="Vue")):
        with pytest.raises(NotAllowed):
            use_case()


@pytest.mark.parametrize(("name", "refusal"), [(" ", MissingField), ("x" * 61, TextTooLong)])
def test_a_name_is_needed_and_a_short_one(office, marie, name, refusal):
    with pytest.raises(refusal):
        views.save(office, marie, WANTED, name=name)
    assert views.listed(office, marie) == ()


def test_saving_counts_as_a_command(office, marie):
    for number in range(30):
        views.save(office, marie, WANTED, name=f"Vue {number}")
    with pytest.raises(TooManyAttempts):
        views.save(office, marie, WANTED, name="Une de trop")
