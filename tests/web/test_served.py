"""The real server, as `streamlit run server.py` starts it."""

import os
import signal
import time
from hashlib import sha256

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.roles import Role
from db import migrations
from tests.conftest import Database, enrol
from tests.machine import EVERYWHERE
from tests.serving import Server
from tests.web.conftest import new_ticket
from tests.web.streamlit_socket import opened, session_of, titles_of
from web.headers import FIXED

OURS = {"sec-fetch-site": "same-origin"}
VICTIM = {"browser": "victim-browser", "session": "victim-session"}


@pytest.fixture(scope="module")
def house(served):
    """The office behind the server."""
    office = served.office()
    yield office
    office.engine.dispose()


@pytest.fixture(scope="module")
def marie_there(house):
    return enrol(house, "Marie", "Dupont", Role.ADMINISTRATEUR)


@pytest.mark.parametrize(
    "path", ["/", "/connexion", "/_stcore/health", "/_stcore/host-config", "/_stcore/agent/mcp", "/session", "/healthz"]
)
def test_every_answer_is_protected_and_unsigned(served, path):
    headers = httpx.get(served.url + path).headers
    assert {name: headers[name] for name in FIXED} == FIXED
    assert "server" not in headers


def test_a_websocket_is_unsigned_too(served):
    with opened(served, {}) as websocket:
        assert "server" not in websocket.response.headers


@pytest.mark.parametrize("path", ["/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/metrics"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_agent_api_and_the_metrics_do_not_exist(served, method, path):
    assert httpx.request(method, served.url + path).status_code == 404


def test_the_cookies_of_streamlit_stay_with_the_site(served):
    cookie = httpx.get(f"{served.url}/_stcore/health").headers["set-cookie"]
    assert cookie.startswith("_streamlit_xsrf=")
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("origin", ["", "http://evil.example", "http://localhost:1"])
def test_a_websocket_of_another_site_or_of_no_page_is_refused(served, origin):
    with pytest.raises(InvalidStatus) as refusal:
        opened(served, {}, origin=origin)
    assert refusal.value.response.status_code == 403


def test_a_message_that_nobody_can_have_typed_closes_the_websocket(served):
    with opened(served, {}) as websocket:
        websocket.send(b"x" * 2_100_000)
        with pytest.raises(ConnectionClosed) as closed:
            websocket.recv(timeout=30)
    assert closed.value.rcvd.code == 1009


def test_an_unknown_host_is_refused(served):
    assert httpx.get(served.url, headers={"host": "evil.example"}).status_code == 400


def test_a_reconnected_browser_finds_its_page_again(served):
    with opened(served, VICTIM) as websocket:
        session = session_of(websocket)
    with opened(served, VICTIM, resume=session) as websocket:
        assert session_of(websocket) == session


STRANGERS = {
    "without cookies": {},
    "a visitor": {"browser": "other"},
    "signed in": {"browser": "other", "session": "other"},
    "with the victim's browser cookie alone": {"browser": "victim-browser"},
    "with the victim's session cookie alone": {"session": "victim-session"},
}


@pytest.mark.parametrize("cookies", STRANGERS.values(), ids=STRANGERS.keys())
@pytest.mark.parametrize("victim", [VICTIM, {"browser": "victim-browser-2"}, {}], ids=["signed in", "visitor", "bare"])
def test_a_stranger_who_knows_a_streamlit_session_gets_a_fresh_one(served, victim, cookies):
    with opened(served, victim) as live:
        session = session_of(live)
        with opened(served, cookies, resume=session) as stranger:
            assert session_of(stranger) != session
    with opened(served, cookies, resume=session) as stranger:
        assert session_of(stranger) != session


def test_a_forged_identity_resumes_nothing(served):
    with opened(served, VICTIM) as live:
        session = session_of(live)
        identity = sha256(b"victim-session.victim-browser").hexdigest()
        with opened(served, {}, resume=session, **{"x-asso-session": identity}) as stranger:
            assert session_of(stranger) != session


def test_a_session_keeps_the_address_of_the_peer_not_the_one_it_claims(served, house, marie_there):
    answer = httpx.post(
        f"{served.url}/session",
        json={"ticket": new_ticket(house, marie_there.user_id)},
        headers=OURS | {"x-forwarded-for": "6.6.6.6", "x-real-ip": "6.6.6.6", "x-asso-client": "6.6.6.6"},
    )
    assert answer.status_code == 204
    addresses = Database(served.database, "asso").run("SELECT ip FROM asso.user_sessions ORDER BY created_at")
    assert addresses[-1] in {("127.0.0.1",), ("::1",)}


def test_the_server_counts_requests(served):
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.9")) as client:
        address = f"http://127.0.0.1:{served.port}/session"
        answers = [client.post(address, json={"ticket": "x"}, headers=OURS) for _ in range(31)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_logs_hold_no_code_and_no_address(served):
    httpx.get(f"{served.url}/activer_mon_acces?code=ZDL-SECRET-SECRET", headers={"user-agent": "Navigateur"})
    with opened(served, {}) as websocket:
        session_of(websocket)
    assert not any(word in served.log for word in ("SECRET", "Navigateur", "127.0.0.1", "/_stcore/stream"))


def test_health_follows_the_database_down_and_up_again(served):
    os.kill(served.database.pid, signal.SIGKILL)
    time.sleep(1.1)
    assert httpx.get(f"{served.url}/healthz", timeout=30).json() == {"database": "indisponible"}
    assert httpx.post(f"{served.url}/session", json={"ticket": "x"}, headers=OURS, timeout=30).status_code == 503
    assert served.database.pid
    time.sleep(1.1)
    answer = httpx.get(f"{served.url}/healthz", timeout=30)
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "schema": migrations.newest()})


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"STREAMLIT_SERVER_ADDRESS": EVERYWHERE}, "ajoutez [asso] public_url"),
        ({"ASSO_TRUSTED_PROXIES": "mon proxy"}, "trusted_proxies doit être une liste d'adresses IP"),
    ],
)
def test_a_malformed_setting_is_one_sentence_and_exit_code_2(setting, sentence):
    server = Server(**setting)
    with pytest.raises(AssertionError):
        server.start()
    assert server.process.wait(30) == 2
    assert sentence in server.log
    assert "Traceback" not in server.log
    server.remove()


def test_the_server_stops_with_its_database_and_a_new_start_guards_the_first_page_asked(served):
    pid = served.database.pid
    served.release_database()
    served.end(signal.SIGINT)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    served.start()
    with opened(served, {}) as websocket:
        assert titles_of(websocket, "personnes") == ["Connexion"]
