"""« Invitations » and the card of a fiche: asked by name, done for the right people, said when it was not."""

from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from core import codes, invitations
from tests.conftest import code_for
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click


@pytest.fixture
def crowd(office, marie, database):
    """Thirty people with a code, Nom00 to Nom29; only Nom00 has an address."""
    rows = database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, email, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Nom' || to_char(n, 'FM00'), 'Léa', 'bénévole', "
        "CASE WHEN n = 0 THEN 'lea@exemple.fr' END, now(), now() FROM generate_series(0, 29) AS n "
        'RETURNING "ID_PERSONNE"'
    )
    return invitations.issue(office, marie, ids=[UUID(row[0]) for row in rows])


def grid(app):
    """The key of the list, which changes with its rows."""
    return app.dataframe[0].proto.id.rsplit("-", 1)[1]


def names(app):
    return list(app.dataframe[0].value["Nom"])


def choose(app, *people):
    rows = [names(app).index(nom) for nom in people]
    app.session_state[grid(app)] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def test_the_list_holds_a_page_and_says_which(at, marie, crowd):
    app = at("invitations", marie, alone=True)
    assert len(names(app)) == 25
    assert "1 à 25 sur 30, du plus récent au plus ancien" in words(app)
    assert set(app.dataframe[0].value["État"]) == {"En attente"}
    assert set(app.dataframe[0].value["Créé par"]) == {"Marie Dupont"}


def test_the_address_opens_a_search_a_state_and_a_page(at, marie, crowd):
    app = at("invitations", marie, alone=True, recherche="nom1", etat="en attente")
    assert len(names(app)) == 10
    assert dict(app.query_params) == {"recherche": "nom1", "etat": "en attente"}
    assert len(names(at("invitations", marie, alone=True, page="2"))) == 5
    assert "Aucun code trouvé." in words(at("invitations", marie, alone=True, etat="expiré"))


def pages(app):
    return app.get("pagination")[0].proto.num_pages


def test_codes_beyond_those_that_are_counted_can_be_reached(at, marie, crowd, monkeypatch):
    monkeypatch.setattr(codes, "CODES_COUNTED_AT_MOST", 10)
    app = at("invitations", marie, alone=True)
    assert "1 à 25 sur plus de 10" in words(app)
    assert pages(app) == 2
    for page in ("2", "99"):
        app = at("invitations", marie, alone=True, page=page)
        assert "26 à 30 sur plus de 10" in words(app)
        assert dict(app.query_params) == {"page": "2"}
        assert len(names(app)) == 5


@pytest.mark.parametrize(("page", "state"), [("99", "n'importe"), ("-1", ""), ("²", "activé")])
def test_an_address_that_makes_no_sense_opens_something(at, marie, crowd, page, state):
    app = at("invitations", marie, alone=True, page=page, etat=state)
    assert not app.exception


def test_an_empty_list_says_where_codes_are_made(at, marie):
    assert "Aucun code n'a encore été créé." in words(at("invitations", marie, alone=True))


def test_a_selection_names_its_people_before_anything_is_done(at, marie, crowd, deeds):
    app = click(choose(at("invitations", marie, alone=True, recherche="nom2"), "Nom27", "Nom28"), "Annuler le code")
    assert "Annuler le code donné à Léa Nom28 et Léa Nom27\u00a0?" in words(app).replace(
        "Léa Nom27 et Léa Nom28", "Léa Nom28 et Léa Nom27"
    )
    assert ("invite_revoked", "done") not in deeds()
    click(app, "Ne rien changer")
    assert ("invite_revoked", "done") not in deeds()


def confirm(app, action):
    """The second of the two buttons: the one in the question."""
    app.button(key=f"liste_{action}").click().run()
    return app.button(key="liste_yes").click().run()


def test_a_selection_gets_codes_shown_once_and_a_sheet(at, office, marie, crowd):
    app = confirm(choose(at("invitations", marie, alone=True, recherche="nom2"), "Nom27", "Nom28"), "issue")
    assert "2 nouveaux codes sont créés." in alerts(app)
    assert len(list(app.dataframe[0].value["Code d'invitation"])) == 2
    click(app, "Préparer une liste")
    assert "Ce bouton sert une seule fois, dans les cinq minutes." in words(app)


def test_half_a_failure_says_who_and_why(at, marie, crowd, letters):
    chosen = choose(at("invitations", marie, alone=True, recherche="nom0"), "Nom00", "Nom01")
    app = confirm(chosen, "mail")
    assert "Le nouveau code est en route." in alerts(app)
    assert any("Léa Nom01\u00a0: Cette fiche n'a pas d'adresse email" in box.value for box in app.warning)
    assert [letter.to for letter in letters()] == ["lea@exemple.fr"]


def test_nothing_stays_selected_when_other_rows_are_shown(at, marie, crowd):
    app = choose(at("invitations", marie, alone=True, recherche="nom2"), "Nom27")
    assert "Sélection" in words(app)
    app.text_input[0].set_value("nom0").run()
    assert "Sélection" not in words(app)


def test_what_was_confirmed_is_done_for_those_who_were_named(at, office, marie, crowd, database):
    """Another page of the list is shown meanwhile."""
    app = choose(at("invitations", marie, alone=True, recherche="nom2"), "Nom27")
    app.button(key="liste_revoke").click().run()
    code_for(office, marie, crowd.done[0].id)
    app.button(key="liste_yes").click().run()
    revoked = database.run(
        'SELECT p.nom FROM asso.audit_log a JOIN asso.personnes p ON p."ID_PERSONNE" = a.personne_id '
        "WHERE deed = 'invite_revoked'"
    )
    assert revoked == [("Nom27",)]


def states(database, nom):
    return database.run(
        'SELECT i.revoked_at IS NULL FROM asso.user_invites i JOIN asso.personnes p ON p."ID_PERSONNE" = '
        'i."ID_PERSONNE" WHERE p.nom = %s ORDER BY i.created_at',
        nom,
    )


OTHER = "Léa Nom27\u00a0: Cette personne a un autre code que celui-ci, et il n'a pas changé."


@pytest.mark.parametrize("action", ["issue", "extend", "revoke"])
def test_a_dead_code_ticked_beside_a_live_one_leaves_it_alone(at, office, marie, crowd, database, clock, action):
    who = next(one.id for one in crowd.done if one.nom == "Nom27")
    invitations.revoke(office, marie, ids=[who])
    clock.advance(minutes=1)
    code_for(office, marie, who)
    app = at("invitations", marie, alone=True, recherche="nom27")
    assert list(app.dataframe[0].value["État"]) == ["En attente", "Annulé"]
    app.session_state[grid(app)] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app = confirm(app.run(), action)
    assert any(OTHER in box.value for box in app.warning)
    assert states(database, "Nom27") == [(False,), (True,)]


def test_a_code_renewed_by_a_colleague_meanwhile_is_left_alone(at, office, marie, crowd, database, clock):
    app = choose(at("invitations", marie, alone=True, recherche="nom2"), "Nom27", "Nom28")
    app.button(key="liste_revoke").click().run()
    clock.advance(minutes=1)
    code_for(office, marie, next(one.id for one in crowd.done if one.nom == "Nom27"))
    app.button(key="liste_yes").click().run()
    assert "Le code est annulé." in alerts(app)
    assert any(OTHER in box.value for box in app.warning)
    assert states(database, "Nom27") == [(False,), (True,)]
    assert states(database, "Nom28") == [(False,)]


def test_only_administrateurs_enter(at, karim, lucie):
    for person in (karim, lucie):
        app = at("invitations", person)
        assert alerts(app) == ["Votre rôle ne permet pas cette action. Adressez-vous à un administrateur."]
        assert not app.dataframe


CARD = """
from uuid import UUID
from core.roles import Permission
from ui import invitations
from ui.frame import enter
office, actor = enter(Permission.ACCOUNT_OWN)
invitations.card(office, actor, UUID("{id}"), name="Jean Michel")
"""


@pytest.fixture
def card(at, jean):
    """The card of Jean's fiche, seen by somebody."""

    def show(actor):
        at("accueil", actor)
        return AppTest.from_string(CARD.format(id=jean), default_timeout=30).run().run()

    return show


def test_the_card_gives_a_first_code_and_then_says_its_state(card, marie):
    app = card(marie)
    assert "Aucun code n'a encore été créé." in words(app)
    click(app, "Créer un nouveau code")
    app.button(key=next(b.key for b in app.button if b.key and b.key.endswith("_yes"))).click().run()
    assert "Le nouveau code est créé." in alerts(app)
    assert "Valable jusqu'au 28/11/2026 à 14 h 05. Il n'est affiché qu'une fois." in words(app)
    assert "Code créé le 21/11/2026 à 14 h 05 par Marie Dupont." in words(app)
    assert "Courriel\u00a0: non envoyé." in words(app)


def test_the_card_leaves_a_code_alone_that_a_colleague_gave_meanwhile(card, office, marie, jean, clock):
    code_for(office, marie, jean)
    app = click(card(marie), "Annuler le code")
    clock.advance(minutes=1)
    code_for(office, marie, jean)
    app.button(key=f"fiche_{jean}_yes").click().run()
    assert any("Cette personne a un autre code que celui-ci" in box.value for box in app.warning)
    assert invitations.state(office, marie, personne_id=jean).live


def test_the_card_is_for_administrateurs(card, karim):
    app = card(karim)
    assert buttons(app) == ["Se déconnecter"]
    assert "code" not in words(app)
