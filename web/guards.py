"""Who is let in: known hosts, pages of our own for websockets; and who is told apart: address and browser."""

from collections.abc import Sequence
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import SetupError
from core.office import Office
from core.settings import Settings
from web.answers import sentence

OURS: Final = b"x-asso-"
Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address | None
SECURE: Final = {"http": "https", "ws": "wss"}


def host_allowed(host: str, settings: Settings) -> bool:
    """Whether the Host header `host` names this application; the port may be any."""
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError:
        return False
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return parts.hostname in settings.allowed_hosts and host.lower() in {name, f"{name}:{port}"}


def origin_allowed(scope: Scope, settings: Settings) -> bool:
    """Whether the request comes from a page of this application: its Origin is the host it calls.

    Over https the proxy may or may not tell that it is; an http page can only call what is served over http.
    """
    headers = Headers(scope=scope)
    seen = "https" if scope["scheme"] in SECURE.values() else "http"
    schemes = {seen, "https" if settings.https else seen}
    return headers.get("origin", "") in {f"{scheme}://{headers.get('host', '')}" for scheme in schemes}


def networks(settings: Settings) -> list[Network]:
    """The trusted proxies, each an address or a network; SetupError when one is neither."""
    try:
        return [ip_network(proxy.strip(), strict=False) for proxy in settings.trusted_proxies]
    except ValueError as error:
        raise SetupError("[asso] trusted_proxies doit être une liste d'adresses IP ou de réseaux.") from error


class Guard:
    """Refuse strangers, then write down who asks in headers that only this middleware may write."""

    def __init__(self, app: ASGIApp, *, office: Office, proxies: Sequence[Network]) -> None:
        self.app = app
        self.office = office
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 400 to an unknown host and 403 to a foreign websocket; pass everything else on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        scope = self._seen_through_proxies(scope)
        if not host_allowed(Headers(scope=scope).get("host", ""), self.office.settings):
            await sentence(400)(scope, receive, send)
        elif scope["type"] == "websocket" and not origin_allowed(scope, self.office.settings):
            await sentence(403)(scope, receive, send)
        else:
            await self.app(self._introduced(scope), receive, send)

    def _seen_through_proxies(self, scope: Scope) -> Scope:
        """The address and scheme that a trusted proxy reports, or those of the direct peer."""
        peer = _address(scope["client"][0] if scope.get("client") else "")
        headers = Headers(scope=scope)
        if not self._trusted(peer):
            return {**scope, "client": (str(peer or ""), 0)}
        client = self._nearest_stranger(peer, ",".join(headers.getlist("x-forwarded-for")))
        tls = headers.get("x-forwarded-proto", "").strip() == "https"
        scheme = SECURE.get(scope["scheme"], scope["scheme"]) if tls else scope["scheme"]
        return {**scope, "client": (str(client or ""), 0), "scheme": scheme}

    def _nearest_stranger(self, peer: Address, forwarded: str) -> Address:
        """The right-most address that is no trusted proxy; what stands left of it is only its own word."""
        for text in reversed([part for part in forwarded.split(",") if part.strip()]):
            if (hop := _address(text)) is None:
                return peer
            peer = hop
            if not self._trusted(hop):
                break
        return peer

    def _trusted(self, address: Address) -> bool:
        return address is not None and any(address in network for network in self.proxies)

    def _introduced(self, scope: Scope) -> Scope:
        kept = [(name, value) for name, value in scope["headers"] if not name.startswith(OURS)]
        told = {"session": self._browser_of(scope), "client": scope["client"][0], "edge": "1"}
        ours = [(OURS + name.encode(), value.encode()) for name, value in told.items()]
        return {**scope, "headers": kept + ours}

    def _browser_of(self, scope: Scope) -> str:
        """What ties a Streamlit session to one browser: to resume it, knowing its identifier is not enough.

        A client without the browser's cookie gets a new value each time, and so resumes nothing.
        """
        settings, cookies = self.office.settings, HTTPConnection(scope).cookies
        browser = cookies.get(settings.browser_cookie) or self.office.token()
        return sha256(f"{cookies.get(settings.session_cookie, '')}.{browser}".encode()).hexdigest()


def _address(text: str) -> Address:
    """An IP address as proxies and sockets write it, with or without port; None when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
