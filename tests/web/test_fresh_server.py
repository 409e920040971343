"""Streamlit runs a file of pages/ without Home.py until some session has called st.navigation: the first one asked."""

from collections.abc import Iterator

import pytest

from tests.serving import ROOT, Server
from tests.web.streamlit_socket import opened, titles_of

SCREENS = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
TITLES = {
    "activer_mon_acces": "Activer mon accès",
    "mot_de_passe_oublie": "Réinitialiser mon mot de passe",
    "confirmer_email": "Confirmer mon adresse email",
    "pas_moi": "Ce n'était pas moi",
}


# Read by Python before the application: each session begins as the first one of its server does.
FORGET = """
from streamlit.runtime.pages_manager import PagesManager

begin = PagesManager.__init__

def begin_again(manager, *arguments, **options):
    PagesManager.uses_pages_directory = None
    begin(manager, *arguments, **options)

PagesManager.__init__ = begin_again
"""


@pytest.fixture(scope="module")
def always_fresh(tmp_path_factory) -> Iterator[Server]:
    """A server for which each session is the first one: to start one for each page takes a minute, and one real start
    is looked at among the tests of the served application."""
    folder = tmp_path_factory.mktemp("fresh")
    (folder / "sitecustomize.py").write_text(FORGET)
    server = Server(PYTHONPATH=str(folder)).start()
    yield server
    server.remove()


@pytest.mark.parametrize("first", SCREENS)
def test_the_first_page_asked_of_a_fresh_server_guards_itself(always_fresh, first):
    with opened(always_fresh, {}) as websocket:
        assert titles_of(websocket, first) == [TITLES.get(first, "Connexion")]
