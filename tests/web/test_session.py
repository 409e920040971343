"""POST and DELETE /session: from a one-time ticket to a cookie, and back."""

import pytest

from core import sessions
from core.errors import SessionEnded

OURS = {"sec-fetch-site": "same-origin"}
SITE = "https://acces.exemple.fr"


def post(client, ticket, **headers):
    return client.post("/session", json={"ticket": ticket}, headers=OURS | headers)


def test_a_ticket_becomes_a_cookie_that_no_script_reads(browser, ticket):
    answer = post(browser(), ticket)
    assert answer.status_code == 204
    flags = set(answer.headers["set-cookie"].split("; ")[1:])
    assert flags == {"HttpOnly", "Path=/", "SameSite=lax"}


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(browser, ticket):
    cookie = post(browser(public_url=SITE), ticket).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}


def test_the_cookie_is_the_person_of_the_ticket(browser, ticket, office, visitor):
    client = browser()
    post(client, ticket)
    assert sessions.resume(office, visitor, token=client.cookies["session"]).prenom == "Marie"


def test_a_ticket_works_once(browser, ticket):
    assert [post(browser(), ticket).status_code for _ in range(2)] == [204, 400]


def test_a_ticket_works_for_thirty_seconds(browser, ticket, clock):
    clock.advance(seconds=31)
    assert post(browser(), ticket).status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_site_can_neither_open_nor_close_a_session(browser, ticket, site):
    client = browser()
    assert post(client, ticket, **{"sec-fetch-site": site}).status_code == 403
    assert client.delete("/session", headers={"sec-fetch-site": site}).status_code == 403
    assert post(client, ticket).status_code == 204


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost:8501", 204), ("http://evil.example", 403), ("null", 403), (None, 403)],
)
def test_an_old_browser_is_judged_by_its_origin(browser, ticket, origin, status):
    headers = {"origin": origin} if origin else {}
    assert browser().post("/session", json={"ticket": ticket}, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"ticket=x", "application/x-www-form-urlencoded", 415),
        (b'{"ticket": "x"}', "text/plain", 415),
        (b"not json", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"ticket": 7}', "application/json", 400),
        ('{"ticket": "é"}'.encode(), "application/json", 400),
        (b"[" * 1000, "application/json", 400),
        (b'{"ticket": "' + b"x" * 2000 + b'"}', "application/json", 413),
    ],
)
def test_what_is_no_ticket_is_refused(browser, body, kind, status):
    answer = browser().post("/session", content=body, headers=OURS | {"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["message"]


def test_signing_out_ends_the_session_and_clears_the_browser(browser, ticket, office, visitor):
    client = browser()
    post(client, ticket)
    token = client.cookies["session"]
    answer = client.delete("/session", headers=OURS)
    assert (answer.status_code, answer.headers["clear-site-data"]) == (204, '"cache"')
    assert "session" not in client.cookies
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token)


def test_signing_out_without_a_session_is_no_error(browser):
    assert browser().delete("/session", headers=OURS).status_code == 204


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "OPTIONS"])
def test_session_answers_to_nothing_else(browser, method):
    answer = browser().request(method, "/session", headers=OURS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, POST")


def test_the_session_keeps_the_address_that_a_trusted_proxy_reports(browser, ticket, database):
    client = browser(peer="10.0.0.1", trusted_proxies=("10.0.0.1",))
    post(client, ticket, **{"x-forwarded-for": "198.51.100.1"})
    assert ("198.51.100.1",) in database.run("SELECT ip FROM asso.user_sessions")
