"""The menu: who finds which screen in it, and that every screen has an address."""

import pytest
import streamlit as st

from tests.serving import ROOT
from ui.menu import SCREENS


def titles(actor):
    return [screen.title for screen in SCREENS if screen.visible_to(actor)]


def test_a_visitor_finds_the_ways_in():
    assert titles(None) == ["Connexion", "Activer mon accès", "Mot de passe oublié"]


@pytest.mark.parametrize("who", ["marie", "karim", "lucie"])
def test_whoever_is_signed_in_finds_their_screens(who, request):
    administration = ["Invitations", "Journal", "Courriels", "Droits"] if who == "marie" else []
    assert titles(request.getfixturevalue(who)) == ["Accueil", "Personnes", *administration, "Mon compte"]


def test_every_file_of_pages_is_a_screen():
    assert {screen.file for screen in SCREENS} == set((ROOT / "pages").glob("*.py"))


def test_a_run_looks_for_no_page_that_another_has_found(at, marie, lucie, monkeypatch):
    for actor in (None, marie, lucie):
        at("connexion" if actor is None else "accueil", actor)
    monkeypatch.delattr(st, "Page")
    assert not at("connexion", None).exception
    assert [title.value for title in at("personnes", lucie).title] == ["Personnes"]
    assert [link.label for link in at("personnes", marie).get("page_link")] == ["Importer"]
