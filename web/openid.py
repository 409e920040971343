"""What an OpenID provider says of somebody: asked with Authlib, believed once every check of V9 and V10 has passed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from core.errors import GoogleInterrupted, GoogleUnavailable
from core.google import Identity
from core.google_client import GoogleClient
from core.google_flows import Flow

T = TypeVar("T")
_LOG: Final = logging.getLogger(__name__)
ALGORITHMS: Final = ["RS256"]
SCOPE: Final = "openid email"
# To connect, then between two packets: a person waits in front of it.
PATIENCE: Final = (3.05, 5.0)
LEEWAY: Final = 60
# A key that Google withdrew is believed an hour more at most.
FRESH: Final = timedelta(hours=1)
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The provider of the settings; its addresses and keys are kept for an hour, and read again for a new key."""

    def __init__(self, client: GoogleClient, *, callback: str, now: Callable[[], datetime]) -> None:
        self.client = client
        self.callback = callback
        self.now = now
        self._lock = Lock()
        self._addresses: _Kept[dict[str, Any]] | None = None
        self._keys: _Kept[KeySet] | None = None

    def page(self, flow: Flow) -> str:
        """The address of the provider's page for `flow`; raises GoogleUnavailable."""
        address, _ = self._session().create_authorization_url(
            self._metadata()["authorization_endpoint"],
            state=flow.state,
            nonce=flow.nonce,
            code_verifier=flow.verifier,
            # On a shared computer each person says which account is theirs; no session without a gesture (V7.6.2).
            prompt="select_account",
            **({"hd": self.client.hd} if self.client.hd else {}),
        )
        return str(address)

    def identity(self, flow: Flow, code: str) -> Identity:
        """Who came back with `code`; raises GoogleUnavailable, and GoogleInterrupted when a check fails.

        Tokens are read here and forgotten: none is kept, none reaches the browser (V10.1.1).
        """
        try:
            token = self._exchange(flow, code)
            claims = self._claims(flow, token)
        except (requests.RequestException, JoseError, OAuthError, ValueError, TypeError, KeyError) as error:
            _LOG.warning("Sign-in refused:", exc_info=error)
            raise _meaning(error) from None
        return Identity(
            sub=claims["sub"],
            email=str(claims.get("email", "")),
            email_verified=claims.get("email_verified") is True,
            hd=claims.get("hd"),
        )

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.client.client_id,
            self.client.client_secret,
            scope=SCOPE,
            redirect_uri=self.callback,
            code_challenge_method="S256",
            default_timeout=PATIENCE,
        )

    def _exchange(self, flow: Flow, code: str) -> dict[str, Any]:
        with self._session() as session:
            token: dict[str, Any] = session.fetch_token(
                self._metadata()["token_endpoint"], code=code, code_verifier=flow.verifier, allow_redirects=False
            )
            return token

    def _claims(self, flow: Flow, token: dict[str, Any]) -> CodeIDToken:
        """What the ID token says, its signature checked first (V9.1.1), then its issuer, audience, times and nonce."""
        signed = self._verified(token["id_token"])
        # Another kind of signed token, of the same keys, is no proof of who somebody is (V9.2.2).
        if signed.header.get("typ", "JWT") != "JWT":
            raise ValueError("not an ID token")
        client_id = self.client.client_id
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            options={"iss": {"essential": True, "value": self.client.issuer}, "sub": {"essential": True}},
            params={"nonce": flow.nonce, "client_id": client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(self.now().timestamp()), leeway=LEEWAY)
        if claims["aud"] not in (client_id, [client_id]):
            raise ValueError("for another client")
        return claims

    def _verified(self, id_token: str) -> jwt.Token:
        """The token, signed by one of the provider's published keys; a key we do not know yet is looked up once."""
        try:
            return jwt.decode(id_token, self._key_set(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return jwt.decode(id_token, self._key_set(anew=True), algorithms=ALGORITHMS)

    def _metadata(self) -> dict[str, Any]:
        with self._lock:
            if self._addresses is None or not self._addresses.fresh(self.now()):
                found = _read(f"{self.client.issuer}/.well-known/openid-configuration")
                self._addresses = _Kept(_checked(found, self.client.issuer), self.now())
            return self._addresses.content

    def _key_set(self, *, anew: bool = False) -> KeySet:
        address = self._metadata()["jwks_uri"]
        with self._lock:
            if anew or self._keys is None or not self._keys.fresh(self.now()):
                # RSA only: the public key can then never be taken for the secret of an HMAC (V9.1.2).
                rsa = [key for key in _read(address)["keys"] if key["kty"] == "RSA"]
                self._keys = _Kept(KeySet.import_key_set({"keys": rsa}), self.now())
            return self._keys.content


@dataclass(frozen=True)
class _Kept(Generic[T]):
    """Something read from the provider, and when."""

    content: T
    read_at: datetime

    def fresh(self, now: datetime) -> bool:
        return now - self.read_at < FRESH


def _read(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    except requests.RequestException as error:
        _LOG.warning("The OpenID provider does not answer:", exc_info=error)
        raise GoogleUnavailable from None
    return found


def _checked(metadata: dict[str, Any], issuer: str) -> dict[str, Any]:
    """The metadata, when it is that of our issuer (V10.5.3) and every address is as safe as the issuer's."""
    schemes = {urlsplit(str(metadata.get(name, ""))).scheme for name in ENDPOINTS}
    if metadata.get("issuer") != issuer or schemes != {urlsplit(issuer).scheme}:
        _LOG.warning("The OpenID provider's metadata is not that of the issuer in the settings.")
        raise GoogleUnavailable
    return metadata


def _meaning(error: Exception) -> GoogleUnavailable | GoogleInterrupted:
    """A network that fails, or a server that breaks, is told apart from an answer that is not to be believed."""
    return GoogleUnavailable() if isinstance(error, requests.RequestException) else GoogleInterrupted()
