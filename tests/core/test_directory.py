"""The list: found however it is typed, filtered, sorted as in a French directory, and only what one may see."""

import pytest

from core import directory, personnes
from core.directory import Access, Wanted
from core.roles import Role


def create(office, actor, nom, prenom="Jean", **more):
    return personnes.create(office, actor, id=office.uuid(), nom=nom, prenom=prenom, **more)


def found(office, actor, search="", **wanted):
    return [row.prenom for row in directory.page(office, actor, Wanted(search=search, **wanted)).rows]


@pytest.fixture
def crowd(office, marie, database, clock):
    """Four people besides Marie, a minute apart."""
    people = (
        {"nom": "Michel", "prenom": "Jean", "telephone_1": "06 12 34 56 78"},
        {"nom": "Écolier", "prenom": "Élise", "telephone_2": "+32 470 12 34 56"},
        {"nom": "O'Brien", "prenom": "Pat"},
        {"nom": "d’Œuvre", "prenom": "Zoé"},
    )
    for person in people:
        clock.advance(minutes=1)
        create(office, marie, **person)
    clock.advance(minutes=1)
    database.run("UPDATE asso.personnes SET email = 'pat.o-brien_1@asso.org' WHERE prenom = 'Pat'")


@pytest.mark.parametrize(
    ("search", "prenoms"),
    [
        ("michel jean", ["Jean"]),
        ("JEAN mich", ["Jean"]),
        ("elise ecol", ["Élise"]),
        ("Élise", ["Élise"]),
        ("o brien", ["Pat"]),
        ("O’Brien", ["Pat"]),
        ("d'oeuvre", ["Zoé"]),
        ("d’Œuvre", ["Zoé"]),
        ("euvre", ["Zoé"]),
        ("oe", ["Zoé"]),
        ("z", ["Zoé"]),
        ("ie", []),
        ("0612", ["Jean"]),
        ("06 12 34", ["Jean"]),
        ("+33 6 12", ["Jean"]),
        ("+33 (0)6 12", ["Jean"]),
        ("0033612", ["Jean"]),
        ("06.12.34.56.78", ["Jean"]),
        ("jean 06 12", ["Jean"]),
        ("345678", ["Jean"]),
        ("+32470", ["Élise"]),
        ("0032 470", ["Élise"]),
        ("pat.o", ["Pat"]),
        ("PAT.O-Brien_1@asso.org", ["Pat"]),
        ("brien_", ["Pat"]),
        ("100%", []),
        ("_", []),
        ("%", []),
        ("\\", []),
        ("\ud800", ["Zoé", "Marie", "Élise", "Jean", "Pat"]),
        ("’ -", ["Zoé", "Marie", "Élise", "Jean", "Pat"]),
        ("pat\0", ["Pat"]),
        ("x" * 1000, []),
    ],
)
def test_people_are_found_however_they_are_typed(office, marie, crowd, search, prenoms):
    assert found(office, marie, search) == prenoms


@pytest.mark.parametrize(
    ("sort", "prenoms"),
    [
        ("nom", ["Zoé", "Marie", "Élise", "Jean", "Pat"]),  # d’Œuvre, Dupont, Écolier, Michel, O'Brien
        ("prenom", ["Élise", "Jean", "Marie", "Pat", "Zoé"]),
        ("role", ["Marie", "Zoé", "Pat", "Élise", "Jean"]),
        ("creation", ["Marie", "Jean", "Élise", "Pat", "Zoé"]),
        ("modification", ["Marie", "Élise", "Pat", "Zoé", "Jean"]),
    ],
)
def test_people_are_sorted_as_in_a_french_directory_both_ways(office, marie, crowd, database, sort, prenoms):
    database.run("UPDATE asso.personnes SET role = 'employé' WHERE prenom IN ('Élise', 'Jean')")
    database.run("UPDATE asso.personnes SET updated_at = %s WHERE prenom = 'Jean'", office.now())
    assert found(office, marie, sort=sort) == prenoms
    assert found(office, marie, sort=sort, descending=True) == prenoms[::-1]


def test_pages_have_a_total_even_past_the_end(office, marie, crowd):
    for search in ("", "06"):
        second, past = (directory.page(office, marie, Wanted(search), page=number, size=1) for number in (2, 9))
        assert (len(second.rows), past.rows) == (1, ())
        assert second.total == past.total == len(found(office, marie, search))
    assert directory.count(office, marie, Wanted()) == 5


def test_roles_and_archives_are_filters(office, marie, karim, crowd, database):
    assert found(office, marie, roles=(Role.EMPLOYE, Role.ADMINISTRATEUR)) == ["Karim", "Marie"]
    assert found(office, marie, roles=(Role.EMPLOYE,), sort="prenom") == ["Karim"]
    database.run("UPDATE asso.personnes SET archived_at = created_at WHERE prenom = 'Zoé'")
    assert found(office, marie, archived=True) == ["Zoé"]
    assert found(office, marie, "d'oeuvre") == []


@pytest.fixture
def states(office, marie, clock, database):
    """One person in each state of the access: Sans, Code, Expire, and two accounts, Marie's and Suspendu's."""
    create(office, marie, nom="A", prenom="Expire", with_code=True)
    clock.advance(days=8)
    create(office, marie, nom="B", prenom="Code", with_code=True)
    create(office, marie, nom="C", prenom="Sans")
    suspended = create(office, marie, nom="D", prenom="Suspendu").id
    database.run(
        "INSERT INTO asso.users (id, personne_id, email, google_sub, created_at, suspended_at) "
        "VALUES (%s, %s, 'd@exemple.fr', '7', %s, %s)",
        *[str(office.uuid()), str(suspended), office.now(), office.now()],
    )


@pytest.mark.parametrize(
    ("access", "prenoms"),
    [
        ((Access.SANS_CODE,), ["Sans"]),
        ((Access.CODE_ENVOYE,), ["Code"]),
        ((Access.EXPIRE,), ["Expire"]),
        ((Access.ACTIVE,), ["Marie"]),
        ((Access.SUSPENDU,), ["Suspendu"]),
        ((Access.CODE_ENVOYE, Access.EXPIRE), ["Expire", "Code"]),
        ((Access.SANS_CODE, Access.ACTIVE), ["Sans", "Marie"]),
        (tuple(Access), ["Expire", "Code", "Sans", "Suspendu", "Marie"]),
    ],
)
def test_the_state_of_the_access_is_a_filter_with_and_without_a_search(office, marie, states, access, prenoms):
    assert found(office, marie, access=access) == prenoms
    assert found(office, marie, "e", access=access) == [one for one in prenoms if one == "Expire"]
    rows = directory.page(office, marie, Wanted(access=access)).rows
    assert {row.access for row in rows} == set(access)


@pytest.mark.parametrize(("gathered", "walked"), [(1, 100), (1, 1)])
def test_too_many_to_gather_are_met_in_order_or_sorted_after_all(office, marie, crowd, monkeypatch, gathered, walked):
    def one_by_one(sort):
        pages = [directory.page(office, marie, Wanted("06", sort=sort), page=number, size=1) for number in (1, 2, 3)]
        return [[row.prenom for row in page.rows] for page in pages]

    there = {sort: one_by_one(sort) for sort in ("nom", "modification")}
    few = directory._GATHERED.replace("20001", str(gathered + 1)).replace("> 20000", f"> {gathered}")
    few = few.replace("<= 20000", f"<= {gathered}").replace("LIMIT 20000", f"LIMIT {walked}")
    monkeypatch.setattr(directory, "_GATHERED", few)
    assert there["nom"] == [["Marie"], ["Jean"], []]
    assert {sort: one_by_one(sort) for sort in there} == there


def test_a_benevole_sees_names_and_roles_only(office, lucie, marie, crowd):
    for row in directory.page(office, lucie, Wanted()).rows:
        seen = (row.email, row.telephone_1, row.telephone_2, row.access, row.archived_at, row.updated_at, row.version)
        assert set(seen) == {None}
    assert "Jean" in found(office, lucie)
    assert found(office, lucie, sort="creation") == found(office, lucie)


@pytest.mark.parametrize("search", ["0612", "06 12 34", "asso.org", "pat.o"])
def test_a_benevole_learns_nothing_by_searching_for_it(office, lucie, marie, crowd, search):
    assert found(office, marie, search)
    assert found(office, lucie, search) == []
    assert directory.count(office, lucie, Wanted(search)) == 0


def test_a_benevole_filters_by_role_but_not_by_access_or_archives(office, lucie, marie, crowd):
    everybody = found(office, lucie)
    assert found(office, lucie, access=(Access.ACTIVE,), archived=True) == everybody
    assert found(office, lucie, roles=(Role.ADMINISTRATEUR,)) == ["Marie"]


WANTED = Wanted("d’Œuvre & 06", (Role.EMPLOYE,), (Access.EXPIRE, Access.ACTIVE), True, "role", True)


def test_an_address_holds_what_is_wanted_and_leaves_out_the_usual():
    assert Wanted.from_query(WANTED.as_query()) == WANTED
    assert Wanted().as_query() == {}
    assert not Wanted(" ", sort="role").narrows


@pytest.mark.parametrize("nonsense", [{"role": "roi"}, {"acces": ","}, {"tri": "prix"}, {"sens": "1"}, {"page": "x"}])
def test_nonsense_in_an_address_counts_as_absent(nonsense):
    assert Wanted.from_query(nonsense) == Wanted()
