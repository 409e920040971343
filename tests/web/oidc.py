"""An OpenID provider of the tests' own: it checks what Google checks, and lies on demand."""

import json
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "client", "secret"


@cache
def key_of(kid: str) -> RSAKey:
    """A key pair, made once for all tests."""
    return RSAKey.generate_key(2048, {"kid": kid}, auto_kid=False)


def half_hash(text: str) -> str:
    """What at_hash holds of an access token."""
    return urlsafe_b64encode(sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


class OpenIdProvider:
    """On a port of localhost. What it says of the person is in `claims`, and each of its parts can be replaced."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.key = self.former_key = key_of("first")
        self.claims: dict[str, Any] = {"sub": "2002", "email": "marie@gmail.com", "email_verified": True}
        self.header: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any], dict[str, Any]], str] = self._sign
        self.status = 200
        self.asked: list[str] = []
        self.visits: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("localhost", 0), _handler(self))
        self.issuer = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.key = key_of("second")

    def consent(self, page: str, **answer: str) -> str:
        """What the person does on the provider's page: yes, and back to the callback, with `answer` in its address."""
        asked = dict(parse_qsl(urlsplit(page).query))
        code = f"code-{len(self.visits)}"
        self.visits[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']} | answer)}"

    def decline(self, page: str) -> str:
        """The person says no."""
        asked = dict(parse_qsl(urlsplit(page).query))
        return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """One request: the metadata, the keys, or a code for a token."""
        self.asked.append(path)
        if self.status != 200:
            return self.status, {}
        if path == "/.well-known/openid-configuration":
            return 200, self._about() | self.metadata
        if path == "/keys":
            return 200, KeySet([self.key]).as_dict(private=False)
        return self._token(form, authorization)

    def _about(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer} | {name: f"{self.issuer}/{place}" for name, place in places.items()}

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        visit = self.visits.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        client = b64decode(authorization.removeprefix("Basic ")).decode()
        if visit is None or client != f"{CLIENT_ID}:{CLIENT_SECRET}" or form["redirect_uri"] != visit["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if (visit["code_challenge_method"], visit["code_challenge"]) != ("S256", challenge):
            return 400, {"error": "invalid_grant"}
        now = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 3600, "nonce": visit["nonce"]}
        claims |= {"at_hash": half_hash("ya29.opaque")} | self.claims
        said = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid} | self.header
        return 200, {"access_token": "ya29.opaque", "token_type": "Bearer", "id_token": self.sign(header, said)}

    def _sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        return jwt.encode(header, claims, self.key)


def _handler(provider: OpenIdProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(*provider.answer(self.path, {}, ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._reply(*provider.answer(self.path, form, self.headers.get("Authorization", "")))

        def _reply(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    return Handler
