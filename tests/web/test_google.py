"""/auth/google/…: to a provider that keeps the rules and lies on demand, and back (ASVS V9 and V10)."""

import hmac
import json
import logging
from base64 import urlsafe_b64encode
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from core import errors, google, google_flows, google_word, sessions
from core.google_client import GoogleClient
from tests.conftest import code_for
from tests.web.oidc import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, half_hash

PAGE = "/personnes?recherche=dupont"


@pytest.fixture
def provider(clock):
    opened = OpenIdProvider(clock.now)
    yield opened
    opened.close()


@pytest.fixture
def office(office, provider):
    client = GoogleClient(CLIENT_ID, CLIENT_SECRET, issuer=provider.issuer)
    return replace(office, settings=replace(office.settings, google=client))


@pytest.fixture
def client(browser):
    """Somebody's browser, on a page of ours."""
    opened = browser()
    opened.get("/connexion")
    return opened


@pytest.fixture
def marie(marie, database):
    """Marie, who has linked her Google account."""
    database.run("UPDATE asso.users SET google_sub = '2002' WHERE id = %s", str(marie.user_id))
    return marie


def begin(office, client, visitor, to=PAGE):
    return google_flows.begin_sign_in(office, visitor, browser=client.cookies["browser"], to=to)


def at_google(client, state):
    """The address of Google's page."""
    return client.get("/auth/google/start", params={"state": state}).headers["location"]


@pytest.fixture
def page(office, client, visitor):
    """Google's page, for a sign-in that goes to the list of people."""
    return at_google(client, begin(office, client, visitor))


def word(office, client, answer):
    """What the page gets where the browser was sent, by the one-time token in its address."""
    address = urlsplit(answer.headers["location"])
    assert (answer.status_code, address.netloc) == (303, "")
    token = dict(parse_qsl(address.query))["suite"]
    return google_word.read(office, browser=client.cookies["browser"], token=token)


def refused(office, client, answer):
    """Why the browser was sent to a page of ours."""
    return type(word(office, client, answer).refusal)


def test_google_gets_what_it_needs_and_nothing_more_v10_2_1(page, provider, clock):
    asked = dict(parse_qsl(urlsplit(page).query))
    assert page.startswith(f"{provider.issuer}/authorize?")
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid email", CLIENT_ID)
    assert (asked["code_challenge_method"], asked["prompt"]) == ("S256", "select_account")
    assert asked["redirect_uri"] == "http://localhost:8501/auth/google/callback"
    assert CLIENT_SECRET not in page


def test_a_linked_account_opens_the_page_it_wanted(office, client, marie, page, provider, visitor):
    answer = client.get(provider.consent(page))
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert sessions.resume(office, visitor, token=client.cookies["session"]).prenom == "Marie"


def test_the_session_is_in_a_cookie_that_no_script_reads_and_no_token_of_google_leaves_v10_1_1(
    client, marie, page, provider
):
    answer = client.get(provider.consent(page))
    assert set(answer.headers["set-cookie"].split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=lax"}
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert not any("ya29" in value or "eyJ" in value for value in answer.headers.values())


def test_the_session_that_this_browser_had_is_over_v7_2_4(office, client, marie, page, provider, ticket, visitor):
    client.post("/session", json={"ticket": ticket}, headers={"sec-fetch-site": "same-origin"})
    former = client.cookies["session"]
    client.get(provider.consent(page))
    assert client.cookies["session"] != former
    with pytest.raises(errors.SessionEnded):
        sessions.resume(office, visitor, token=former)


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/session", "/personnes\nX", "personnes", "/x?" * 9],
)
def test_one_only_lands_on_a_page_of_ours(office, client, marie, provider, visitor, to):
    answer = client.get(provider.consent(at_google(client, begin(office, client, visitor, to))))
    assert answer.headers["location"] == "/accueil"


def test_an_unknown_account_is_told_so_on_the_page_it_wanted(office, client, provider, page, database):
    answer = client.get(provider.consent(page))
    assert answer.headers["location"].startswith(f"{PAGE}&suite=")
    assert refused(office, client, answer) is errors.UnknownGoogleAccount
    assert "session" not in client.cookies
    assert database.run("SELECT count(*) FROM asso.users") == [(0,)]


def test_the_second_factor_is_still_asked_v6_3_4(office, client, marie, provider, page, database):
    database.run(
        "INSERT INTO asso.second_factors (user_id, sealed_seed, created_at, confirmed_at) VALUES (%s, '', %s, %s)",
        str(marie.user_id),
        office.now(),
        office.now(),
    )
    assert refused(office, client, client.get(provider.consent(page))) is errors.SecondFactorNeeded
    assert "session" not in client.cookies


NOT_BELIEVED = {
    "another nonce v10_5_1": {"nonce": "x" * 43},
    "no nonce v10_5_1": {"nonce": None},
    "another audience v9_2_3 v10_5_4": {"aud": "another"},
    "two audiences v10_5_4": {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
    "another authorized party": {"azp": "another"},
    "no audience v9_2_3": {"aud": None},
    "another issuer v6_8_1": {"iss": "https://accounts.google.com"},
    "no issuer": {"iss": None},
    "expired v9_2_1": {"exp": 1},
    "no end v9_2_1": {"exp": None},
    "issued tomorrow v9_2_1": {"iat": 4_000_000_000},
    "not yet valid v9_2_1": {"nbf": 4_000_000_000},
    "of another access token": {"at_hash": half_hash("another")},
    "nobody": {"sub": None},
    "not a text": {"sub": 2002},
}


@pytest.mark.parametrize("lie", NOT_BELIEVED.values(), ids=NOT_BELIEVED.keys())
def test_a_token_that_is_not_for_this_visit_is_refused(office, client, marie, provider, page, lie):
    provider.claims |= lie
    assert refused(office, client, client.get(provider.consent(page))) is errors.GoogleInterrupted
    assert "session" not in client.cookies


def test_a_clock_that_is_a_minute_off_is_forgiven_and_no_more_v9_2_1(office, client, marie, provider, visitor, clock):
    now = int(clock.now().timestamp())
    for seconds, cookie in ((61, False), (59, True)):
        provider.claims |= {"exp": now - seconds}
        client.get(provider.consent(at_google(client, begin(office, client, visitor))))
        assert ("session" in client.cookies) is cookie


def packed(content):
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(_header, claims):
    return ".".join([packed(b'{"alg":"none","typ":"JWT"}'), packed(json.dumps(claims).encode()), ""])


def with_the_public_key_as_secret(key):
    """HS256, its secret the public key that everybody can read."""

    def sign(_header, claims):
        head = {"alg": "HS256", "typ": "JWT", "kid": key.kid}
        signed = f"{packed(json.dumps(head).encode())}.{packed(json.dumps(claims).encode())}"
        return f"{signed}.{packed(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"

    return sign


def with_its_own_key_in_the_header(header, claims):
    """Another key, which the header carries along."""
    own = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": "first", "jwk": own.as_dict(private=False)}
    return jws.serialize_compact(header, json.dumps(claims), own)


def altered(key):
    """Signed, then made somebody else's."""

    def sign(header, claims):
        head, _, tail = jwt.encode(header, claims | {"sub": "1"}, key).split(".")
        return f"{head}.{packed(json.dumps(claims).encode())}.{tail}"

    return sign


def with_header(key, **words):
    """Well signed, but of another kind."""
    return lambda header, claims: jwt.encode(header | words, claims, key, ["RS256", "PS256"])


FORGERIES = {
    "unsigned v6_8_2 v9_1_2": lambda provider: unsigned,
    "HS256 with the public key v9_1_2": lambda provider: with_the_public_key_as_secret(provider.key),
    "a key of its own v9_1_3": lambda provider: with_its_own_key_in_the_header,
    "altered v9_1_1": lambda provider: altered(provider.key),
    "PS256 v9_1_2": lambda provider: with_header(provider.key, alg="PS256"),
    "an access token v9_2_2": lambda provider: with_header(provider.key, typ="at+jwt"),
    "not a token": lambda provider: lambda header, claims: "a.b.c",
    "a list": lambda provider: lambda header, claims: jws.serialize_compact(header, "[]", provider.key),
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_forged_token_is_refused(office, client, marie, provider, page, forgery):
    provider.sign = forgery(provider)
    assert refused(office, client, client.get(provider.consent(page))) is errors.GoogleInterrupted
    assert "session" not in client.cookies


def test_a_new_key_is_looked_up_and_the_old_one_no_longer_believed(office, client, marie, provider, visitor):
    client.get(provider.consent(at_google(client, begin(office, client, visitor))))
    provider.rotate()
    del client.cookies["session"]
    client.get(provider.consent(at_google(client, begin(office, client, visitor))))
    assert client.cookies["session"]
    provider.sign = lambda header, claims: jwt.encode(header | {"kid": "first"}, claims, provider.former_key)
    answer = client.get(provider.consent(at_google(client, begin(office, client, visitor))))
    assert refused(office, client, answer) is errors.GoogleInterrupted


def test_addresses_and_keys_are_asked_once_an_hour(office, client, marie, provider, visitor, clock):
    for minutes in (0, 1, 59):
        clock.advance(minutes=minutes)
        client.get(provider.consent(at_google(client, begin(office, client, visitor))))
    assert [provider.asked.count(path) for path in ("/.well-known/openid-configuration", "/keys", "/token")] == [
        2,
        2,
        3,
    ]


def test_a_callback_works_once_v10_1_2(office, client, marie, provider, page):
    callback = provider.consent(page)
    client.get(callback)
    del client.cookies["session"]
    assert refused(office, client, client.get(callback)) is errors.GoogleInterrupted
    assert "session" not in client.cookies


def test_a_stolen_callback_is_worth_nothing_in_another_browser_v10_1_2(office, client, marie, provider, page, browser):
    callback, thief = provider.consent(page), browser()
    assert thief.get(callback).headers["location"] == "/connexion"
    thief.get("/connexion")
    assert refused(office, thief, thief.get(callback)) is errors.GoogleInterrupted
    assert "session" not in thief.cookies
    assert client.get(callback).headers["location"] == PAGE


@pytest.mark.parametrize("state", ["forged", ""])
def test_a_forged_callback_signs_nobody_in_v10_2_1(office, client, marie, provider, page, state):
    answer = client.get(provider.consent(page, state=state))
    assert refused(office, client, answer) is errors.GoogleInterrupted
    assert "/token" not in provider.asked


def test_a_forged_start_leads_nowhere_v7_6_2(office, client, provider):
    """A link of another site cannot begin a visit: only our pages do, for the browser they are in."""
    answer = client.get("/auth/google/start", params={"state": "forged"})
    assert refused(office, client, answer) is errors.GoogleInterrupted
    assert provider.asked == []


def test_a_code_of_another_visit_is_refused_by_its_verifier_v10_2_1(office, client, marie, provider, page, visitor):
    """An attacker's code, pasted into the victim's callback."""
    other = provider.consent(at_google(client, begin(office, client, visitor)))
    answer = client.get(provider.consent(page, code=dict(parse_qsl(urlsplit(other).query))["code"]))
    assert refused(office, client, answer) is errors.GoogleInterrupted


def test_an_answer_that_names_another_issuer_is_refused(office, client, marie, provider, page):
    answer = client.get(provider.consent(page, iss="https://evil.example"))
    assert refused(office, client, answer) is errors.GoogleInterrupted
    assert "/token" not in provider.asked


def test_after_ten_minutes_one_starts_again(office, client, marie, provider, page, clock):
    clock.advance(minutes=10)
    assert refused(office, client, client.get(provider.consent(page))) is errors.GoogleInterrupted


def test_who_says_no_at_google_is_back_without_a_session(office, client, marie, provider, page):
    assert refused(office, client, client.get(provider.decline(page))) is errors.GoogleDeclined
    assert "/token" not in provider.asked


@pytest.mark.parametrize("error", ["server_error", "login_required", ""])
def test_any_other_error_of_google_is_said_as_such(office, client, provider, page, error):
    answer = client.get(provider.consent(page, error=error, code=""))
    assert refused(office, client, answer) is errors.GoogleInterrupted


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_only_an_address_that_google_has_checked(office, client, marie, provider, page, verified):
    provider.claims["email_verified"] = verified
    assert refused(office, client, client.get(provider.consent(page))) is errors.GoogleEmailUnverified


@pytest.mark.parametrize(
    ("hd", "outcome"),
    [("asso.org", None), ("ailleurs.org", errors.GoogleOtherDomain), (None, errors.GoogleOtherDomain)],
)
def test_the_domain_is_that_of_the_token_not_of_the_request(office, browser, marie, provider, visitor, hd, outcome):
    strict = replace(office.settings.google, hd="asso.org")
    client = browser(google=strict)
    client.get("/connexion")
    page = at_google(client, begin(office, client, visitor))
    assert dict(parse_qsl(urlsplit(page).query))["hd"] == "asso.org"
    provider.claims["hd"] = hd
    answer = client.get(provider.consent(page))
    assert "session" in client.cookies if outcome is None else refused(office, client, answer) is outcome


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_provider_that_breaks_before_is_said(office, client, provider, visitor, status):
    provider.status = status
    answer = client.get("/auth/google/start", params={"state": begin(office, client, visitor)})
    assert answer.headers["location"].startswith(f"{PAGE}&suite=")
    assert refused(office, client, answer) is errors.GoogleUnavailable


def test_a_provider_that_breaks_meanwhile_is_said(office, client, marie, provider, page):
    provider.status = 503
    assert refused(office, client, client.get(provider.consent(page))) is errors.GoogleUnavailable


def test_a_provider_that_is_gone_is_said(office, client, marie, provider, page):
    callback = provider.consent(page)
    provider.close()
    assert refused(office, client, client.get(callback)) is errors.GoogleUnavailable


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"jwks_uri": "ftp://localhost/keys"},
    ],
)
def test_metadata_of_another_issuer_is_refused_v10_5_3(office, client, provider, visitor, metadata):
    provider.metadata = metadata
    answer = client.get("/auth/google/start", params={"state": begin(office, client, visitor)})
    assert refused(office, client, answer) is errors.GoogleUnavailable


def test_a_code_activates_an_access_and_stays_out_of_every_address(office, client, marie, jean, provider, visitor):
    code = code_for(office, marie, jean).code
    state = google_flows.begin_activation(office, visitor, browser=client.cookies["browser"], code=code)
    provider.claims |= {"sub": "1001", "email": "jean@exemple.fr"}
    page = at_google(client, state)
    callback = provider.consent(page)
    assert not any(code in address for address in (state, page, callback))
    assert client.get(callback).headers["location"] == "/accueil?fait=activation"
    assert sessions.resume(office, visitor, token=client.cookies["session"]).personne_id == jean


def test_a_refused_activation_is_said_and_gives_the_code_back(office, client, marie, jean, provider, visitor):
    code = code_for(office, marie, jean).code
    state = google_flows.begin_activation(office, visitor, browser=client.cookies["browser"], code=code)
    answer = client.get(provider.consent(at_google(client, state)))
    assert answer.headers["location"].startswith("/activer_mon_acces?suite=")
    left = word(office, client, answer)
    assert (type(left.refusal), left.code) == (errors.GoogleTaken, code)


@pytest.fixture
def karim_here(office, client, karim, visitor):
    """Karim, signed in with this browser."""
    with office.begin() as db:
        ticket = sessions.issue_ticket(db, office, karim.user_id)
    client.post("/session", json={"ticket": ticket}, headers={"sec-fetch-site": "same-origin"})
    return sessions.resume(office, visitor, token=client.cookies["session"])


def test_a_link_belongs_to_who_is_signed_in(office, client, karim_here, provider):
    state = google_flows.begin_link(office, karim_here, browser=client.cookies["browser"])
    answer = client.get(provider.consent(at_google(client, state)))
    assert answer.headers["location"] == "/mon_compte?fait=google"
    assert google.status(office, karim_here).linked


def test_a_link_needs_the_session_that_asked_for_it(office, client, karim_here, provider):
    state = google_flows.begin_link(office, karim_here, browser=client.cookies["browser"])
    callback = provider.consent(at_google(client, state))
    sessions.close(office, karim_here)
    answer = client.get(callback)
    assert answer.headers["location"].startswith("/mon_compte?suite=")
    assert refused(office, client, answer) is errors.SessionEnded
    assert not google.status(office, karim_here).linked


def test_google_again_renews_the_session_v7_2_4(office, client, karim_here, provider, visitor, clock, database):
    database.run("UPDATE asso.users SET google_sub = '2002' WHERE id = %s", str(karim_here.user_id))
    clock.advance(minutes=11)
    state = google_flows.begin_step_up(office, karim_here, browser=client.cookies["browser"], to="/mon_compte")
    answer = client.get(provider.consent(at_google(client, state)))
    fresh = sessions.resume(office, visitor, token=client.cookies["session"])
    assert (answer.headers["location"], fresh.stepped_up_at) == ("/mon_compte", clock.time)
    assert fresh.session_id != karim_here.session_id


def test_code_and_state_reach_no_log(office, client, marie, provider, page, caplog):
    caplog.set_level(logging.DEBUG)
    provider.claims["nonce"] = "x"
    callback = provider.consent(page)
    client.get(callback)
    said = dict(parse_qsl(urlsplit(callback).query))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    assert "Sign-in refused" in ours
    assert not any(word in ours for word in said.values())


def test_without_google_in_the_settings_the_addresses_say_so(office, browser, visitor):
    client = browser(google=None)
    client.get("/connexion")
    answer = client.get("/auth/google/start", params={"state": begin(office, client, visitor)})
    assert refused(office, client, answer) is errors.GoogleNotConfigured


def test_at_another_address_than_the_public_one_google_is_not_asked(office, client, provider, visitor):
    state = begin(office, client, visitor)
    answer = client.get("/auth/google/start", params={"state": state}, headers={"host": "127.0.0.1:8501"})
    assert refused(office, client, answer) is errors.GoogleElsewhere


def test_thirty_requests_a_minute(client):
    answers = [client.get("/auth/google/callback").status_code for _ in range(31)]
    assert (answers[0], answers[-1]) == (303, 429)


def test_the_two_addresses_answer_to_get_alone(client):
    assert client.post("/auth/google/callback").status_code == 405
    assert client.get("/auth/google/other").status_code == 404
