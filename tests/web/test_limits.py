"""How many requests one address may send, and who may send a file."""

from unittest.mock import Mock

import pytest

from core.errors import Unavailable

OURS = {"sec-fetch-site": "same-origin"}
SILENT = Mock(side_effect=Unavailable)
FILE = "/_stcore/upload_file/session/file"


def ask(client):
    return client.post("/session", json={"ticket": "x"}, headers=OURS)


def test_the_thirty_first_request_of_a_minute_waits(browser):
    client = browser()
    assert {ask(client).status_code for _ in range(30)} == {400}
    answer = ask(client)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.json() == {"message": "Trop de demandes. Réessayez dans un moment."}


def test_who_wants_a_file_too_often_gets_a_page(browser):
    client = browser()
    answer = [client.get("/telechargements/x") for _ in range(31)][-1]
    assert (answer.status_code, answer.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert "Trop de demandes. Réessayez dans un moment." in answer.text
    assert 1 <= int(answer.headers["retry-after"]) <= 60


def test_the_next_minute_is_open_again(browser, clock):
    client = browser()
    assert [ask(client).status_code for _ in range(31)][-1] == 429
    clock.advance(seconds=61)
    assert ask(client).status_code == 400


def test_another_address_is_not_concerned(browser):
    client = browser()
    assert [ask(client).status_code for _ in range(31)][-1] == 429
    assert ask(browser(peer="203.0.113.8")).status_code == 400


def test_a_script_gains_nothing_by_changing_cookies_or_inventing_addresses(browser):
    client = browser()
    for number in range(31):
        client.cookies = {"browser": f"b{number}", "session": f"s{number}"}
        client.headers["x-forwarded-for"] = f"198.51.100.{number}"
        answer = ask(client)
    assert answer.status_code == 429


def test_a_customer_of_ipv6_is_one_neighbourhood(browser):
    assert [ask(browser(peer=f"2001:db8::{n:x}")).status_code for n in range(31)][-1] == 429
    assert ask(browser(peer="2001:db8:0:1::1")).status_code == 400


def test_pages_and_files_are_not_counted(browser, database):
    client = browser()
    assert {client.get(path).status_code for path in ("/", "/asso/logo.svg", "/_stcore/health") * 20} == {200}
    assert database.run("SELECT count(*) FROM asso.rate_counters") == [(0,)]


def test_nobody_sends_a_file_without_being_signed_in(browser):
    client = browser()
    assert client.put(FILE, content=b"x").status_code == 403
    client.cookies = {"session": "s"}
    assert client.put(FILE, content=b"x").status_code == 200


def test_sent_files_are_counted(browser):
    client = browser()
    client.cookies = {"session": "s"}
    assert [client.put(FILE, content=b"x").status_code for _ in range(31)][-1] == 429


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_silent_database_is_said_in_french(browser, monkeypatch, method):
    monkeypatch.setattr("core.sessions.open", SILENT)
    monkeypatch.setattr("core.sessions.close_by_token", SILENT)
    client = browser()
    client.cookies = {"session": "s"}
    answer = client.request(method, "/session", json={"ticket": "x"}, headers=OURS)
    assert answer.status_code == 503
    assert answer.json()["message"].startswith("La base de données ne répond pas")


def test_a_limit_that_cannot_be_counted_lets_nobody_through(browser, monkeypatch):
    monkeypatch.setattr("core.limits.count_request", SILENT)
    assert ask(browser()).status_code == 503
