"""GET /telechargements/{token}: once, in time, for the session that asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from core import downloads, erasure, fiche_exports, sessions
from core.print_page import POLICY
from core.roles import Permission
from tests.conftest import VISITOR
from tests.web.conftest import new_ticket

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def essay():
    """A kind of file of the tests."""
    downloads.register(
        "essai",
        "Liste à télécharger.txt",
        "text/plain",
        lambda office, actor, wanted: iter([wanted["text"].encode(), b" fin"]),
        permission=Permission.ACCOUNT_OWN,
    )
    yield
    downloads.KINDS.pop("essai")


def signed_in(browser, office, actor):
    """A browser with a session of `actor`, and the actor of that session."""
    client = browser()
    opened = sessions.open(office, VISITOR, ticket=new_ticket(office, actor.user_id))
    client.cookies.set("session", opened.token)
    return client, sessions.resume(office, VISITOR, token=opened.token)


@pytest.fixture
def prepared(browser, office, marie):
    """Marie's browser and the address of what she prepared in it."""
    client, actor = signed_in(browser, office, marie)
    return client, downloads.prepare(office, actor, kind="essai", wanted={"text": "é" * 100_000})


def kinds_after(*modules):
    """The kinds of files that a process knows which has imported `modules` and nothing else."""
    program = f"import {', '.join(modules)}; from core.downloads import KINDS; print(*sorted(KINDS))"
    asked = [sys.executable, "-c", program]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_a_server_that_has_drawn_no_screen_knows_every_kind_of_file():
    every_module = [f"core.{file.stem}" for file in (ROOT / "core").glob("*.py") if file.stem != "__init__"]
    assert kinds_after("web.downloads") == kinds_after(*every_module)


def test_the_file_comes_whole_with_a_french_name(prepared):
    client, address = prepared
    answer = client.get(address)
    assert (answer.status_code, answer.text) == (200, "é" * 100_000 + " fin")
    name = "Liste%20%C3%A0%20t%C3%A9l%C3%A9charger%202026-11-21.txt"
    assert answer.headers["content-disposition"].endswith(f"filename*=UTF-8''{name}")
    assert answer.headers["content-disposition"].startswith('attachment; filename="Liste _ t_l_charger 2026-11-21.txt"')


def test_no_browser_keeps_it_guesses_its_type_or_runs_it(prepared):
    client, address = prepared
    headers = client.get(address).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_second_fetch_gets_a_page_that_says_what_to_do(prepared):
    client, address = prepared
    client.get(address)
    again = client.get(address)
    assert again.status_code == 410
    assert "une seule fois" in again.text
    assert 'href="/personnes"' in again.text
    assert again.headers["cache-control"] == "no-store"


def test_after_five_minutes_it_is_over(prepared, clock, database):
    client, address = prepared
    clock.advance(minutes=5)
    assert client.get(address).status_code == 410
    assert database.run("SELECT count(*) FROM asso.downloads") == [(0,)]


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT"])
def test_looking_at_the_address_does_not_use_it(prepared, method):
    client, address = prepared
    assert client.request(method, address).status_code == 405
    assert client.get(address, headers={"sec-purpose": "prefetch"}).status_code == 405
    assert client.get(address).status_code == 200


def test_another_session_even_of_the_same_person_gets_nothing_and_spoils_nothing(prepared, browser, office, marie):
    client, address = prepared
    other, _ = signed_in(browser, office, marie)
    assert other.get(address).status_code == 410
    assert client.get(address).status_code == 200


def test_nobody_is_served_without_a_session_or_after_it(prepared, browser, office):
    client, address = prepared
    assert browser().get(address).status_code == 401
    sessions.close_by_token(office, VISITOR, token=client.cookies["session"])
    answer = client.get(address)
    assert (answer.status_code, "Reconnectez-vous" in answer.text) == (401, True)


def test_a_fiche_erased_meanwhile_is_said_to_be_gone(browser, office, marie, jean):
    client, actor = signed_in(browser, office, marie)
    address = fiche_exports.prepare(office, actor, id=jean)
    erasure.erase(office, actor, id=jean, typed="Jean Michel")
    answer = client.get(address)
    assert answer.status_code == 410
    assert "La fiche n&#x27;existe plus\u00a0: elle a été effacée ou fusionnée" in answer.text


def test_requests_are_counted_like_those_of_other_routes(browser):
    client = browser()
    statuses = [client.get("/telechargements/x").status_code for _ in range(31)]
    assert (statuses[0], statuses[-1]) == (401, 429)


def test_a_page_to_print_opens_in_the_tab_and_runs_one_script(browser, office, marie):
    client, actor = signed_in(browser, office, marie)
    downloads.register(
        "essai",
        "Feuille.html",
        "text/html; charset=utf-8",
        lambda *_: iter([b"<p>"]),
        permission=Permission.ACCOUNT_OWN,
        inline=True,
    )
    answer = client.get(downloads.prepare(office, actor, kind="essai", wanted={}))
    assert answer.headers["content-disposition"].startswith("inline; ")
    assert answer.headers["content-security-policy"] == POLICY


def test_a_file_that_cannot_be_made_is_an_error_and_not_half_a_file(browser, office, marie):
    client, actor = signed_in(browser, office, marie)

    def broken(*_):
        yield b"la moiti"
        raise ValueError("no more")

    downloads.register("essai", "x.csv", "text/csv", broken, permission=Permission.ACCOUNT_OWN)
    answer = client.get(downloads.prepare(office, actor, kind="essai", wanted={}))
    assert (answer.status_code, "moiti" in answer.text) == (500, False)
