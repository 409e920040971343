"""The fiche in its drawer over the list: from one to the next, and the proof, which loads the page of the fiche."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock

import pytest

from core import directory, personnes
from core.directory import Wanted
from core.errors import NotAllowed, Unavailable
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, choose, click
from ui import invite_actions
from ui.fiche import Around


@pytest.fixture
def elise(office, marie):
    return personnes.create(office, marie, id=office.uuid(), nom="Écolier", prenom="Élise").id


@pytest.fixture
def drawer(at, marie, jean, elise):
    app = at("personnes", marie)
    app.session_state["page:fiche"] = (jean, Around((jean, elise), total=2))
    return app.run()


def names(app):
    return {text.value for text in app.text}


def test_the_drawer_shows_the_fiche_and_leads_to_its_neighbours(drawer):
    assert not drawer.exception
    assert "Jean Michel" in names(drawer)
    assert "Précédente" not in buttons(drawer)
    click(drawer, "Suivante")
    assert "Élise Écolier" in names(drawer)
    assert "Jean Michel" not in names(drawer)
    assert "Jean Michel" in names(click(drawer, "Précédente"))


@pytest.fixture
def crowd(office, marie, database):
    """Thirty more people: Dupont is the first of 31, Nom24 the first of the second page."""
    database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Nom' || to_char(n, 'FM00'), 'Léa', 'bénévole', now(), now() "
        "FROM generate_series(0, 29) AS n"
    )


@pytest.fixture
def at_the_edge(at, office, marie, crowd):
    """The drawer on the last fiche of the first page of the list."""
    page = directory.page(office, marie, Wanted())
    app = at("personnes", marie)
    app.session_state["page:fiche"] = (page.rows[-1].id, Around.of(page, 1, Wanted()))
    return app.run()


def listed(app):
    return list(app.dataframe[0].value["Nom"])


def test_past_the_last_line_of_a_page_comes_the_first_of_the_next_and_the_list_moves_too(at_the_edge):
    assert "Léa Nom23" in names(at_the_edge)
    assert "25 sur 31" in words(at_the_edge)
    click(at_the_edge, "Suivante")
    assert "Léa Nom24" in names(at_the_edge)
    assert "26 sur 31" in words(at_the_edge)
    assert (listed(at_the_edge)[0], at_the_edge.query_params["page"]) == ("Nom24", "2")
    click(at_the_edge, "Précédente")
    assert "Léa Nom23" in names(at_the_edge)
    assert (listed(at_the_edge)[0], "page" in at_the_edge.query_params) == ("Dupont", False)


def test_at_the_ends_of_the_whole_list_there_is_no_further_way(at, office, marie, crowd):
    for number, row, place, way in ((1, 0, "1 sur 31", "Suivante"), (2, -1, "31 sur 31", "Précédente")):
        page = directory.page(office, marie, Wanted(), page=number)
        app = at("personnes", marie, page=str(number))
        app.session_state["page:fiche"] = (page.rows[row].id, Around.of(page, number, Wanted()))
        assert place in words(app.run())
        assert {"Suivante", "Précédente"} & set(buttons(app)) == {way}


def test_where_others_are_gone_meanwhile_the_last_line_is_the_last(at_the_edge, database):
    database.run("DELETE FROM asso.personnes WHERE nom >= 'Nom24'")
    click(at_the_edge, "Suivante")
    assert "Léa Nom23" in names(at_the_edge)
    assert "25 sur 25" in words(at_the_edge)
    assert "Suivante" not in buttons(at_the_edge)


def test_in_a_list_too_long_to_count_the_place_says_so(at, office, marie, crowd, monkeypatch):
    monkeypatch.setattr(directory, "COUNTED_AT_MOST", 10)
    page = directory.page(office, marie, Wanted("nom"))
    app = at("personnes", marie, recherche="nom")
    app.session_state["page:fiche"] = (page.rows[-1].id, Around.of(page, 1, Wanted("nom")))
    assert "25 sur plus de 10" in words(app.run())
    click(app, "Suivante")
    assert "Léa Nom25" in names(app)
    assert dict(app.query_params) == {"recherche": "nom", "page": "2"}


def test_a_database_that_is_silent_at_the_edge_is_said_in_the_drawer(at_the_edge, monkeypatch):
    with monkeypatch.context() as silence:
        silence.setattr(directory, "page", Mock(side_effect=Unavailable))
        button = next(found for found in at_the_edge.button if found.label == "Suivante")
        button.click().run()
    assert not at_the_edge.exception
    assert any("ne répond pas" in said for said in alerts(at_the_edge))
    assert "Suivante" in buttons(at_the_edge.run())


def test_a_step_inside_the_page_reads_the_session_the_list_and_the_fiche_only(at_the_edge, monkeypatch):
    asked = Mock(side_effect=directory.page)
    monkeypatch.setattr(directory, "page", asked)
    click(at_the_edge, "Précédente")
    inside = asked.call_count
    click(click(at_the_edge, "Suivante"), "Suivante")
    assert (inside, asked.call_count) == (1, 5)


def test_moving_on_forgets_what_was_being_edited(drawer):
    click(drawer, "Modifier")
    assert "Enregistrer" in buttons(drawer)
    assert "Enregistrer" not in buttons(click(drawer, "Suivante"))


def test_each_fiche_that_is_opened_is_audited_once(drawer, deeds):
    click(click(drawer, "Suivante"), "Modifier")
    assert deeds().count(("personne_read", "done")) == 2


def test_a_proof_is_asked_on_the_page_of_the_fiche(drawer, database, clock, jean):
    database.run("UPDATE asso.user_sessions SET stepped_up_at = %s", clock.now() - timedelta(minutes=11))
    click(drawer, "Effacer définitivement")
    assert drawer.query_params["id"] == str(jean)
    assert "Votre mot de passe" in [found.label for found in drawer.text_input]


def test_erased_the_drawer_closes_and_the_list_says_so(drawer, database):
    click(drawer, "Effacer définitivement")
    next(found for found in drawer.text_input if found.label == "Prénom et nom").set_value("Jean Michel")
    click(drawer, "Effacer pour toujours")
    assert "page:fiche" not in drawer.session_state
    assert [box.value for box in drawer.success] == ["La fiche de Jean Michel est effacée."]


def new_code(drawer):
    """Have a code created on the part « Accès » of the fiche that is open."""
    click(choose(drawer, "Partie de la fiche", "Accès"), "Créer un nouveau code")
    assert "Créer un nouveau code pour Jean Michel\u00a0?" in words(drawer)
    return next(found for found in drawer.button if str(found.key).endswith("_yes")).click().run()


def test_a_code_is_shown_once_and_not_when_the_fiche_is_opened_again(drawer):
    code = new_code(drawer).code[0].value
    click(click(drawer, "Suivante"), "Précédente")
    choose(drawer, "Partie de la fiche", "Accès")
    assert not drawer.code
    assert code not in str(drawer.session_state)


def test_what_was_refused_on_a_fiche_is_not_said_on_the_next(drawer, monkeypatch):
    broken = replace(invite_actions.ACTIONS["issue"], run=Mock(side_effect=NotAllowed("invites_manage")))
    monkeypatch.setitem(invite_actions.ACTIONS, "issue", broken)
    refused = "Votre rôle ne permet pas cette action. Adressez-vous à un administrateur."
    assert refused in alerts(new_code(drawer))
    click(drawer, "Suivante")
    assert refused not in alerts(choose(drawer, "Partie de la fiche", "Accès"))
