"""What a first visit transfers, and how it is packed."""

import pytest

from core import sessions
from core.roles import Role
from tests.browser.screen import appears
from tests.conftest import VISITOR, enrol
from tests.web.conftest import new_ticket

MEGABYTE_AND_A_HALF = 1_500_000


@pytest.fixture
def transferred(new_browser):
    """Open an address in a browser that has never been here, and count the bytes until the screen is still."""

    def visit(address, title, *cookies):
        context = new_browser()
        context.add_cookies(list(cookies))
        page, sizes = context.new_page(), []
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(address)
        appears(page.get_by_role("heading", name=title, exact=True))
        page.wait_for_load_state("networkidle")
        return sum(sizes)

    return visit


@pytest.fixture(scope="module")
def marie_s_cookie(server):
    office = server.office()
    marie = enrol(office, "Marie", "Dupont", Role.ADMINISTRATEUR)
    opened = sessions.open(office, VISITOR, ticket=new_ticket(office, marie.user_id))
    return {"name": "session", "value": opened.token, "url": server.url}


def test_a_first_visit_to_connexion_is_at_most_a_megabyte_and_a_half(transferred):
    assert transferred("/connexion", "Connexion") <= MEGABYTE_AND_A_HALF


@pytest.mark.parametrize(("address", "title"), [("/personnes", "Personnes"), ("/mon_compte", "Mon compte")])
def test_so_is_a_first_visit_to_a_screen_with_everything(transferred, marie_s_cookie, address, title):
    assert transferred(address, title, marie_s_cookie) <= MEGABYTE_AND_A_HALF
