"""Which headers every answer carries."""

import pytest

from web.headers import FIXED, HSTS

PAGES = ["/", "/connexion", "/personnes?q=dupont"]
FILES = ["/static/css/index.C1JORDN2.css", "/asso/francais.js", "/asso/logo.svg"]
OTHERS = ["/_stcore/health", "/media/photo.png", "/healthz"]
REFUSED = ["/session", "/_stcore/agent/mcp", "/static/absent.js", "/asso/absent", "/wp-login.php", "/a/b/c"]
BROKEN = ["/_stcore/bidi-components/broken"]


def directives(answer):
    pairs = (part.partition(" ") for part in answer.headers["content-security-policy"].split("; "))
    return {name: sources.split() for name, _, sources in pairs}


@pytest.mark.parametrize("path", PAGES + FILES + OTHERS + REFUSED + BROKEN)
def test_every_kind_of_answer_carries_the_security_headers(browser, path):
    answer = browser().get(path)
    assert {name: answer.headers[name] for name in FIXED} == FIXED
    assert directives(answer)["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"host": ""}])
def test_a_refused_host_gets_the_security_headers_too(browser, headers):
    answer = browser().get("/", headers=headers)
    assert answer.status_code == 400
    assert {name: answer.headers[name] for name in FIXED} == FIXED


def test_scripts_come_from_here_or_by_their_digest(browser):
    scripts = directives(browser().get("/"))["script-src"]
    assert scripts[0] == "'self'"
    assert all(source == "blob:" or source.startswith("'sha256-") for source in scripts[1:])


@pytest.mark.parametrize("name", ["object-src", "base-uri", "frame-ancestors"])
def test_nothing_is_embedded_and_nobody_embeds_us(browser, name):
    assert directives(browser().get("/"))[name] == ["'none'"]


def test_a_page_speaks_to_the_websocket_of_its_own_host(browser):
    allowed = directives(browser().get("/", headers={"host": "127.0.0.1:8600"}))["connect-src"]
    assert allowed == ["'self'", "ws://127.0.0.1:8600"]


def test_an_unknown_host_is_not_repeated_in_the_policy(browser):
    assert directives(browser().get("/", headers={"host": "evil.example"}))["connect-src"] == ["'self'"]


def test_https_is_asked_for_a_year_when_it_is_there(browser):
    assert browser(public_url="https://acces.exemple.fr").get("/").headers["strict-transport-security"] == HSTS
    assert "strict-transport-security" not in browser().get("/").headers


def test_the_cookies_of_streamlit_are_secure_over_https(browser):
    cookie = browser(public_url="https://acces.exemple.fr").get("/_stcore/health").headers["set-cookie"]
    assert "; Secure" in cookie
    assert "SameSite=Lax" in cookie


def test_a_cookie_that_is_secure_already_is_left_alone(browser):
    cookie = browser(public_url="https://acces.exemple.fr").get("/").headers["set-cookie"]
    assert cookie.count("Secure") == cookie.lower().count("samesite") == 1


@pytest.mark.parametrize("path", PAGES + OTHERS + REFUSED + BROKEN)
def test_no_browser_keeps_what_is_not_a_file(browser, path):
    assert browser().get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", FILES)
def test_files_are_kept(browser, path):
    assert "max-age" in browser().get(path).headers["cache-control"]
