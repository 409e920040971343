"""The list of Personnes: pages, search and address together."""

import pytest

from core import personnes
from tests.pages.conftest import words
from tests.pages.gestures import alerts


@pytest.fixture
def crowd(database):
    """Sixty people, called Nom00 to Nom59, beside those who are signed in."""
    database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Nom' || to_char(n, 'FM00'), 'Léa', 'bénévole', now(), now() "
        "FROM generate_series(0, 59) AS n"
    )


def names(app):
    return list(app.dataframe[0].value["Nom"])


def search(app, typed):
    return app.text_input(key="recherche").set_value(typed).run()


def test_a_page_holds_twenty_five_and_says_which(at, marie, crowd):
    app = at("personnes", marie)
    assert len(names(app)) == 25
    assert "1 à 25 sur 61" in words(app)


def test_the_address_opens_a_page_and_a_search(at, marie, crowd):
    app = at("personnes", marie, alone=True, recherche="nom", page="3")
    assert names(app) == [f"Nom{number}" for number in range(50, 60)]
    assert "51 à 60 sur 60" in words(app)


@pytest.mark.parametrize("page", ["99", "0", "-1", "abc", "²", "9" * 30])
def test_an_address_that_makes_no_sense_opens_the_nearest_page(at, marie, crowd, page):
    app = at("personnes", marie, alone=True, page=page)
    assert not app.exception
    assert len(names(app)) == (11 if page == "99" else 25)


def test_a_search_goes_back_to_the_first_page_and_into_the_address(at, marie, crowd):
    app = search(at("personnes", marie, alone=True, page="3"), "LEA nom0")
    assert len(names(app)) == 10
    assert dict(app.query_params) == {"recherche": "LEA nom0"}


def test_a_phone_is_found_in_any_format(at, marie, lucie):
    assert names(search(at("personnes", marie), "06.11 22")) == ["Dupont", "Martin"]
    assert "Aucune personne trouvée." in words(search(at("personnes", lucie), "06.11 22"))


def test_phones_and_access_are_written_for_people(at, office, marie):
    personnes.create(office, marie, id=office.uuid(), nom="Petit", prenom="Jo", telephone_1="+32470123456")
    table = at("personnes", marie).dataframe[0].value
    assert list(table["Téléphone 1"]) == ["06 11 22 33 44", "+32 470 12 34 56"]
    assert list(table["Accès"]) == ["Activé", "Sans code"]
    assert list(table["Rôle"]) == ["Administrateur", "Bénévole"]


def test_alone_in_the_list_one_is_told(at, marie):
    assert "Il n'y a encore que vous dans la liste." in alerts(at("personnes", marie))
    assert "Vous êtes seul dans la liste." in "".join(alerts(at("accueil", marie)))


def test_a_benevole_finds_the_own_fiche_named(at, lucie):
    assert "Votre fiche : Martin Lucie, bénévole" in words(at("personnes", lucie)).replace("\xa0", " ")
