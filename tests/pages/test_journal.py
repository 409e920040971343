"""« Journal » and « Revue des droits » without a browser: what they show, what they keep to themselves."""

import pytest

from core import audit, personnes
from core.audit import Deed
from tests.core.test_audit import TAMPER
from tests.core.test_personnes import create
from tests.pages.conftest import ROOT, words
from tests.pages.gestures import alerts, buttons, click, field
from tests.pages.test_screens import ODD


def lines(app):
    """The sentences of the list."""
    return [element.value for element in app.text]


def test_what_happened_stands_under_its_day(at, office, marie, jean):
    personnes.get(office, marie, id=jean)
    app = at("journal", marie)
    assert "Samedi 21 novembre 2026" in [element.value for element in app.subheader]
    assert {"14\u00a0h\u00a005", "Marie Dupont a consulté la fiche de Jean Michel"} <= {
        line.replace(" h ", "\u00a0h\u00a0") for line in lines(app)
    }


def test_the_link_of_a_fiche_shows_what_concerns_it_only(at, office, marie, karim, jean):
    personnes.get(office, karim, id=jean)
    app = at("journal", marie, personne=str(jean))
    assert "Ce qui concerne Jean Michel" in lines(app)
    assert "1 à 1 sur 1, du plus récent au plus ancien" in words(app)
    assert "Karim Benali a ouvert une session" in lines(click(app, "Voir tout le journal"))
    assert "personne" not in app.query_params


def test_filters_come_from_the_address_and_go_back_to_it(at, marie, lucie):
    app = at("journal", marie, auteur="lucie", type="connexions", du="2026-11-21", refus="oui")
    assert "Rien dans le journal avec ces filtres." in words(app)
    app.toggle(key="journal_refus").set_value(False).run()
    assert "Lucie Martin a ouvert une session" in lines(app)
    assert app.query_params == {"auteur": "lucie", "type": "connexions", "du": "2026-11-21"}
    assert click(app, "Effacer les filtres").query_params == {}


def test_nonsense_in_the_address_shows_the_journal(at, marie):
    app = at("journal", marie, type="x", du="hier", page="-3", refus="2")
    assert "Marie Dupont a ouvert une session" in lines(app)
    assert not app.exception


def test_a_page_beyond_the_end_is_the_last_one(at, marie):
    assert "Marie Dupont a ouvert une session" in lines(at("journal", marie, page="99"))


def test_the_details_of_a_line_are_in_the_panel(at, office, marie):
    audit.record_alone(office, marie, Deed.NOT_ALLOWED, outcome="refused", permission="roles_grant", what="x_secret")
    app = at("journal", marie, refus="oui")
    said = lines(click(app, "Détails"))
    assert {"203.0.113.7", "Rôles et droits", "changer les rôles"} <= set(said)
    assert "Samedi 21 novembre 2026 à 14 h 05 min 00 s" in said
    assert "x_secret" not in "".join(said)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_odd_names_are_text_on_both_screens(at, office, marie, database, name):
    create(office, marie, nom=name, prenom="Jean")
    database.run("UPDATE asso.personnes SET nom = %s WHERE prenom = 'Marie'", name)
    app = at("journal", marie)
    assert any(name in line for line in lines(app))
    risky = [*app.markdown, *app.caption, *app.subheader, *app.info, *app.warning]
    assert not any(name in str(element.value) for element in risky)
    cells = at("droits", marie).table[0].value.astype(str).to_numpy().ravel()
    assert not any("<script>" in cell or "![](" in cell or "**gras**" in cell for cell in cells)


def test_an_intact_journal_is_said_intact(at, marie):
    app = click(at("journal", marie), "Vérifier l'intégrité")
    assert "Le journal est intact : 3 lignes vérifiées." in alerts(app)


def test_an_altered_journal_says_where_and_what_to_do(at, marie, database):
    database.run(TAMPER + "UPDATE asso.audit_log SET ip = 'autre' WHERE seq = 1")
    said = " ".join(alerts(click(at("journal", marie), "Vérifier l'intégrité")))
    assert "La première ligne touchée, n° 1, datée du 21/11/2026 à 14 h 05, a été changée" in said
    assert "Prévenez sans attendre la personne qui gère l'application" in said


def test_an_export_is_offered_after_a_fresh_proof_only(at, marie, clock):
    app = at("journal", marie)
    clock.advance(minutes=11)
    assert "Télécharger" not in str(click(app, "Exporter"))
    assert "Confirmer" in buttons(app)


def test_everybody_with_rights_stands_in_the_review(at, office, marie, karim, lucie, jean):
    tables = [table.value for table in at("droits", marie).table]
    people = [list(table["Personne"]) for table in tables[:-1]]
    assert people == [["Dupont Marie"], ["Benali Karim"], ["Martin Lucie"]]
    assert list(tables[0]["Dernière connexion"]) == ["21/11/2026"]
    assert set(tables[-1]["Administrateur"]) == {"oui"}
    assert "non" in set(tables[-1]["Employé"])


def test_what_is_typed_before_the_address_has_arrived_stays(at, marie):
    """The second field is left while the browser still has the address of before the first one."""
    journal = at("journal", marie)
    field(journal, "Auteur").set_value("dupont").run()
    journal.query_params.clear()
    field(journal, "Personne concernée").set_value("jean").run()
    assert field(journal, "Auteur").value == "dupont"
    assert dict(journal.query_params) == {"auteur": "dupont", "personne": "jean"}


def test_the_journal_of_a_fiche_is_not_that_of_the_fiche_before(at, marie, jean):
    journal = at("journal", marie, personne=str(jean))
    assert "Ce qui concerne Jean Michel" in lines(journal)
    journal.query_params.clear()
    journal.switch_page(str(ROOT / "pages" / "accueil.py")).run()
    journal.query_params["personne"] = str(marie.personne_id)
    journal.switch_page(str(ROOT / "pages" / "journal.py")).run()
    assert "Ce qui concerne Marie Dupont" in lines(journal)
