"""« Ajouter une personne »: the drawer for each role, what it refuses, what it makes, the code shown once."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from core import personnes
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click, field, fill_in
from ui import step_up

CODE = re.compile(r"ZDL-[0-9A-Z]{6}-[0-9A-Z]{5}")


@pytest.fixture
def drawer(at, marie):
    return click(at("personnes", marie), "Ajouter une personne")


def create(app, nom="Michel", prenom="Jean", telephone="", *, with_code=False):
    fill_in(app, creation_nom=nom, creation_prenom=prenom, creation_telephone_1=telephone)
    if with_code:
        app.checkbox[0].check()
    return click(app, "Créer la personne")


def people(database):
    return database.run("SELECT nom, prenom, telephone_1, role FROM asso.personnes WHERE nom <> 'Dupont'")


def test_the_form_has_the_fields_of_the_report(drawer):
    fields = ["Nom *", "Prénom *", "Email", "Téléphone 1", "Téléphone 2"]
    assert [found.label.replace("\\", "") for found in drawer.text_input if "creation" in found.key] == fields
    assert drawer.checkbox[0].label == "Générer automatiquement un code d'invitation après création"
    assert "L'utilisateur activera ensuite son accès depuis la page Connexion avec ce code." in words(drawer)
    assert "Les champs marqués d'une étoile (*) sont obligatoires." in words(drawer)
    assert drawer.radio[0].label == "Rôle"


def examples(app):
    """The fields with what stands right under them."""
    drawn = [element for element in app if element.type in {"text_input", "caption"}]
    under = pairwise(drawn)
    return {field.label: said.value for field, said in under if (field.type, said.type) == ("text_input", "caption")}


PHONE = "Exemple\u00a0: 06 12 34 56 78"
EXPECTED = {"Email": "Exemple\u00a0: prenom.nom@\u2060asso.org", "Téléphone 1": PHONE, "Téléphone 2": PHONE}


def test_the_format_of_a_field_stays_in_sight_under_it_in_both_forms(drawer, at, marie, jean):
    assert EXPECTED.items() <= examples(drawer).items()
    assert EXPECTED.items() <= examples(click(at("personne", marie, id=str(jean)), "Modifier")).items()


def test_browsers_complete_nothing_in_the_facts_of_somebody_else(drawer, at, marie, jean):
    forms = (drawer, "creation_"), (click(at("personne", marie, id=str(jean)), "Modifier"), "edit_")
    for app, form in forms:
        fields = [field for field in app.text_input if str(field.key).startswith(form)]
        assert [field.proto.autocomplete for field in fields] == ["off"] * 5


def test_a_doubtful_number_is_kept_with_a_warning_and_the_code_is_shown(drawer, database):
    create(drawer, telephone="1111111111", with_code=True)
    assert people(database) == [("Michel", "Jean", "1111111111", "bénévole")]
    assert "Le numéro « 1111111111 » ne semble pas valide : il a été gardé tel quel." in alerts(drawer)
    assert CODE.fullmatch(drawer.code[0].value)
    assert "Valable jusqu'au 28/11/2026 à 14 h 05. Il n'est affiché qu'une fois." in words(drawer)
    assert "Michel Jean" in [text.value for text in drawer.text]


def test_words_instead_of_a_number_are_refused_with_an_example_and_stay(drawer, database):
    create(drawer, telephone="pas un numéro")
    assert "Le champ « Téléphone 1 » n'est pas un numéro de téléphone. Exemple : 06 12 34 56 78." in alerts(drawer)
    assert (field(drawer, "Nom *").value, field(drawer, "Téléphone 1").value) == ("Michel", "pas un numéro")
    assert people(database) == []


def test_an_empty_name_is_refused(drawer, database):
    create(drawer, nom=" ")
    assert "Le champ « Nom » est obligatoire." in alerts(drawer)
    assert people(database) == []


def test_a_name_beyond_measure_is_refused_with_its_measure(drawer):
    create(drawer, nom="x" * 5001)
    assert "est trop long : 5 001 caractères, alors qu'il en accepte 5 000." in alerts(drawer)[0]


def test_without_the_box_there_is_no_code(drawer):
    create(drawer)
    assert "La personne est créée." in alerts(drawer)
    assert not drawer.code


def test_a_second_click_on_the_same_form_makes_nothing_and_hides_nothing(drawer, office, marie, database):
    draft = drawer.session_state["page:draft"]
    create(drawer, with_code=True)
    shown = drawer.code[0].value
    drawer.run()
    assert drawer.code[0].value == shown
    assert drawer.session_state["page:draft"] == draft
    assert len(people(database)) == 1


def test_a_form_whose_first_answer_was_lost_says_that_it_is_done(drawer, office, marie):
    draft = drawer.session_state["page:draft"]
    personnes.create(office, marie, id=draft, nom="Michel", prenom="Jean")
    create(drawer)
    assert "C'est déjà fait : cette fiche a été créée. Vous la trouverez dans la liste." in alerts(drawer)


def test_another_one_starts_from_an_empty_form(drawer, database):
    create(drawer)
    click(drawer, "Ajouter une autre personne")
    assert field(drawer, "Nom *").value == ""
    create(drawer, nom="Durand")
    assert sorted(row[0] for row in people(database)) == ["Durand", "Michel"]


def test_closed_the_code_is_gone_and_the_list_knows(drawer):
    create(drawer, with_code=True)
    shown = drawer.code[0].value
    click(drawer, "Fermer")
    assert not drawer.code
    assert shown not in str(drawer.session_state)
    assert "1 à 2 sur 2" in words(drawer)


def test_on_another_page_the_code_is_gone(drawer):
    create(drawer, with_code=True)
    shown = drawer.code[0].value
    drawer.switch_page("pages/accueil.py").run()
    assert shown not in str(drawer.session_state)


def test_an_administrateur_can_make_another_one(drawer, database):
    drawer.radio[0].set_value("administrateur")
    create(drawer)
    assert people(database)[0][3] == "administrateur"


def proved(database, clock, *, minutes):
    database.run("UPDATE asso.user_sessions SET stepped_up_at = %s", clock.now() - timedelta(minutes=minutes))


def test_nine_minutes_after_the_proof_every_role_is_offered(drawer, database, clock):
    proved(database, clock, minutes=9)
    drawer.run()
    assert drawer.radio[0].options == ["Bénévole", "Employé", "Administrateur"]
    assert "Donner un autre rôle" not in buttons(drawer)
    drawer.radio[0].set_value("employé")
    create(drawer)
    assert people(database)[0][3] == "employé"


def test_eleven_minutes_after_it_the_proof_comes_before_anything_is_typed(drawer, database, clock):
    proved(database, clock, minutes=11)
    drawer.run()
    assert drawer.radio[0].options == ["Bénévole"]
    click(drawer, "Donner un autre rôle")
    assert "Votre mot de passe" in [found.label for found in drawer.text_input]
    assert "Créer la personne" not in buttons(drawer)


def test_after_the_proof_the_drawer_is_open_again_in_the_same_list(drawer, database, clock, monkeypatch):
    asked = []
    monkeypatch.setattr(step_up, "offer", lambda _office, _actor, *, back_to: asked.append(back_to))
    field(drawer, "Rechercher").set_value("dupont").run()
    assert asked[-1] == "/personnes?recherche=dupont"
    proved(database, clock, minutes=11)
    click(drawer.run(), "Donner un autre rôle")
    assert asked[-1] == "/personnes?recherche=dupont&ajouter=oui"


def test_the_address_after_the_proof_opens_the_drawer_once(at, marie):
    app = at("personnes", marie, ajouter="oui")
    assert app.radio[0].options == ["Bénévole", "Employé", "Administrateur"]
    assert "ajouter" not in app.query_params
    draft = app.session_state["page:draft"]
    assert app.run().session_state["page:draft"] == draft


def test_a_proof_that_grew_old_while_one_typed_loses_nothing_that_was_typed(drawer, database, clock):
    drawer.radio[0].set_value("employé")
    proved(database, clock, minutes=11)
    create(drawer)
    assert people(database) == []
    assert any(said.startswith("Votre identité a été confirmée il y a plus de dix minutes.") for said in alerts(drawer))
    assert (field(drawer, "Nom *").value, drawer.radio[0].options) == ("Michel", ["Bénévole"])
    click(drawer, "Créer la personne")
    assert people(database) == [("Michel", "Jean", None, "bénévole")]


def test_who_gives_no_roles_is_not_asked_for_a_proof(at, karim, database, clock):
    app = at("personnes", karim)
    proved(database, clock, minutes=11)
    click(app, "Ajouter une personne")
    assert "Donner un autre rôle" not in buttons(app)
    create(app)
    assert ("Michel", "Jean", None, "bénévole") in people(database)


def test_an_employe_makes_benevoles_only(at, karim, database):
    app = click(at("personnes", karim), "Ajouter une personne")
    fill_in(app, creation_nom="Michel", creation_prenom="Jean")
    click(app, "Créer la personne")
    assert database.run("SELECT role FROM asso.personnes WHERE nom = 'Michel'") == [("bénévole",)]


def test_rights_taken_away_while_the_form_is_open_count_at_the_click(drawer, database):
    database.run("UPDATE asso.personnes SET role = 'bénévole'")
    create(drawer)
    assert people(database) == []
    assert "Ajouter une personne" not in buttons(drawer)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "**gras** :smile:", "![](https://exemple.org/x.png)"])
def test_an_odd_name_is_text_in_the_result(drawer, name):
    create(drawer, nom=name)
    assert f"{name} Jean" in [text.value for text in drawer.text]
    assert name not in "".join([*alerts(drawer), *(found.value for found in drawer.markdown)])


def test_email_and_note_are_kept(drawer, database):
    fill_in(drawer, creation_email="Jean@exemple.FR")
    drawer.text_area[0].set_value("Ne vient que le jeudi")
    create(drawer)
    assert database.run("SELECT email, note FROM asso.personnes WHERE nom = 'Michel'") == [
        ("Jean@exemple.fr", "Ne vient que le jeudi")
    ]


def test_somebody_alike_is_shown_first_and_one_click_says_that_it_is_somebody_else(drawer, office, marie, database):
    personnes.create(office, marie, id=office.uuid(), nom="JEAN", prenom="Michel")
    create(drawer)
    assert "Cette personne est peut-être déjà dans la liste. Rien n'a encore été créé." in alerts(drawer)
    assert any("Michel JEAN" in text.value for text in drawer.text)
    click(drawer, "Ce n'est pas un doublon")
    assert "La personne est créée." in alerts(drawer)
    assert len(people(database)) == 2


def test_another_name_after_the_warning_is_looked_for_too(drawer, office, marie, database):
    for prenom in ("Jean", "Luc"):
        personnes.create(office, marie, id=office.uuid(), nom="Michel", prenom=prenom)
    create(drawer)
    fill_in(drawer, creation_prenom="Luc")
    click(drawer, "Ce n'est pas un doublon")
    assert "Cette personne est peut-être déjà dans la liste. Rien n'a encore été créé." in alerts(drawer)
    assert any("Luc Michel" in text.value for text in drawer.text)
    assert len(people(database)) == 2
    fill_in(drawer, creation_prenom="Zoé")
    click(drawer, "Ce n'est pas un doublon")
    assert len(people(database)) == 3
    assert database.run("SELECT count(*) FROM asso.not_duplicates") == [(0,)]


def test_an_email_that_another_fiche_has_leads_there(drawer, office, marie, database):
    other = personnes.create(office, marie, id=office.uuid(), nom="Autre", prenom="A", email="a@exemple.fr").id
    fill_in(drawer, creation_email="A@EXEMPLE.fr")
    create(drawer)
    assert "Une autre fiche a déjà cet email. Ouvrez-la, ou saisissez un autre email." in alerts(drawer)
    assert str(other) in str([link.proto for link in drawer.get("page_link")])
    assert len(people(database)) == 1
