"""Accueil, by role: what waits, what one may do, how it goes."""

from dataclasses import replace
from unittest.mock import Mock

import pytest
from sqlalchemy import text

from core import accounts, evolution, invites, opening, personnes
from db.engine import open_engine
from tests.conftest import PASSWORD, code_for
from tests.core.test_trips import counter
from tests.pages.conftest import words
from tests.pages.gestures import alerts
from tests.trips import TripCounter
from ui.dashboard import GROUPS
from ui.messages import ACCESS, MAY

__all__ = ["counter"]


def test_an_administrateur_sees_what_waits_and_where_to_do_it(at, office, marie, jean, clock):
    code_for(office, marie, jean)
    clock.advance(days=5)
    seen = words(at("accueil", marie, alone=True))
    assert "1 code expire dans 48 h" in seen
    assert "Cette personne n'a pas encore activé son accès." in seen
    assert "1 accès sans vérification en deux étapes" in seen
    assert "Dont 1 administrateur." in seen


def test_one_code_that_has_expired_is_spoken_of_as_one(at, office, marie, jean, database, clock):
    code_for(office, marie, jean)
    database.run("UPDATE asso.user_invites SET expires_at = created_at + interval '1 minute'")
    clock.advance(minutes=2)
    assert "1 code a expiré" in (seen := words(at("accueil", marie, alone=True)))
    assert "Il n'a pas servi à temps. Envoyez-en un nouveau, ou annulez-le." in seen


def test_when_nothing_waits_it_is_said(at, marie, jean, database):
    database.run("UPDATE asso.users SET suspended_at = NULL")
    database.run(
        "INSERT INTO asso.second_factors (user_id, sealed_seed, created_at, confirmed_at) "
        "SELECT id, '\\x00', created_at, created_at FROM asso.users"
    )
    assert any("Rien ne vous attend" in said for said in alerts(at("accueil", marie, alone=True)))


def test_drawings_have_words_and_a_table(at, office, marie, jean, visitor):
    app = at("accueil", marie, alone=True)
    assert "Aucun chiffre depuis 12 semaines." in words(app)
    assert list(app.dataframe[0].value.columns) == ["Semaine du", "Accès activés", "Connexions"]
    assert len(app.dataframe[0].value) == 12


def test_what_is_drawn_is_said_in_words_too(at, office, marie, jean, visitor):
    activated(office, visitor, code_for(office, marie, jean).code)
    app = at("accueil", marie, alone=True)
    said = [chart.proto.alt for chart in app.get("vega_lite_chart")]
    assert said == [
        "Accès activés, par semaine. Semaine du 16/11/2026\u00a0: 1.",
        "Connexions, par semaine. Semaine du 16/11/2026\u00a0: 1.",
    ]
    assert app.dataframe[0].value.iloc[-1].tolist() == ["16/11/2026", 1, 1]


def activated(office, visitor, code):
    invites.redeem(office, visitor, code=code, email="j@exemple.fr", password=PASSWORD, confirmation=PASSWORD)
    accounts.sign_in(office, visitor, email="j@exemple.fr", password=PASSWORD)


def test_a_name_that_two_fiches_share_leads_to_them(at, office, marie, jean):
    personnes.create(office, marie, id=office.uuid(), nom="MICHEL", prenom="jean", apart=(jean,))
    office.ask(text("DELETE FROM asso.not_duplicates"))
    app = at("accueil", marie, alone=True)
    assert "1 nom porté par plusieurs fiches" in words(app)
    [link] = [link for link in app.get("page_link") if link.proto.label == "Voir ces fiches"]
    assert (link.proto.page, link.proto.query_string.lower()) == ("personnes", "recherche=michel+jean")


def opened(at, actor):
    """Accueil with « Évolution » open."""
    app = at("accueil", actor, alone=True)
    app.session_state["evolution"] = True
    app.run()
    assert not app.exception
    return app


def test_the_evolution_is_read_when_it_is_asked_for(at, marie, karim, monkeypatch):
    read = Mock(side_effect=evolution.read)
    monkeypatch.setattr(evolution, "read", read)
    at("accueil", marie, alone=True)
    opened(at, karim)
    assert not read.called
    opened(at, marie)
    assert read.called


def test_the_evolution_is_drawn_said_in_words_and_in_a_table(at, office, marie, karim, jean):
    code_for(office, marie, jean)
    app = opened(at, marie)
    assert [(found.label, found.value) for found in app.metric][-5:] == [
        ("Sans code", "0"), ("Code envoyé", "1"), ("Expiré", "0"), ("Activé", "2"), ("Suspendu", "0")
    ]  # fmt: skip
    drawn = "".join(str(found.proto.alt) for found in app.get("vega_lite_chart"))
    assert "Au 15/11/2026\u00a0: personne. Au 21/11/2026\u00a0: administrateurs 1, employés 1, bénévoles 1." in drawn
    assert "Au 21/11/2026\u00a0: code envoyé 1, activé 2." in drawn
    table = app.dataframe[-1].value
    assert list(table["Au"])[-2:] == ["15/11/2026", "21/11/2026"]
    assert list(table.columns) == ["Au", *GROUPS.values(), *ACCESS.values()]
    assert "sinon celui d'aujourd'hui" in words(app)


def test_two_things_that_a_fiche_lacks_are_spoken_of_as_two(at, lucie, database):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL")
    assert "Demandez à un administrateur de les ajouter." in words(at("accueil", lucie, alone=True))


def test_others_see_what_they_may_do_and_nothing_that_waits(at, karim, lucie):
    seen = {person.prenom: words(at("accueil", person, alone=True)) for person in (karim, lucie)}
    assert all(f"Il permet de {MAY[person.role]}." in seen[person.prenom] for person in (karim, lucie))
    assert "Il manque à votre fiche\u00a0: une adresse email." in seen["Lucie"]
    assert not any("À faire" in said or "En chiffres" in said for said in seen.values())


@pytest.mark.parametrize("page", ["accueil", "invitations"])
def test_the_screen_costs_two_trips(at, office, marie, database, counter: TripCounter, monkeypatch, page):
    """The session check, and the data."""
    app = at(page, marie, alone=True)
    engine = open_engine(counter.url(database.url()), pool_size=1)
    far = replace(office, engine=engine)
    far.ask(text("SELECT 1"))
    monkeypatch.setattr(opening, "current", lambda: far)
    counter.reset()
    app.run()
    engine.dispose()
    assert not app.exception
    assert counter.trips == 2
