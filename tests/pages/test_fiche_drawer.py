"""The fiche in its drawer over the list: from one to the next, and the proof, which loads the page of the fiche."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock

import pytest

from core import personnes
from core.errors import NotAllowed
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, choose, click
from ui import invite_actions


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
