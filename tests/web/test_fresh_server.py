"""Streamlit runs a file of pages/ without Home.py until some session has called st.navigation: the first one asked."""

from collections.abc import Iterator

import pytest

from tests.serving import Server
from tests.web.streamlit_socket import opened, titles_of

# A screen of those who are signed in, and one of everybody; tests/pages/test_screens.py asks each of them alone.
SCREENS = {"personnes": "Connexion", "confirmer_email": "Confirmer mon adresse email"}


@pytest.fixture(scope="module")
def house() -> Iterator[Server]:
    """A server that is ended and started again, with a database that goes on meanwhile."""
    server = Server().start()
    assert server.database.pid
    server.end()
    yield server
    server.remove()


@pytest.mark.parametrize("first", SCREENS)
def test_the_first_page_asked_of_a_fresh_server_guards_itself(house, first):
    house.start()
    try:
        with opened(house, {}) as websocket:
            assert titles_of(websocket, first) == [SCREENS[first]]
    finally:
        house.end()
