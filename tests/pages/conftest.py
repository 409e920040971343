"""Screens without a browser: Streamlit's AppTest on the real pages, the real services and the real database."""

import functools
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core import opening
from tests.conftest import VISITOR, token_of
from ui import browser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def _components_are_looked_for_once():
    """AppTest reads what every installed package says of itself at each run, which was nine tenths of its time."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture
def at(office, monkeypatch):
    """Open a page as somebody (None: a visitor): at("personnes", marie); `alone` runs the file without Home.py."""
    monkeypatch.setattr(opening, "current", lambda: office)
    monkeypatch.setattr(browser, "came_through_edge", lambda: True)
    monkeypatch.setattr(browser, "visitor", lambda: VISITOR)

    def open_page(page, actor, /, *, alone=False, **query):
        token = token_of(office, actor) if actor else None
        monkeypatch.setattr(browser, "token", lambda office: token)
        file = ROOT / "pages" / f"{page}.py"
        app = AppTest.from_file(str(file if alone else ROOT / "Home.py"), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app if alone else app.switch_page(str(file)).run()

    return open_page


def words(app):
    """Everything the screen says."""
    elements = [*app.title, *app.header, *app.subheader, *app.text, *app.markdown, *app.caption]
    boxes = [*app.info, *app.success, *app.warning, *app.error]
    return "\n".join(str(element.value) for element in [*elements, *boxes])
