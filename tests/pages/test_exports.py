"""« Exporter » on a list, and « Exporter mes données »."""

import pytest
from streamlit.testing.v1 import AppTest

from core.exports import Format
from core.wanted import Wanted
from tests.pages.conftest import words
from tests.pages.gestures import alerts, buttons, click
from tests.pages.gestures import choose as take


def listing(office, actor, wanted, ids):
    """A page with nothing but the button."""
    from ui import exports, step_up

    exports.offer(office, actor, wanted, ids)
    step_up.offer(office, actor, back_to="/personnes")


@pytest.fixture
def offered(office, monkeypatch):
    """The button for somebody: offered(marie), offered(marie, wanted, ids)."""
    from ui import frame

    def draw(actor, wanted=Wanted(), ids=()):  # noqa: B008 (frozen)
        monkeypatch.setattr(frame, "actor", lambda: actor)
        return AppTest.from_function(listing, args=(office, actor, wanted, ids), default_timeout=30).run()

    return draw


def choose(app, kind):
    """Take a format in the menu."""
    app.menu_button[0].click(kind).run()
    assert not app.exception
    return app


def links(app):
    return [(found.proto.label, found.proto.url.rpartition("/")[0]) for found in app.get("link_button")]


def test_a_chosen_format_is_prepared_and_fetched_by_a_link(offered, marie, karim):
    app = choose(offered(marie), Format.CSV)
    assert links(app) == [("Télécharger le fichier", "/telechargements")]
    assert "**CSV (Excel)\u00a0: 2 personnes.**" in words(app)


def test_the_sheet_to_sign_opens_in_a_tab(offered, karim):
    app = choose(offered(karim), Format.EMARGEMENT)
    assert links(app) == [("Ouvrir la feuille", "/telechargements")]
    assert "1 personne" in words(app)


def test_the_button_says_how_many_are_selected(offered, marie, jean):
    app = offered(marie, ids=(jean, marie.personne_id))
    assert app.menu_button[0].label == "Exporter (2)"
    assert "2 personnes" in words(choose(app, Format.VCARD))


def test_closing_forgets_the_file(offered, marie):
    app = click(choose(offered(marie), Format.XLSX), "Fermer")
    assert links(app) == []


def test_who_may_not_export_sees_no_button(offered, lucie):
    assert list(offered(lucie).menu_button) == []


def test_an_old_proof_is_asked_again_first(offered, marie, clock):
    clock.advance(minutes=11)
    app = choose(offered(marie), Format.CSV)
    assert links(app) == []
    assert "Confirmer" in buttons(app)


def test_own_data_are_prepared_on_mon_compte(at, lucie):
    app = click(at("mon_compte", lucie), "Exporter mes données")
    assert links(app) == [("Télécharger mes données", "/telechargements")]
    assert alerts(app) == []


def fetch(app):
    """Click the link of the prepared file, as a browser does; its address."""
    link = app.get("link_button")[0].proto
    sent = app._tree.get_widget_states()
    sent.widgets.add(id=link.id, trigger_value=True)
    app._run(sent)
    return link.url


@pytest.mark.parametrize(
    ("page", "part", "button"),
    [
        ("mon_compte", None, "Exporter mes données"),
        ("personne", "Accès", "Exporter ses données"),
        ("journal", None, "Exporter"),
    ],
)
def test_a_file_that_was_fetched_can_be_prepared_again(at, marie, jean, page, part, button):
    app = at(page, marie, **({"id": str(jean)} if part else {}))
    click(take(app, "Partie de la fiche", part) if part else app, button)
    first = fetch(app)
    assert links(app) == []
    click(app, button)
    assert fetch(app) != first


def two_files():
    """A page with nothing but two files."""
    from ui import exports

    exports.link("Un", "/telechargements/1")
    exports.link("Deux", "/telechargements/2")


def test_a_second_file_does_not_bring_back_the_link_of_the_first():
    app = AppTest.from_function(two_files, default_timeout=30).run()
    assert [fetch(app), fetch(app)] == ["/telechargements/1", "/telechargements/2"]
    assert links(app) == []
