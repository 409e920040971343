"""How many requests one person, or one address, may send, and who may send a file."""

from unittest.mock import Mock

import pytest

from core import sessions
from core.errors import Unavailable
from core.roles import Role
from tests.conftest import enrol, token_of

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


def test_a_line_break_in_an_address_is_no_way_around(browser):
    client = browser()
    assert [client.get("/telechargements/x%0Ay").status_code for _ in range(31)][-1] == 429


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


@pytest.fixture
def signed_in(browser, office):
    """A browser with the cookie of an open session of somebody."""

    def opened(actor, **words):
        client = browser(**words)
        client.cookies = {"session": token_of(office, actor)}
        return client

    return opened


def test_two_people_at_one_address_have_thirty_each(signed_in, karim, lucie):
    first, second = signed_in(karim), signed_in(lucie)
    assert [ask(first).status_code for _ in range(31)][-1] == 429
    assert [ask(second).status_code for _ in range(31)] == [400] * 30 + [429]


def test_who_is_signed_in_has_thirty_wherever_and_in_however_many_browsers(signed_in, karim):
    clients = [signed_in(karim, peer=f"203.0.113.{number}") for number in range(2)]
    assert [ask(clients[number % 2]).status_code for number in range(31)][-1] == 429


def test_an_office_that_is_signed_in_leaves_the_address_to_those_who_are_not(signed_in, browser, karim):
    client = signed_in(karim)
    assert [ask(client).status_code for _ in range(31)][-1] == 429
    assert ask(browser()).status_code == 400


@pytest.mark.parametrize("end", ["closed", "idle"])
def test_a_session_that_is_over_counts_for_its_address(office, signed_in, browser, karim, clock, end):
    client, other = signed_in(karim), browser()
    if end == "closed":
        sessions.close_by_token(office, karim.visitor, token=client.cookies["session"])
    else:
        clock.advance(minutes=31)
    assert [ask(client).status_code for _ in range(31)][-1] == 429
    assert ask(other).status_code == 429


def test_counted_requests_do_not_keep_a_session_open(office, signed_in, karim, clock):
    client = signed_in(karim)
    for _ in range(4):
        clock.advance(minutes=10)
        ask(client)
    with pytest.raises(sessions.SessionEnded):
        sessions.resume(office, karim.visitor, token=client.cookies["session"])


@pytest.mark.parametrize("cookies", [{}, {"session": "invented"}, {"session": ""}])
def test_nobody_sends_a_file_without_being_signed_in(browser, cookies):
    client = browser()
    client.cookies = cookies
    assert client.put(FILE, content=b"x").status_code == 403


@pytest.mark.parametrize("path", [f"{FILE}%0Ax", f"{FILE}%2Fx", f"{FILE}/../x", "/_stcore/upload_file/"])
def test_no_other_spelling_of_the_address_lets_a_file_in(browser, path):
    assert browser().put(path, content=b"x").status_code in {403, 404}


@pytest.mark.parametrize(("role", "status"), [(Role.BENEVOLE, 403), (Role.EMPLOYE, 200), (Role.ADMINISTRATEUR, 200)])
def test_those_who_may_import_send_files_and_nobody_else(office, signed_in, role, status):
    assert signed_in(enrol(office, "Zoé", "Roux", role)).put(FILE, content=b"x").status_code == status


def test_a_file_of_somebody_who_may_not_is_audited(signed_in, lucie, deeds):
    signed_in(lucie).put(FILE, content=b"x")
    assert deeds()[-1] == ("not_allowed", "refused")


def test_who_must_change_the_password_first_sends_no_file(signed_in, karim, database):
    database.run("UPDATE asso.users SET password_change_required_at = now()")
    assert signed_in(karim).put(FILE, content=b"x").status_code == 403


def test_sent_files_are_counted(signed_in, karim):
    client = signed_in(karim)
    assert [client.put(FILE, content=b"x").status_code for _ in range(31)] == [200] * 30 + [429]


def test_a_file_waits_for_a_database_that_is_silent(signed_in, karim, monkeypatch):
    client = signed_in(karim)
    monkeypatch.setattr("core.sessions.resume", SILENT)
    assert client.put(FILE, content=b"x").status_code == 503


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
    monkeypatch.setattr("core.limits.reserve", SILENT)
    assert ask(browser()).status_code == 503
