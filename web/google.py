"""/auth/google/start and /auth/google/callback: to Google's page and back, into a session or to the page that says why
not (R7). What was decided about the person is core's; code and state never reach a log, a page or another site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core import devices, google, google_activation, google_flows, google_word, sessions
from core.errors import (
    GoogleDeclined,
    GoogleElsewhere,
    GoogleInterrupted,
    GoogleNotConfigured,
    NotSignedIn,
    Refusal,
    Unavailable,
)
from core.google import Identity
from core.google_client import GoogleClient
from core.google_flows import Flow, Purpose
from core.office import Office
from core.roles import Actor
from web.answers import set_cookie
from web.limits import visitor

if TYPE_CHECKING:
    from web.openid import Provider

START: Final = "/auth/google/start"
CALLBACK: Final = "/auth/google/callback"
ROOT: Final = Path(__file__).resolve().parent.parent
# The only places where one lands: a screen of ours, with what stood behind its address.
SCREENS: Final = frozenset(path.stem for path in (ROOT / "pages").glob("*.py"))
ADDRESS: Final = re.compile(r"/([a-z_]*)(\?[!-~]{0,1000})?")
LANDING: Final = {
    Purpose.SIGN_IN: "/accueil",
    Purpose.ACTIVATION: "/accueil?fait=activation",
    Purpose.LINK: "/mon_compte?fait=google",
    Purpose.STEP_UP: "/mon_compte",
}
# Where a refusal is said; for a sign-in that is also the page that was wanted, which shows Connexion meanwhile.
EXPLAINED: Final = {
    Purpose.SIGN_IN: "/connexion",
    Purpose.ACTIVATION: "/activer_mon_acces",
    Purpose.LINK: "/mon_compte",
    Purpose.STEP_UP: "/mon_compte",
}


class Google:
    """The two endpoints; they are plain functions, which Starlette runs in a thread: both wait for Google."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.provider = _provider(office, office.settings.google) if office.settings.google else None

    def start(self, request: Request) -> Response:
        """To Google's page, for a visit that one of our pages began in this browser."""
        flow = None
        try:
            flow = google_flows.depart(self.office, browser=self._browser(request), state=_asked(request, "state"))
            return _to(self._reachable(request).page(flow))
        except Refusal as refusal:
            return self._explain(request, flow, refusal)

    def callback(self, request: Request) -> Response:
        """Back from Google: a session, a link, or the reason why not, each on a page of ours."""
        flow = None
        try:
            flow = google_flows.come_back(self.office, browser=self._browser(request), state=_asked(request, "state"))
            return self._arrive(request, flow, self._identity(request, flow))
        except Refusal as refusal:
            return self._explain(request, flow, refusal)

    def _reachable(self, request: Request) -> Provider:
        """The provider; Google comes back to the public address, where a browser at another one has no cookie."""
        if self.provider is None:
            raise GoogleNotConfigured
        if request.url.hostname != urlsplit(self.office.settings.public_url).hostname:
            raise GoogleElsewhere(self.office.settings.public_url)
        return self.provider

    def _identity(self, request: Request, flow: Flow) -> Identity:
        provider, said = self._reachable(request), request.query_params
        if said.get("error") == "access_denied":
            raise GoogleDeclined
        # Who answers says its name (RFC 9207): a code of another provider is not taken to ours.
        if not said.get("code") or said.get("iss", provider.client.issuer) != provider.client.issuer:
            raise GoogleInterrupted
        return provider.identity(flow, said["code"])

    def _arrive(self, request: Request, flow: Flow, identity: Identity) -> Response:
        asking = visitor(request.scope)
        if flow.purpose is Purpose.SIGN_IN:
            return self._enter(request, flow, google.sign_in(self.office, asking, identity=identity))
        if flow.purpose is Purpose.ACTIVATION:
            ticket = google_activation.redeem(self.office, asking, code=flow.code or "", identity=identity)
            return self._enter(request, flow, ticket)
        actor = self._actor(request)
        if flow.purpose is Purpose.STEP_UP:
            return self._enter(request, flow, google.prove(self.office, actor, flow=flow, identity=identity))
        google.link(self.office, actor, flow=flow, identity=identity)
        return _to(_landing(flow))

    def _enter(self, request: Request, flow: Flow, ticket: str) -> Response:
        """The session of `ticket`, in its cookie; the one that this browser had before is over (V7.2.4)."""
        asking, settings = visitor(request.scope), self.office.settings
        opened = sessions.open(self.office, asking, ticket=ticket)
        if former := request.cookies.get(settings.session_cookie):
            sessions.close_by_token(self.office, asking, token=former)
        answer = _to(_landing(flow))
        set_cookie(answer, settings, settings.session_cookie, opened.token)
        if opened.new_device:  # after the answer, as in web/session.py
            answer.background = BackgroundTask(devices.announce, self.office, asking, opened.user_id)
        return answer

    def _actor(self, request: Request) -> Actor:
        token = request.cookies.get(self.office.settings.session_cookie)
        if not token:
            raise NotSignedIn
        return sessions.resume(self.office, visitor(request.scope), token=token)

    def _explain(self, request: Request, flow: Flow | None, refusal: Refusal) -> Response:
        """To the page that says `refusal`, or asks for the second factor: a one-time token in the address tells it."""
        page = _wanted(flow) or EXPLAINED[flow.purpose] if flow else EXPLAINED[Purpose.SIGN_IN]
        browser = self._browser(request)
        if isinstance(refusal, Unavailable) or not browser:
            return _to(page)
        try:
            token = google_word.leave(self.office, browser=browser, refusal=refusal, code=flow.code if flow else None)
        except Unavailable:
            return _to(page)
        return _to(page + ("&" if "?" in page else "?") + urlencode({"suite": token}))

    def _browser(self, request: Request) -> str | None:
        return request.cookies.get(self.office.settings.browser_cookie)


def _provider(office: Office, client: GoogleClient) -> Provider:
    # Here because Authlib takes a second to import: nobody waits for it who has no Google.
    from web.openid import Provider

    return Provider(client, callback=office.settings.public_url + CALLBACK, now=office.now)


def _asked(request: Request, name: str) -> str:
    return request.query_params.get(name, "")


def _wanted(flow: Flow) -> str | None:
    """The page that the visit was to lead to, when it is one of ours."""
    found = ADDRESS.fullmatch(flow.to or "")
    return flow.to if found and found[1] in SCREENS else None


def _landing(flow: Flow) -> str:
    return _wanted(flow) or LANDING[flow.purpose]


def _to(address: str) -> Response:
    """See Other: the next request is a plain GET, whatever this one was."""
    return RedirectResponse(address, 303)
