"""Merging two fiches on the screen of one of them: which other one, what is kept, one fiche at the end."""

from core.roles import Role
from tests.conftest import enrol
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click
from ui.plain import plain

BEGIN = "Fusionner avec une autre fiche"
MERGE = "Fusionner les deux fiches"


def open_choice(at, actor, fiche, typed="jean-paul", name="Jean-Paul Michel, bénévole"):
    app = click(at("personne", actor, alone=True, id=str(fiche)), BEGIN)
    app.text_input(key="fiche_merge_search").set_value(typed).run()
    return click(app, plain(name))


def test_only_those_who_may_erase_are_offered_a_merge(at, marie, karim, jean):
    assert BEGIN in buttons(at("personne", marie, alone=True, id=str(jean)))
    assert BEGIN not in buttons(at("personne", karim, alone=True, id=str(jean)))


def test_the_other_fiche_is_searched_and_both_are_shown(at, marie, jean, double):
    app = open_choice(at, marie, jean)
    said = words(app).replace("\xa0", " ")
    assert "Fusionner Jean Michel avec Jean-Paul Michel ?" in said
    assert {radio.label for radio in app.radio} == {"Prénom", "Téléphone 1"}
    assert "Pareil sur les deux : Nom : Michel ; Rôle : Bénévole." in said


def test_the_choice_is_carried_out_and_told(at, marie, jean, double, database):
    app = open_choice(at, marie, jean)
    app.radio(key="fiche_merge_of_prenom").set_value("drop")
    app = click(app, MERGE)
    assert any(said.startswith("Les deux fiches n'en font plus qu'une.") for said in alerts(app))
    assert database.run("SELECT prenom, telephone_1 FROM asso.personnes WHERE nom = 'Michel'") == [
        ("Jean-Paul", "+33611223344")
    ]


def test_not_merging_changes_nothing(at, marie, jean, double, database):
    app = click(open_choice(at, marie, jean), "Ne pas fusionner")
    assert BEGIN in buttons(app)
    assert database.run("SELECT count(*) FROM asso.personnes WHERE nom = 'Michel'") == [(2,)]


def test_an_empty_field_takes_the_value_of_the_other_fiche(at, marie, jean, double, database):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL WHERE prenom = 'Jean'")
    click(open_choice(at, marie, jean), MERGE)
    assert database.run("SELECT telephone_1 FROM asso.personnes WHERE nom = 'Michel'") == [("+33699887766",)]


def test_two_accounts_are_refused_with_the_reason_before_any_choice(at, office, marie, lucie):
    enrol(office, "Lucienne", "Martin", Role.BENEVOLE)
    app = open_choice(at, marie, lucie.personne_id, "lucienne", "Lucienne Martin, bénévole")
    assert any(said.startswith("Ces deux fiches ont chacune un accès activé.") for said in alerts(app))
    assert MERGE not in buttons(app)


def test_a_fiche_changed_meanwhile_is_said_and_nothing_is_lost(at, marie, jean, double, database):
    app = open_choice(at, marie, jean)
    database.run("UPDATE asso.personnes SET version = version + 1 WHERE prenom = 'Jean-Paul'")
    app = click(app, MERGE)
    assert any("modifiée par quelqu'un d'autre" in said for said in alerts(app))
    assert database.run("SELECT count(*) FROM asso.personnes WHERE nom = 'Michel'") == [(2,)]


def test_the_proof_is_asked_before_the_choice(at, marie, jean, double, clock):
    app = at("personne", marie, alone=True, id=str(jean))
    clock.advance(minutes=11)
    app = click(app, BEGIN)
    assert app.session_state["page:proof"]
    assert not app.radio
