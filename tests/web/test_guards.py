"""Who is let in, and who is told apart."""

import pytest
from starlette.testclient import WebSocketDenialResponse

from core.errors import SetupError
from web.guards import networks

HERE = {"origin": "http://localhost:8501"}
SITE = "https://acces.exemple.fr"


def stream(client, **headers):
    """What Streamlit learns of a websocket that is let in."""
    address = str(client.base_url).replace("http", "ws") + "/_stcore/stream"
    with client.websocket_connect(address, headers=headers) as websocket:
        return websocket.receive_json()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8501", "127.0.0.1:99", "asso.exemple.fr", "[::1]:8501"])
def test_known_hosts_are_served_whatever_the_port(browser, host):
    assert browser(hosts=("asso.exemple.fr", "::1")).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "localhost:x", "a@localhost", "localhost/a", "[", "localhost."],
)
def test_unknown_hosts_are_refused(browser, host):
    assert browser().get("/", headers={"host": host}).status_code == 400


def test_an_unknown_host_is_refused_to_websockets_too(browser):
    with pytest.raises(WebSocketDenialResponse) as refusal:
        stream(browser(), host="evil.example", origin="http://evil.example")
    assert refusal.value.status_code == 400


@pytest.mark.parametrize(
    "origin",
    ["", "null", "http://evil.example", "http://localhost", "http://localhost:8502", "https://localhost:8501"],
)
def test_websockets_without_our_own_origin_are_refused(browser, origin):
    with pytest.raises(WebSocketDenialResponse) as refusal:
        stream(browser(), **({"origin": origin} if origin else {}))
    assert refusal.value.status_code == 403
    assert refusal.value.headers["x-content-type-options"] == "nosniff"


def test_a_websocket_of_our_own_page_is_let_in(browser):
    assert stream(browser(), **HERE)["headers"]["x-asso-edge"] == "1"


@pytest.mark.parametrize("told", [{}, {"x-forwarded-proto": "https"}])
def test_behind_a_proxy_the_page_is_https_whether_or_not_the_proxy_tells(browser, told):
    client = browser(peer="10.0.0.1", public_url=SITE, trusted_proxies=("10.0.0.0/8",))
    assert stream(client, host="acces.exemple.fr", origin=SITE, **told)


def test_an_http_page_cannot_open_the_websocket_of_an_https_site(browser):
    client = browser(peer="10.0.0.1", public_url=SITE, trusted_proxies=("10.0.0.1",))
    with pytest.raises(WebSocketDenialResponse):
        stream(client, **{"origin": "http://acces.exemple.fr", "x-forwarded-proto": "https"})


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: its word is worth nothing
        ("127.0.0.1", "198.51.100.1", "127.0.0.1"),  # nor is this machine's
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # what stands left is the visitor's own invention
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_the_address_is_the_nearest_one_that_no_trusted_proxy_has(browser, peer, forwarded, client):
    opened = browser(peer=peer, trusted_proxies=("10.0.0.0/8",))
    seen = opened.get("/_stcore/health", headers={"x-forwarded-for": forwarded}).json()
    assert seen["client"] == seen["headers"]["x-asso-client"] == client


def test_a_peer_without_an_address_has_none(browser):
    assert browser(peer="testclient").get("/_stcore/health").json()["headers"]["x-asso-client"] == ""


def test_a_proxy_that_is_no_address_is_said_at_start(office, settings):
    from dataclasses import replace

    with pytest.raises(SetupError, match="trusted_proxies"):
        networks(replace(settings, trusted_proxies=("mon proxy",)))


@pytest.mark.parametrize("name", ["x-asso-session", "x-asso-client", "x-asso-edge", "X-Asso-Other"])
def test_what_a_browser_sends_under_our_names_is_thrown_away(browser, name):
    seen = browser().get("/_stcore/health", headers={name: "forged"}).json()["headers"]
    assert "forged" not in seen.values()


def identity(client, **cookies):
    header = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    return stream(client, **HERE, **header)["headers"]["x-asso-session"]


def test_the_same_browser_is_the_same_to_streamlit(browser):
    client = browser()
    assert identity(client, browser="b") == identity(client, browser="b")
    assert identity(client, browser="b", session="s") == identity(client, browser="b", session="s")


def test_another_browser_or_another_session_is_another_to_streamlit(browser):
    client = browser()
    both = [{"browser": b} | ({"session": s} if s else {}) for b in "bc" for s in ("", "s", "t")]
    assert len({identity(client, **cookies) for cookies in both}) == len(both)


def test_without_our_cookie_each_connection_is_a_stranger(browser):
    client = browser()
    assert identity(client) != identity(client)
    assert identity(client, session="s") != identity(client, session="s")
