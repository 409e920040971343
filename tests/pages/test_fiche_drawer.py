"""The fiche in its drawer over the list: from one to the next, and the proof, which loads the page of the fiche."""

from datetime import timedelta

import pytest

from core import personnes
from tests.pages.gestures import buttons, click


@pytest.fixture
def elise(office, marie):
    return personnes.create(office, marie, id=office.uuid(), nom="Écolier", prenom="Élise").id


@pytest.fixture
def drawer(at, marie, jean, elise):
    app = at("personnes", marie)
    app.session_state["page:fiche"] = (jean, (jean, elise))
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
