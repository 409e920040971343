"""The list of Personnes: pages, search and address together."""

from unittest.mock import Mock

import pytest

from core import deletion, directory, personnes, views
from core.directory import Access, Wanted
from core.errors import Unavailable
from core.roles import Role
from tests.pages.conftest import ROOT, words
from tests.pages.gestures import alerts, buttons, click, control
from ui import ahead


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
    return control(app, "recherche").set_value(typed).run()


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


def test_a_question_draws_what_it_finds_and_leaves_the_fields_alone(at, marie, crowd):
    """Drawn again, a field could take back what is being typed in it."""
    app = search(at("personnes", marie), "nom0")
    assert len(names(app)) == 10
    assert not [*app.title, *app.text_input, *app.multiselect, *app.selectbox, *app.toggle]
    assert not app.exception


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


def choose(app, key, *options):
    return control(app, key).set_value(list(options)).run()


def test_an_address_restores_filters_and_order(at, office, marie, karim, crowd):
    app = at("personnes", marie, alone=True, role="employé", tri="prenom", sens="decroissant")
    assert names(app) == ["Benali"]
    assert app.multiselect(key="liste_role").value == [Role.EMPLOYE]
    assert app.selectbox(key="liste_tri").value == ("prenom", True)


def test_fields_go_into_the_address_and_can_be_cleared(at, marie, crowd):
    app = choose(search(at("personnes", marie, alone=True, page="2"), "du"), "liste_acces", Access.ACTIVE)
    assert dict(app.query_params) == {"recherche": "du", "acces": "activé"}
    assert names(app) == ["Dupont"]
    click(app, "Effacer les filtres")
    assert dict(app.query_params) == {}
    assert len(names(app)) == 25
    assert "Effacer les filtres" not in buttons(app)


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ({"recherche": "xyz"}, "Vérifiez l'orthographe"),
        ({"recherche": "xyz", "role": "employé"}, "et sans filtre."),
        ({"archivees": "oui"}, "Une fiche archivée apparaît ici"),
        ({"archivees": "anciennes"}, "Aucune fiche n'est archivée depuis si longtemps"),
        ({"archivees": "oui", "tri": "archivage", "sens": "decroissant"}, "Une fiche archivée apparaît ici"),
        ({"role": "employé"}, "Choisissez d'autres filtres"),
    ],
)
def test_nobody_found_one_is_told_what_to_do(at, marie, query, advice):
    app = at("personnes", marie, alone=True, **query)
    assert advice in "".join(alerts(app))
    assert names(click(app, "Effacer les filtres")) == ["Dupont"]


def test_beyond_ten_thousand_the_list_says_more_than(at, marie, crowd, monkeypatch):
    monkeypatch.setattr(directory, "COUNTED_AT_MOST", 30)
    app = at("personnes", marie, alone=True, page="99")
    assert "51 à 61 sur plus de" in words(app)


def tick(app, *rows, columns=()):
    """Tick lines of the table that is shown, as a browser does; its key."""
    key = app.dataframe[0].key
    app.session_state[key] = {"selection": {"rows": list(rows), "columns": list(columns), "cells": []}}
    app.run()
    return key


def test_ticked_people_can_be_dealt_with(at, marie, crowd):
    app = at("personnes", marie)
    tick(app, 1, 2)
    assert "2 personnes sélectionnées" in words(app)


def change_by(app, office, database, how):
    if how == "a search":
        search(app, "nom")
    elif how == "a filter":
        choose(app, "liste_role", Role.BENEVOLE)
    elif how == "an order":
        app.selectbox(key="liste_tri").set_value(("nom", True)).run()
    elif how == "another page":
        app.session_state["page"] = 2
        app.run()
    else:
        database.run("UPDATE asso.personnes SET nom = 'Aaa' WHERE nom = 'Nom20'")
        app.run()


@pytest.mark.parametrize("how", ["a search", "a filter", "an order", "another page", "a colleague"])
def test_a_tick_never_goes_over_to_somebody_else(at, office, marie, crowd, database, how):
    app = at("personnes", marie)
    key = tick(app, 0)
    assert names(app)[0] == "Dupont"
    change_by(app, office, database, how)
    assert names(app)[0] != "Dupont"
    assert app.dataframe[0].key != key
    assert "sélectionnée" not in words(app)


def test_the_order_chosen_is_that_of_the_whole_list(at, marie, lucie, crowd):
    app = at("personnes", marie, alone=True)
    control(app, "liste_tri").set_value(("prenom", False)).run()
    assert names(app)[-1] != "Martin"
    assert app.dataframe[0].value["Prénom"][0] == "Léa"
    control(app, "liste_tri").set_value(("prenom", True)).run()
    assert list(app.dataframe[0].value["Prénom"])[:2] == ["Marie", "Lucie"]
    assert dict(app.query_params) == {"tri": "prenom", "sens": "decroissant"}


def test_a_view_is_saved_taken_and_removed(at, office, marie, crowd):
    app = at("personnes", marie)
    app.session_state["vues"] = True
    name, save = app.run().text_input(key="vue_nom"), next(b for b in app.button if b.label == "Enregistrer cette vue")
    search(app, "nom1")  # after the box was drawn
    name.set_value("Les **uns**")
    save.click().run()
    (kept,) = views.listed(office, marie)
    assert (kept.name, kept.wanted) == ("Les **uns**", Wanted("nom1"))
    search(app, "").run()
    app.button(key=f"vue_{kept.id}").click().run()
    assert len(names(app)) == 10
    app.button(key=f"vue_supprimer_{kept.id}").click().run()
    assert views.listed(office, marie) == ()


def test_a_view_whose_author_is_gone_stays_and_an_administrateur_can_remove_it(at, office, marie, karim):
    views.save(office, karim, Wanted("nom1"), name="Les uns", shared=True)
    app = at("personnes", marie)
    app.session_state["vues"] = True
    remover = f"vue_supprimer_{views.listed(office, marie)[0].id}"
    assert remover not in [button.key for button in app.run().button]
    deletion.delete_own_account(office, karim, typed="SUPPRIMER")
    app.run().button(key=remover).click().run()
    assert views.listed(office, marie) == ()


def test_a_benevole_has_names_roles_and_nothing_else_on_the_screen(at, lucie, crowd, database):
    database.run("UPDATE asso.personnes SET email = 'secret@exemple.fr' WHERE nom = 'Nom00'")
    app = at("personnes", lucie)
    assert list(app.dataframe[0].value.columns) == ["Nom", "Prénom", "Rôle"]
    assert [field.key for field in app.multiselect] == ["liste_role"]
    assert {"Exporter", "Vues enregistrées", "Ajouter une personne"}.isdisjoint(buttons(app))
    assert "secret" not in str(app.dataframe[0].proto)


def test_what_was_read_ahead_is_thrown_away_when_the_rights_have_changed(at, database, marie, lucie):
    app = search(at("personnes", marie), "dupont")
    assert "Téléphone 1" in app.dataframe[0].value
    database.run("UPDATE asso.personnes SET role = 'bénévole' WHERE \"ID_PERSONNE\" = %s", marie.personne_id)
    assert "Téléphone 1" not in search(app, "martin").dataframe[0].value
    assert [field.key for field in app.multiselect] == ["liste_role"]  # the fields are for the new role too


def test_what_a_whole_run_read_ahead_is_shown_only_to_who_may_still_see_it(at, database, marie, lucie):
    app = at("personnes", marie)
    database.run("UPDATE asso.personnes SET role = 'bénévole' WHERE \"ID_PERSONNE\" = %s", marie.personne_id)
    assert "Téléphone 1" not in app.run().dataframe[0].value
    database.run("UPDATE asso.user_sessions SET closed_at = now() + interval '1 hour', closed_reason = 'signed_out'")
    assert not app.run().dataframe


def test_a_whole_run_follows_the_address_ahead(at, marie, lucie):
    app = at("personnes", marie)
    app.query_params["recherche"] = "lucie"
    assert names(app.run()) == ["Martin"]


def test_what_was_read_ahead_is_not_shown_to_who_is_signed_out(at, database, marie, lucie):
    app = search(at("personnes", marie), "dupont")
    database.run("UPDATE asso.user_sessions SET closed_at = now() + interval '1 hour', closed_reason = 'signed_out'")
    assert not search(app, "martin").dataframe


def test_an_address_is_followed_again_after_the_database_was_silent(at, marie, lucie, monkeypatch):
    """What the first address asked for was never drawn: nobody wants it any more."""
    with monkeypatch.context() as silence:
        silence.setattr(ahead, "page", Mock(side_effect=Unavailable))
        app = at("personnes", marie, acces="sans code")
    app.query_params.clear()
    app.switch_page(str(ROOT / "pages" / "accueil.py")).run()
    app.query_params["recherche"] = "lucie"
    app.switch_page(str(ROOT / "pages" / "personnes.py")).run()
    assert names(app) == ["Martin"]


def test_who_was_ticked_before_a_proof_still_is_in_that_table_only(at, marie, karim, lucie):
    app = at("personnes", marie, alone=True, coches=f"{karim.personne_id.hex}-{lucie.personne_id.hex}")
    assert "2 personnes sélectionnées" in words(app)
    assert "coches" not in app.query_params
    assert "sélectionné" not in words(search(app, "karim"))
    assert "sélectionné" not in words(search(app, ""))


@pytest.mark.parametrize("marks", ["", "inconnu", "a-b-c", "<b>"])
def test_marks_of_nobody_tick_nobody(at, marie, marks):
    assert "sélectionné" not in words(at("personnes", marie, alone=True, coches=marks))
