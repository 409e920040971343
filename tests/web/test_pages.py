"""The page that every address answers with."""

import pytest

from web import start
from web.pages import shell

INDEX = """<html lang="en"><link rel="shortcut icon" href="./favicon.png" /><link rel="preload" href="./f.woff2" />
<title>Streamlit</title>
<!-- agents --><link rel="service-desc" href="./_stcore/agent/openapi.json" />
<script>theirs()</script><script type="module" src="./static/js/index.js"></script>
<noscript>You need</noscript></html>"""


@pytest.fixture
def page(browser):
    return browser(association="Les amis d'<Alma>").get("/personnes")


def test_the_page_is_in_french(page):
    assert '<html lang="fr">' in page.text
    assert "activez JavaScript" in page.text
    assert "You need to enable" not in page.text


def test_the_title_is_the_association_as_plain_text(page):
    assert "<title>Les amis d&#x27;&lt;Alma&gt;</title>" in page.text


def test_the_page_says_nothing_of_the_agent_api(page):
    assert "service-desc" not in page.text
    assert "agent" not in page.text


def test_our_scripts_run_before_those_of_streamlit(page):
    ours, theirs = page.text.index("/asso/francais.js?v="), page.text.index('<script type="module"')
    assert page.text.index("/asso/mots.js?v=") < ours < theirs


def test_a_script_written_in_the_page_is_allowed_by_its_digest():
    page = shell(INDEX, title="", first="early()")
    assert set(page.script_hashes) == {
        "sha256-G2Y/0fpEoq/QMzbid/byF0KE5sX9e6ar19Om2+xoMnU=",
        "sha256-dtNeaGolj98n6UsOEVMS0J3uiifttX37yIHcg1xKhNU=",
    }


def test_what_the_page_knows_of_the_theme_ends_no_script():
    text = start.script({"dark": {"textColor": "</script><script>", "font": "Atkinson", "baseFontSize": 17}})
    assert '"DARK_THEME": {"bodyFont": "Atkinson", "textColor": "\\u003c/script>\\u003cscript>"}' in text


def test_the_first_font_of_the_theme_is_asked_for_at_once():
    faces = [{"family": "A", "url": "/asso/fonts/a.woff2"}, {"family": "B", "url": "/asso/fonts/b.woff2"}]
    assert 'href="/asso/fonts/a.woff2"' in start.preloads({"light": {"fontFaces": faces}})
    assert start.preloads({"light": {}}) == ""


def test_a_streamlit_that_writes_its_page_otherwise_is_noticed_at_start():
    with pytest.raises(ValueError, match="html lang"):
        shell(INDEX.replace('lang="en"', 'lang="fr"'), title="")


def test_a_browser_gets_a_cookie_of_its_own_once(browser):
    client = browser()
    cookie = client.get("/").headers["set-cookie"]
    assert cookie.startswith("browser=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "set-cookie" not in client.get("/connexion").headers


def test_over_https_the_cookie_is_bound_to_the_host(browser):
    cookie = browser(public_url="https://acces.exemple.fr").get("/").headers["set-cookie"]
    assert cookie.startswith("__Host-browser=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_the_page_comes_packed_as_the_browser_likes_it(browser, encoding):
    answer = browser().get("/", headers={"accept-encoding": encoding})
    assert answer.headers.get("content-encoding", "") == encoding
    assert "</html>" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/metrics",
        "/_stcore/script-health-check", "/component/x/y.js", "/app/static/x", "/auth/login", "/index.html",
        "/favicon.png", "/manifest.json", "/.env", "/wp-login.php", "/personnes/12", "//evil.example/x",
    ],
)  # fmt: skip
def test_what_the_application_does_not_use_does_not_exist(browser, path):
    answer = browser().get("http://localhost:8501" + path)
    assert answer.status_code == 404
    assert answer.json() == {"message": "Cette page n'existe pas."}


def test_what_streamlit_refuses_is_said_in_french(browser):
    answer = browser().post("/_stcore/health")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.json() == {"message": "Cette demande n'est pas prévue ici."}


def test_the_server_starts_and_stops_through_the_edge(browser):
    with browser() as client:
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/connexion", "/personnes?q=x&page=2", "/adresse_inconnue"])
def test_every_address_of_one_word_is_a_page(browser, path):
    assert browser().get(path).headers["content-type"].startswith("text/html")
