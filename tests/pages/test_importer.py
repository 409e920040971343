"""« Importer des personnes »: the steps, the words, what each role sees, the way back."""

from dataclasses import replace
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import text

from core import imports, opening
from core.sheets import Sheet
from db.engine import open_engine
from tests.core.test_trips import counter
from tests.files import book, csv
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click

__all__ = ["counter"]

ROWS = ("Durand,Léa,0612345678,lea@exemple.fr,,", "Petit,Jo,abc,,,", "Roux,Zoé,,,,")


def give(app, content, name="liste.csv"):
    """Choose a file; small ones are read at once."""
    app.file_uploader[0].upload(name, content, "text/csv").run()
    assert not app.exception
    return app


def preview(app, *rows):
    return click(give(app, csv(*rows)), "Voir l'aperçu")


def done(app, *rows):
    preview(app, *rows)
    return click(app, next(label for label in buttons(app) if label.startswith("Importer ")))


def said(app):
    return words(app).replace("\xa0", " ")


@pytest.fixture
def people(database):
    return lambda: [row[0] for row in database.run("SELECT nom FROM asso.personnes WHERE nom <> 'Dupont' ORDER BY nom")]


@pytest.fixture
def screen(at, marie):
    return at("importer", marie)


def test_a_file_goes_through_its_columns_and_its_preview(screen, people):
    give(screen, csv(*ROWS))
    assert "liste.csv : 3 lignes" in said(screen)
    chosen = [box.value for box in screen.selectbox if box.label != "Ligne des titres"]
    assert chosen == ["nom", "prenom", "telephone_1", "email", "role", "note"]
    click(screen, "Voir l'aperçu")
    assert "2 créées, 0 modifiée, 0 inchangée, 0 doublon possible, 1 rejetée." in said(screen)
    assert list(screen.dataframe[0].value["Nom"]) == ["Durand", "Roux"]
    assert people() == []
    click(screen, "Importer 2 personnes")
    assert people() == ["Durand", "Roux"]
    assert "L'import est terminé : 2 personnes créées, 0 fiche modifiée." in alerts(screen)


def test_one_row_is_spoken_of_as_one(screen):
    assert "liste.csv : 1 ligne\n" in said(give(screen, csv(ROWS[0])))


def test_rejected_rows_say_why(screen):
    preview(screen, *ROWS)
    screen.segmented_control[0].set_value("rejected").run()
    shown = screen.dataframe[0].value
    assert list(shown["Ligne"]) == [3]
    assert "n'est pas un numéro de téléphone" in shown["Motif"][0]


def test_changes_are_shown_with_both_values(screen):
    done(screen, ROWS[0])
    click(screen, "Importer un autre fichier")
    preview(screen, "Durand,Léa,0698765432,lea@exemple.fr,employé,")
    changes = screen.dataframe[0].value["Changements"][0].replace("\xa0", " ")
    assert changes == "Téléphone 1 : 06 12 34 56 78 → 06 98 76 54 32 ; Rôle : Bénévole → Employé"


def test_rejected_rows_come_back_as_a_file_with_the_reason(screen, office, marie):
    done(screen, *ROWS)
    click(screen, "Préparer les lignes à corriger")
    address = screen.session_state["page:import_rejected"].done
    [row] = office.ask(text("SELECT kind, sealed FROM asso.downloads"))
    assert row.kind == "lignes_a_corriger"
    assert b"Petit" not in bytes(row.sealed)
    assert address.startswith("/telechargements/")


def test_a_wrong_column_is_changed_and_remembered(screen, at, marie, people):
    content = csv("Durand,Léa", header="Prénom,Nom")
    give(screen, content)
    boxes = {box.label: box for box in screen.selectbox}
    boxes["Prénom"].set_value("nom")
    boxes["Nom"].set_value("prenom").run()
    click(screen, "Voir l'aperçu")
    again = give(at("importer", marie), content)
    assert [box.value for box in again.selectbox][1:] == ["nom", "prenom"]


@pytest.mark.parametrize("line", [1, 11, 20])
def test_the_row_of_titles_that_was_guessed_is_the_one_that_is_said(screen, line):
    first, *others = [*(f"Titre {n}," for n in range(1, line)), "Nom,Prénom", "Durand,Léa"]
    give(screen, csv(*others, header=first))
    [box] = [box for box in screen.selectbox if box.label == "Ligne des titres"]
    assert box.value == line - 1
    assert box.options[box.index].replace("\xa0", " ") == f"Ligne {line} : Nom, Prénom"
    assert "Durand" in said(screen)


def test_the_rows_of_a_file_are_walked_once_however_many_columns_it_has(screen, monkeypatch):
    walks, below = [], Sheet.below
    monkeypatch.setattr(Sheet, "below", lambda sheet: walks.append(sheet) or below(sheet))
    give(screen, csv(*ROWS))
    walks.clear()
    screen.run()
    assert len(walks) == 1


def test_two_columns_for_one_field_are_refused(screen):
    give(screen, csv("Durand,Léa,x", header="Nom,Prénom,Statut"))
    screen.selectbox[3].set_value("nom").run()
    click(screen, "Voir l'aperçu")
    assert "Deux colonnes sont choisies pour « Nom ». Gardez-en une seule." in alerts(screen)


def test_another_header_row_and_another_sheet_can_be_chosen(screen):
    content = book(("Titre",), ("Qui", "Prénom"), ("Durand", "Léa"), Bureau=[("Nom", "Prénom"), ("Petit", "Jo")])
    give(screen, content, "liste.xlsx")
    boxes = {box.label: box for box in screen.selectbox}
    boxes["Ligne des titres"].set_value(1).run()
    assert "Qui" in [box.label for box in screen.selectbox]
    next(box for box in screen.selectbox if box.label == "Feuille").set_value("Bureau").run()
    assert "Nom" in [box.label for box in screen.selectbox]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * (6 * 1024 * 1024), "Ce fichier dépasse 5 Mo."),
        (b"nom\0,prenom", "Ce fichier contient des octets nuls"),
        (b"%PDF-1.7", "Ce fichier n'est ni un CSV ni un classeur Excel"),
        (b"", "Ce fichier est vide."),
    ],
    ids=["big", "nul", "pdf", "empty"],
)
def test_what_is_no_list_gets_a_clear_sentence_and_nothing_is_written(screen, content, words, people, deeds):
    before = deeds()
    give(screen, content)
    assert alerts(screen)[-1].startswith(words)
    assert "Fichier" in [found.label for found in screen.file_uploader]
    assert (people(), deeds()) == ([], before)


def test_doubtful_rows_are_created_only_when_asked(screen, people):
    done(screen, "Durand,Léa,0612345678,,,")
    click(screen, "Importer un autre fichier")
    preview(screen, "Durand,Léa,0698765432,,,")
    assert "Il n'y a rien à créer ni à modifier." in alerts(screen)
    screen.checkbox[0].check().run()
    click(screen, "Importer 1 personne")
    assert people() == ["Durand", "Durand"]


def test_codes_are_offered_to_who_may_issue_them(screen, database):
    preview(screen, ROWS[0])
    next(box for box in screen.checkbox if "code d'invitation" in box.label).check().run()
    click(screen, "Importer 1 personne")
    assert database.run("SELECT count(*) FROM asso.user_invites") == [(1,)]
    click(screen, "Préparer la liste des codes")
    assert screen.session_state["page:import_codes_file"].done


@pytest.fixture
def with_codes(screen):
    """An import that has just made a code."""
    preview(screen, ROWS[0])
    next(box for box in screen.checkbox if "code d'invitation" in box.label).check().run()
    return click(screen, "Importer 1 personne")


def test_a_file_that_was_lost_on_its_way_is_prepared_again(with_codes):
    addresses = set()
    for _ in "ab":
        click(with_codes, "Préparer la liste des codes")
        addresses.add(with_codes.session_state["page:import_codes_file"].done)
    assert len(addresses) == 2


def test_new_codes_are_still_there_after_another_page(with_codes):
    with_codes.switch_page("pages/accueil.py").run()
    with_codes.switch_page("pages/importer.py").run()
    click(with_codes, "Préparer la liste des codes")
    click(with_codes, "Importer un autre fichier")
    assert with_codes.file_uploader


def test_undoing_another_import_takes_no_codes_away(screen, people, clock):
    done(screen, ROWS[2])
    clock.advance(seconds=1)
    click(screen, "Importer un autre fichier")
    preview(screen, ROWS[0])
    next(box for box in screen.checkbox if "code d'invitation" in box.label).check().run()
    click(screen, "Importer 1 personne")
    [_, older] = [button for button in screen.button if button.label == "Annuler cet import"]
    older.click().run()
    click(screen, "Annuler l'import")
    assert people() == ["Durand"]
    assert "Préparer la liste des codes" in buttons(screen)


@pytest.mark.parametrize(("codes", "advice"), [(True, "Gardez cet onglet ouvert"), (False, "Vous pouvez quitter")])
def test_who_waits_for_codes_is_told_to_stay(screen, monkeypatch, codes, advice):
    go = Event()
    monkeypatch.setattr(imports, "apply", lambda *_, **__: go.wait() and imports.Imported(UUID(int=0), 1, 0, 0))
    preview(screen, ROWS[0])
    if codes:
        screen.checkbox[-1].check().run()
    click(screen, "Importer 1 personne")
    assert advice in "".join(bar.proto.text for bar in screen.get("progress"))
    go.set()


def test_an_employe_gives_no_roles_and_no_codes(at, karim, database):
    app = give(at("importer", karim), csv("Durand,Léa,,,employé,"))
    assert "Les rôles du fichier ne sont pas repris : seul un administrateur en donne." in said(app)
    click(app, "Voir l'aperçu")
    assert not app.checkbox
    click(app, "Importer 1 personne")
    assert database.run("SELECT role FROM asso.personnes WHERE nom = 'Durand'") == [("bénévole",)]


def test_a_benevole_is_turned_away(at, lucie):
    app = at("importer", lucie)
    assert not app.file_uploader
    assert "Votre rôle ne permet pas cette action." in alerts(app)[0]


def test_fiches_that_changed_since_the_preview_bring_a_fresh_one(screen, database, people):
    done(screen, ROWS[0])
    click(screen, "Importer un autre fichier")
    preview(screen, "Durand,Léa,0698765432,lea@exemple.fr,,", "Roux,Zoé,,,,")
    database.run("UPDATE asso.personnes SET version = version + 1 WHERE nom = 'Durand'")
    click(screen, "Importer 2 personnes")
    assert "Des fiches ont changé depuis l'aperçu. Rien n'a été importé : voici l'aperçu à jour." in alerts(screen)
    assert people() == ["Durand"]
    click(screen, "Importer 2 personnes")
    assert people() == ["Durand", "Roux"]


def test_an_import_is_undone_from_the_list_of_past_ones(screen, people):
    done(screen, ROWS[0])
    click(screen, "Annuler cet import")
    click(screen, "Annuler l'import")
    assert people() == []
    assert "L'import est annulé : 1 fiche effacée." in alerts(screen)


def test_who_stands_against_undoing_is_named(screen, people, database):
    done(screen, ROWS[0])
    database.run("UPDATE asso.personnes SET version = version + 1 WHERE nom = 'Durand'")
    click(screen, "Annuler cet import")
    click(screen, "Annuler l'import")
    assert "Cet import ne peut plus être annulé : une fiche a changé depuis." in alerts(screen)
    assert "· Durand Léa" in said(screen)
    assert people() == ["Durand"]


def test_undoing_says_that_a_fiche_is_there_no_more(screen, people, database):
    done(screen, ROWS[0])
    database.run("DELETE FROM asso.personnes WHERE nom = 'Durand'")
    click(click(screen, "Annuler cet import"), "Annuler l'import")
    said = "Cet import ne peut plus être annulé : une fiche a été effacée ou fusionnée depuis."
    assert said in alerts(screen)


def test_an_old_proof_is_renewed_before_the_file_is_chosen(at, marie, clock):
    clock.advance(minutes=11)
    app = at("importer", marie)
    if "Confirmer mon identité" not in buttons(app):  # the session of the test is fresh
        clock.advance(minutes=11)
        app.run()
    click(app, "Confirmer mon identité")
    assert "Cette action est sensible" in said(app)


def test_names_are_text_wherever_they_stand(screen):
    done(screen, "**gras**,:smile:,,,,", "Petit,Jo,abc,,,")
    assert "gras" not in "".join([*alerts(screen), *(found.value for found in screen.markdown)])


def test_the_screen_costs_two_trips(at, office, marie, database, counter, monkeypatch):
    """The session check, and the imports of the past."""
    app = at("importer", marie, alone=True)
    engine = open_engine(counter.url(database.url()), pool_size=1)
    far = replace(office, engine=engine)
    far.ask(text("SELECT 1"))
    monkeypatch.setattr(opening, "current", lambda: far)
    counter.reset()
    app.run()
    engine.dispose()
    assert not app.exception
    assert counter.trips == 2
