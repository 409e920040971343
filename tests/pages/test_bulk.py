"""Bulk deeds on a screen: asked by name, done for those who were on the screen, told one by one."""

import pytest
from streamlit.testing.v1 import AppTest

from core import opening, personnes
from tests.conftest import VISITOR, token_of
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click
from ui import browser


def screen():
    """The list as a script: its selection is the words of a field, its rows are read at each run."""
    import streamlit as st

    from core import directory
    from ui import bulk, frame

    office, actor = frame.office(), frame.actor()
    found = directory.page(office, actor, directory.Wanted(archived=bool(st.session_state.get("archived"))))
    wanted = st.text_input("Choisis", key="choisis").split()
    bulk.offer(office, actor, tuple(row for row in found.rows if row.nom in wanted))


@pytest.fixture
def at(office, monkeypatch):
    """The list seen by somebody, with people selected by their names."""
    monkeypatch.setattr(opening, "current", lambda: office)
    monkeypatch.setattr(browser, "came_through_edge", lambda: True)
    monkeypatch.setattr(browser, "visitor", lambda: VISITOR)

    def show(actor, chosen):
        token = token_of(office, actor)
        monkeypatch.setattr(browser, "token", lambda office: token)
        app = AppTest.from_function(screen, default_timeout=30).run()
        return select(app, chosen)

    return show


def select(app, chosen):
    app.text_input(key="choisis").set_value(chosen).run()
    assert not app.exception
    return app


@pytest.fixture
def five(office, marie):
    for nom, prenom in (("Michel", "Jean"), ("Écolier", "Élise"), ("Un", "A"), ("Deux", "B"), ("Trois", "C")):
        personnes.create(office, marie, id=office.uuid(), nom=nom, prenom=prenom)


ALL = "Michel Écolier Un Deux Trois"


def archived(database):
    return {nom for (nom,) in database.run("SELECT nom FROM asso.personnes WHERE archived_at IS NOT NULL")}


def test_nobody_selected_nothing_offered(at, marie, five):
    assert buttons(at(marie, "")) == []


def test_each_role_is_offered_what_it_may_do(at, marie, karim, lucie, five):
    assert buttons(at(marie, ALL)) == ["Changer le rôle", "Archiver", "Générer des codes"]
    assert buttons(at(karim, ALL)) == ["Archiver"]
    assert buttons(at(lucie, ALL)) == []


def test_the_question_names_the_people(at, marie, five):
    app = click(at(marie, ALL), "Archiver")
    assert "5 personnes sélectionnées" in words(app)
    assert "et 3 autres\u00a0?" in words(app)
    assert "Jean Michel" in words(app)


def test_the_deed_is_for_those_who_were_asked_about_whatever_is_selected_since(at, marie, five, database):
    app = select(click(at(marie, "Michel"), "Archiver"), "Écolier")
    app.button(key="groupe_oui").click().run()
    assert archived(database) == {"Michel"}
    assert "Une personne est archivée." in alerts(app)


def test_cancelling_does_nothing(at, marie, five, database):
    app = click(click(at(marie, ALL), "Archiver"), "Annuler")
    assert "Archiver" in buttons(app)
    assert archived(database) == set()


def test_who_could_not_be_archived_is_named_with_the_reason(at, marie, five, database):
    app = click(at(marie, "Michel Dupont"), "Archiver")
    app.button(key="groupe_oui").click().run()
    said = "".join(alerts(app))
    assert "Une personne est archivée." in said
    assert "- Marie Dupont : Vous ne pouvez pas le faire sur votre propre fiche." in said
    assert archived(database) == {"Michel"}


def test_a_role_must_be_chosen_and_is_given(at, marie, five, database):
    app = click(at(marie, "Michel Un"), "Changer le rôle")
    app.button(key="groupe_oui").click().run()
    assert alerts(app) == ["Choisissez d'abord le nouveau rôle."]
    app.radio(key="groupe_nouveau_role").set_value("employé").run()
    app.button(key="groupe_oui").click().run()
    assert "Le rôle de 2 personnes est à jour." in alerts(app)
    assert len(database.run("SELECT 1 FROM asso.personnes WHERE role = 'employé'")) == 2


def test_codes_are_shown_once_in_a_table(at, marie, five):
    app = click(at(marie, ALL), "Générer des codes")
    app.button(key="groupe_oui").click().run()
    codes = list(app.dataframe[0].value["Code d'invitation"])
    assert len(codes) == len(set(codes)) == 5
    app = click(app, "Fermer")
    assert not app.dataframe


def test_the_sheet_of_other_codes_is_not_offered_with_new_ones(at, marie, five):
    app = click(at(marie, ALL), "Générer des codes")
    app.button(key="groupe_oui").click().run()
    click(app, "Préparer une liste")
    assert app.get("link_button")
    click(app, "Fermer")
    select(app, ALL)
    click(app, "Générer des codes")
    app.button(key="groupe_oui").click().run()
    assert not app.get("link_button")


def test_a_stale_proof_is_asked_again_before_roles_change(at, marie, five, clock, database):
    app = click(at(marie, "Michel"), "Changer le rôle")
    app.radio(key="groupe_nouveau_role").set_value("employé").run()
    clock.advance(minutes=11)
    app.button(key="groupe_oui").click().run()
    assert app.session_state["page:proof"]
    assert database.run("SELECT 1 FROM asso.personnes WHERE role = 'employé'") == []
