"""Archived fiches on the screens: administrateurs review them, an employé archives and sees them no more."""

import pytest

from core import fiches, personnes
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click, fill_in
from tests.pages.test_fiche import UNKNOWN
from tests.pages.test_listing import names
from ui.fiche import Around

GONE = "La fiche de Jean Michel est archivée. Un administrateur peut la restaurer."


@pytest.fixture
def archived(office, marie, jean):
    """Jean, archived."""
    fiches.archive(office, marie, id=jean)
    return jean


@pytest.fixture
def old(office, database):
    """Two fiches archived long ago, Zola after Abel, and one archived today."""
    for nom, years in (("Zola", 4), ("Abel", 5), ("Nouveau", 0)):
        at = office.now().replace(year=office.now().year - years)
        database.run(
            'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at, archived_at) '
            "VALUES (gen_random_uuid(), %s, 'Léa', 'bénévole', %s, %s, %s)",
            *(nom, at, at, at),
        )


def toggles(app):
    return [toggle.label for toggle in app.toggle]


def test_an_employe_has_no_archives_in_the_list_whatever_the_address_says(at, karim, archived):
    app = at("personnes", karim, alone=True, archivees="anciennes", tri="archivage")
    assert names(app) == ["Benali", "Dupont"]
    assert toggles(app) == []
    assert dict(app.query_params) == {}
    assert "Michel" not in str([found.proto for found in app.main])


def test_an_archived_fiche_is_unknown_to_an_employe(at, marie, karim, archived):
    assert UNKNOWN in alerts(app := at("personne", karim, id=str(archived)))
    assert "Michel" not in words(app)
    assert "Seuls les administrateurs voient cette fiche." in words(at("personne", marie, id=str(archived)))


def test_an_employe_archives_a_fiche_and_is_told_who_may_bring_it_back(at, karim, jean, deeds):
    app = click(at("personne", karim, id=str(jean)), "Archiver")
    assert "Vous ne la verrez plus\u00a0: seul un administrateur peut la voir et la restaurer." in words(app)
    click(app, "Archiver Jean Michel")
    assert alerts(app) == [GONE]
    assert "Restaurer" not in buttons(app.run())
    assert ("personne_read", "refused") not in deeds()


def test_in_the_drawer_of_an_employe_an_archived_fiche_closes(at, karim, jean):
    app = at("personnes", karim)
    app.session_state["page:fiche"] = (jean, Around((jean,), total=1))
    click(click(app.run(), "Archiver"), "Archiver Jean Michel")
    assert "page:fiche" not in app.session_state
    assert GONE in alerts(app)
    assert names(app) == ["Benali"]


def test_an_administrateur_finds_those_to_erase_oldest_first(at, marie, old):
    app = at("personnes", marie)
    assert toggles(app) == ["Fiches archivées"]
    app.toggle(key="liste_archivees").set_value(True).run()
    assert names(app) == ["Abel", "Nouveau", "Zola"]
    app.toggle(key="liste_anciennes").set_value(True).run()
    assert names(app) == ["Abel", "Zola"]
    assert dict(app.query_params) == {"archivees": "anciennes", "tri": "archivage"}
    app.toggle(key="liste_archivees").set_value(False).run()
    assert (names(app), dict(app.query_params)) == (["Dupont"], {})


def test_accueil_proposes_them_and_leads_there(at, marie, jean, old):
    app = at("accueil", marie, alone=True)
    assert "2 fiches archivées depuis plus de 36 mois\u00a0: à effacer\u00a0?" in words(app)
    assert "archivees=anciennes" in str([link.proto for link in app.get("page_link")])
    app = at("personnes", marie, alone=True, archivees="anciennes", tri="archivage")
    assert names(app) == ["Abel", "Zola"]


def test_an_employe_who_adds_somebody_archived_is_sent_to_an_administrateur(at, office, karim, archived, database):
    app = fill_in(click(at("personnes", karim), "Ajouter une personne"), creation_nom="Michel", creation_prenom="Jean")
    click(app, "Créer la personne")
    assert "Demandez à un administrateur de regarder si c'est la même personne" in words(app)
    assert not [link for link in app.get("page_link") if str(archived) in str(link.proto)]
    click(app, "Ce n'est pas un doublon")
    assert "La personne est créée." in alerts(app)


def test_another_name_after_that_is_looked_for_again(at, office, marie, karim, archived, database):
    paul = personnes.create(office, marie, id=office.uuid(), nom="Michel", prenom="Paul").id
    fiches.archive(office, marie, id=paul)
    app = fill_in(click(at("personnes", karim), "Ajouter une personne"), creation_nom="Michel", creation_prenom="Jean")
    click(app, "Créer la personne")
    app.text_input(key="creation_prenom").set_value("Paul")
    click(app, "Ce n'est pas un doublon")
    assert "La personne est créée." not in alerts(app)
    click(app, "Ce n'est pas un doublon")
    assert "La personne est créée." in alerts(app)


def test_an_email_of_an_archived_fiche_leads_an_employe_to_an_administrateur(at, office, marie, karim):
    other = personnes.create(office, marie, id=office.uuid(), nom="Autre", prenom="A", email="a@exemple.fr").id
    fiches.archive(office, marie, id=other)
    app = click(at("personnes", karim), "Ajouter une personne")
    fill_in(app, creation_nom="B", creation_prenom="B", creation_email="a@exemple.fr")
    click(app, "Créer la personne")
    said = "Une fiche archivée a déjà cet email. Demandez à un administrateur, ou saisissez un autre email."
    assert said in alerts(app)
    assert str(other) not in str([link.proto for link in app.get("page_link")])
