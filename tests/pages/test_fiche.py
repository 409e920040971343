"""The fiche alone at its address: for each role, edited, in conflict, archived, erased, its access, its history."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from core import account_measures, edits, fiches, personnes
from core.roles import Role
from tests.conftest import enrol
from tests.core.test_imports import imported
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, choose, click, click_twice, field
from ui import step_up

UNKNOWN = "Cette fiche n'existe pas, ou votre rôle ne permet pas de la voir."


@pytest.fixture
def fiche(at, marie, jean):
    return at("personne", marie, id=str(jean))


def texts(app):
    return [text.value for text in app.text]


def type_in(app, label, value):
    field(app, label).set_value(value)
    return app


def test_the_fiche_says_who_it_is(fiche):
    assert "Jean Michel" in texts(fiche)
    assert {"06 11 22 33 44", "Bénévole", "Sans code"} <= set(texts(fiche))
    assert not fiche.exception


def test_an_unknown_fiche_and_nonsense_are_alike(at, marie, office):
    for asked in (str(office.uuid()), "12", ""):
        assert UNKNOWN in alerts(at("personne", marie, id=asked))


def test_a_benevole_sees_the_own_fiche_only_and_nothing_to_change(at, lucie, jean):
    assert UNKNOWN in alerts(at("personne", lucie, id=str(jean)))
    own = at("personne", lucie, id=str(lucie.personne_id))
    assert "Lucie Martin" in texts(own)
    assert not {"Modifier", "Archiver", "Effacer définitivement"} & set(buttons(own))
    assert not own.segmented_control


def test_an_employe_edits_but_neither_erases_nor_gives_roles_nor_sees_accounts(at, karim, jean):
    app = at("personne", karim, id=str(jean))
    assert "Effacer définitivement" not in buttons(app)
    assert app.segmented_control[0].options == ["Fiche", "Historique"]
    assert not click(app, "Modifier").radio


def test_an_employe_edits_all_but_the_email_of_an_administrateur_and_reads_why(at, karim, marie, office):
    app = click(at("personne", karim, id=str(marie.personne_id)), "Modifier")
    assert "Email" not in [found.label for found in app.text_input]
    assert "seul un administrateur peut changer son email." in words(app)
    type_in(app, "Téléphone 2", "06 00 00 00 01")
    click(app, "Enregistrer")
    assert personnes.get(office, marie, id=marie.personne_id).telephone_2 == "+33600000001"


def test_reading_is_audited_once_however_often_it_is_drawn(fiche, deeds):
    fiche.run()
    choose(fiche, "Partie de la fiche", "Historique")
    assert deeds().count(("personne_read", "done")) == 1


def test_fields_are_saved_and_the_fiche_shows_them(fiche, office, marie, jean):
    click(fiche, "Modifier")
    type_in(fiche, "Téléphone 2", "1111111111")
    type_in(fiche, "Email", "jean@exemple.fr")
    click(fiche, "Enregistrer")
    assert "La fiche est enregistrée." in alerts(fiche)
    assert any("ne semble pas valide" in said for said in alerts(fiche))
    assert {"jean@exemple.fr", "1111111111"} <= set(texts(fiche))


def test_what_is_refused_stays_typed(fiche):
    click(fiche, "Modifier")
    type_in(fiche, "Email", "jean@")
    click(fiche, "Enregistrer")
    assert "Cette adresse email n'est pas valable. Exemple : prenom.nom@\u2060asso.org." in alerts(fiche)
    assert field(fiche, "Email").value == "jean@"


def test_an_email_of_another_fiche_leads_to_it(fiche, office, marie):
    other = personnes.create(office, marie, id=office.uuid(), nom="Autre", prenom="A", email="a@exemple.fr").id
    click(fiche, "Modifier")
    type_in(fiche, "Email", "A@exemple.fr")
    click(fiche, "Enregistrer")
    assert "Une autre fiche a déjà cet email. Ouvrez-la, ou saisissez un autre email." in alerts(fiche)
    assert str(other) in str([link.proto for link in fiche.get("page_link")])


@pytest.fixture
def conflict(fiche, office, karim, jean):
    click(fiche, "Modifier")
    edits.change(office, karim, id=jean, version=1, typed={"telephone_1": "0798765432"})
    type_in(fiche, "Téléphone 1", "06 00 00 00 01")
    return click(fiche, "Enregistrer")


def test_a_conflict_shows_both_values(conflict):
    assert any(said.startswith("Cette fiche a été modifiée par Karim Benali à 14 h 05.") for said in alerts(conflict))
    assert {"Valeur enregistrée : 07 98 76 54 32", "Votre saisie : 06 00 00 00 01"} <= {
        " ".join(text.split()) for text in texts(conflict)
    }


def test_taking_up_theirs_keeps_theirs(conflict):
    click(conflict, "Reprendre")
    assert "07 98 76 54 32" in texts(conflict)


def test_overwriting_keeps_ours(conflict):
    click(conflict, "Écraser")
    assert "06 00 00 00 01" in texts(conflict)


def test_a_third_change_is_shown_before_it_is_overwritten(conflict, office, karim, jean):
    edits.change(office, karim, id=jean, version=2, typed={"telephone_1": "0744444444"})
    click(conflict, "Écraser")
    assert "Valeur enregistrée : 07 44 44 44 44" in [" ".join(text.split()) for text in texts(conflict)]


def test_an_administrateur_gives_a_role(fiche, office, marie, jean):
    click(fiche, "Modifier")
    fiche.radio[0].set_value(Role.EMPLOYE)
    click(fiche, "Enregistrer")
    assert personnes.get(office, marie, id=jean).role is Role.EMPLOYE
    assert "Employé" in texts(fiche)


def test_a_role_that_another_administrateur_changed_meanwhile_is_not_overwritten(fiche, office, marie, jean):
    click(fiche, "Modifier")
    fiche.radio[0].set_value(Role.EMPLOYE)
    paul = enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)
    fiches.set_role(office, paul, id=jean, role=Role.ADMINISTRATEUR)
    click(fiche, "Enregistrer")
    assert any(said.startswith("Cette fiche vient d'être modifiée") for said in alerts(fiche))
    assert personnes.get(office, marie, id=jean).role is Role.ADMINISTRATEUR


def test_a_role_without_a_fresh_proof_asks_for_it_and_is_not_given_yet(fiche, clock, office, marie, jean, database):
    click(fiche, "Modifier")
    database.run("UPDATE asso.user_sessions SET stepped_up_at = %s", clock.now() - timedelta(minutes=11))
    fiche.radio[0].set_value(Role.EMPLOYE)
    click(fiche, "Enregistrer")
    assert "Votre mot de passe" in [found.label for found in fiche.text_input]
    assert personnes.get(office, marie, id=jean).role is Role.BENEVOLE


def test_back_from_the_proof_the_wanted_role_is_still_chosen(at, office, marie, jean):
    seal = fiches.seal_wish(office, marie, id=jean, role=Role.EMPLOYE)
    app = at("personne", marie, id=str(jean), role="employé", sceau=seal)
    assert app.radio[0].value == Role.EMPLOYE
    assert dict(app.query_params) == {"id": str(jean)}


def test_the_address_that_the_proof_comes_back_to_holds_the_wanted_role(
    fiche, office, marie, jean, database, monkeypatch
):
    """The way of « Enregistrer » without a fresh proof, to the page that is loaded after it."""
    asked = []
    monkeypatch.setattr(step_up, "offer", lambda _office, _actor, *, back_to: asked.append(back_to))
    click(fiche, "Modifier")
    fiche.radio[0].set_value(Role.EMPLOYE)
    database.run("UPDATE asso.user_sessions SET stepped_up_at = %s", office.now() - timedelta(minutes=11))
    click(fiche, "Enregistrer")
    query = dict(parse_qsl(urlsplit(asked[-1]).query))
    wish = {"role": query["role"], "seal": query["sceau"]}
    assert fiches.wish(office, marie, id=UUID(query["id"]), **wish) is Role.EMPLOYE


def test_a_role_that_was_given_up_is_not_chosen_the_next_time(fiche, office, marie, jean, database):
    click(fiche, "Modifier")
    database.run("UPDATE asso.user_sessions SET stepped_up_at = %s", office.now() - timedelta(minutes=11))
    fiche.radio[0].set_value(Role.EMPLOYE)
    click(fiche, "Enregistrer")
    del fiche.session_state["page:proof"]  # the drawer that asks for it, closed
    click(fiche.run(), "Modifier")
    assert fiche.radio[0].value == Role.BENEVOLE


@pytest.mark.parametrize("forged", ["", "0" * 64, "é"])
def test_a_link_does_not_choose_a_role(at, office, marie, jean, forged):
    app = at("personne", marie, id=str(jean), role="administrateur", sceau=forged)
    assert not app.exception
    assert app.radio[0].value == Role.BENEVOLE
    assert dict(app.query_params) == {"id": str(jean)}


def test_an_employe_follows_the_link_of_an_administrateur_to_the_fiche_only(at, office, marie, karim, jean):
    seal = fiches.seal_wish(office, marie, id=jean, role=Role.EMPLOYE)
    app = at("personne", karim, id=str(jean), role="employé", sceau=seal)
    assert "Jean Michel" in texts(app)
    assert not click(app, "Modifier").radio


def test_the_own_role_is_not_offered(at, marie):
    app = click(at("personne", marie, id=str(marie.personne_id)), "Modifier")
    assert not app.radio
    assert "Archiver" not in buttons(app)


def test_archiving_names_the_person_and_can_be_undone(fiche):
    click(click(fiche, "Archiver"), "Archiver Jean Michel")
    assert any(said.startswith("Cette fiche est archivée depuis le 21/11/2026") for said in alerts(fiche))
    assert "Modifier" not in buttons(fiche)
    click(click(fiche, "Restaurer"), "Restaurer Jean Michel")
    assert "Modifier" in buttons(fiche)


def test_erasing_wants_the_name_and_leaves_nothing(fiche, database):
    click(fiche, "Effacer définitivement")
    click(fiche, "Effacer pour toujours")
    assert alerts(fiche) == ["Pour confirmer, saisissez « Jean Michel »."]
    assert database.run("SELECT count(*) FROM asso.personnes") == [(2,)]
    type_in(fiche, "Prénom et nom", "jean michel")
    click(fiche, "Effacer pour toujours")
    assert database.run("SELECT count(*) FROM asso.personnes") == [(1,)]
    assert "La fiche de Jean Michel est effacée." in alerts(fiche)


def test_a_second_click_leaves_said_that_a_fiche_is_erased(fiche):
    type_in(click(fiche, "Effacer définitivement"), "Prénom et nom", "jean michel")
    click_twice(fiche, "Effacer pour toujours")
    assert alerts(fiche) == ["La fiche de Jean Michel est effacée."]


def test_erasing_asks_for_a_proof_before_the_name(fiche, database, clock):
    database.run("UPDATE asso.user_sessions SET stepped_up_at = %s", clock.now() - timedelta(minutes=11))
    click(fiche, "Effacer définitivement")
    assert "Effacer pour toujours" not in buttons(fiche)
    assert "Votre mot de passe" in [found.label for found in fiche.text_input]


def test_the_history_reads_in_french(fiche, office, karim, jean):
    edits.change(office, karim, id=jean, version=1, typed={"telephone_1": "0798765432", "note": "Trésorier"})
    choose(fiche, "Partie de la fiche", "Historique")
    said = [" ".join(text.split()) for text in texts(fiche)]
    assert "Téléphone 1 : 06 11 22 33 44 → 07 98 76 54 32" in said
    assert "Note : (vide) → Trésorier" in said
    assert "le 21/11/2026 à 14 h 05, par Karim Benali (adresse 203.0.113.7)" in said


def test_the_history_of_an_imported_fiche_begins_with_the_import(at, office, karim, database):
    imported(office, karim, "Durand,Léa,,,,")
    [(key,)] = database.run("SELECT \"ID_PERSONNE\" FROM asso.personnes WHERE nom = 'Durand'")
    app = choose(at("personne", karim, id=str(key)), "Partie de la fiche", "Historique")
    said = [" ".join(text.split()) for text in texts(app)]
    assert said[said.index("Créée par un import") + 1] == "le 21/11/2026 à 14 h 05, par Karim Benali"
    assert "Rien n'a encore changé sur cette fiche." not in alerts(app)


def test_a_long_history_is_read_to_its_beginning_page_by_page(at, office, karim, jean, clock):
    for version in range(1, 31):
        clock.advance(seconds=1)
        edits.change(office, karim, id=jean, version=version, typed={"note": f"note {version}"})
    app = choose(at("personne", karim, id=str(jean)), "Partie de la fiche", "Historique")
    assert "1 à 25 sur 30, du plus récent au plus ancien" in words(app)
    assert "note 30" in words(app)
    app.session_state[f"page:fiche_history_page_{jean}"] = 2
    assert "(vide) → note 1" in words(app.run())
    app.session_state[f"page:fiche_history_page_{jean}"] = 9
    assert "note 30" in words(app.run())


def test_an_account_is_suspended_and_opened_again(at, marie, karim):
    app = choose(at("personne", marie, id=str(karim.personne_id)), "Partie de la fiche", "Accès")
    assert "karim@exemple.fr" in texts(app)
    assert "L'accès est suspendu." in alerts(click(app, "Suspendre l'accès"))
    assert "L'accès est rétabli." in alerts(click(app, "Rétablir l'accès"))


def test_a_new_password_is_asked_once(at, marie, karim, letters):
    app = choose(at("personne", marie, id=str(karim.personne_id)), "Partie de la fiche", "Accès")
    click(app, "Demander un nouveau mot de passe")
    assert "Demander un nouveau mot de passe" not in buttons(app)
    assert [letter.to for letter in letters()] == ["karim@exemple.fr"]


def test_mon_compte_explains_why_nothing_else_is_open(at, office, marie, karim):
    account_measures.ask_new_password(office, marie, personne_id=karim.personne_id)
    app = at("personne", karim, id=str(karim.personne_id))
    assert any("Un administrateur vous demande de choisir un nouveau mot de passe" in said for said in alerts(app))


def test_a_look_alike_is_shown_until_it_is_told_apart(at, office, marie, jean, database):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL")
    twin = personnes.create(office, marie, id=office.uuid(), nom="MICHEL", prenom="Zoé").id
    edits.change(office, marie, id=twin, version=1, typed={"prenom": "jean"})
    app = at("personne", marie, id=str(twin))
    assert "Même nom : Jean Michel, bénévole. Est-ce la même personne ?" in [" ".join(t.split()) for t in texts(app)]
    click(app, "Ce n'est pas un doublon")
    assert not [text for text in texts(app) if text.startswith("Même nom")]


@pytest.mark.parametrize("name", ["<b>gras</b>", "**gras** :smile:", "![](https://exemple.org/x.png)"])
def test_an_odd_name_is_text_everywhere(at, office, marie, name):
    key = personnes.create(office, marie, id=office.uuid(), nom=name, prenom="Zoé", note=name).id
    app = click(at("personne", marie, id=str(key)), "Archiver")
    assert f"Zoé {name}" in texts(app)
    assert name not in "".join(found.value for found in app.markdown)


def test_the_last_administrateur_is_not_archived(at, office, marie, database):
    other = enrol(office, "Paul", "Petit", Role.ADMINISTRATEUR)
    app = at("personne", marie, id=str(other.personne_id))
    database.run("UPDATE asso.users SET suspended_at = created_at WHERE id = %s", str(marie.user_id))
    click(app, "Archiver")
    assert "Archiver Paul Petit" not in words(app)
