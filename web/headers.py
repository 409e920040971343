"""The security headers of every answer, refusals included."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import Settings
from web.guards import host_allowed

STARTS: Final = {"http.response.start", "websocket.http.response.start"}
# Files that are the same for everybody and named after their content: they may be kept.
CACHEABLE: Final = ("/static/", "/asso/")
# Files with people in them come with a policy of their own, which allows less.
OWN_POLICY: Final = "/telechargements/"

_DENIED: Final = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media",
    "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
    "payment", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get",
    "screen-wake-lock", "serial", "storage-access", "usb", "xr-spatial-tracking",
)  # fmt: skip
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # The clipboard takes an invitation code that its reader asked to copy; the grid opens in full screen.
    "Permissions-Policy": ", ".join(
        [*(f"{feature}=()" for feature in _DENIED), "clipboard-write=(self)", "fullscreen=(self)"]
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS: Final = "max-age=31536000; includeSubDomains"


class SecurityHeaders:
    """Outermost middleware: what it adds is on every answer that leaves the application."""

    def __init__(self, app: ASGIApp, *, settings: Settings, script_hashes: tuple[str, ...]) -> None:
        self.app = app
        self.settings = settings
        self.script_hashes = script_hashes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the headers of whatever answers it."""

        async def send_completed(message: Message) -> None:
            if message["type"] in STARTS:
                self._complete(MutableHeaders(scope=message), scope, message["status"])
            await send(message)

        await self.app(scope, receive, send_completed)

    def _complete(self, headers: MutableHeaders, scope: Scope, status: int) -> None:
        headers.update(FIXED)
        if not (scope["path"].startswith(OWN_POLICY) and "Content-Security-Policy" in headers):
            headers["Content-Security-Policy"] = self._policy(Headers(scope=scope).get("host", ""))
        if self.settings.https:
            headers["Strict-Transport-Security"] = HSTS
            _secure_cookies(headers)
        if status >= 400 or not scope["path"].startswith(CACHEABLE):
            headers["Cache-Control"] = "no-store"

    def _policy(self, host: str) -> str:
        # Old Safari does not count the application's own websocket as 'self'.
        scheme = "wss" if self.settings.https else "ws"
        websocket = f" {scheme}://{host}" if host_allowed(host, self.settings) else ""
        return content_security_policy(self.script_hashes, websocket)


def content_security_policy(script_hashes: tuple[str, ...], websocket: str = "") -> str:
    """The policy: scripts come from here only; nobody frames a page or sends its forms away."""
    hashes = "".join(f" '{digest}'" for digest in script_hashes)
    return "; ".join(
        [
            "default-src 'self'",
            # blob: because Streamlit imports the script of a component (ui/session_cookie.py) from one.
            f"script-src 'self'{hashes} blob:",
            # Streamlit's interface writes its styles in <style> elements whose text changes with the screen.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{websocket}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _secure_cookies(headers: MutableHeaders) -> None:
    """Streamlit's own cookies lack Secure behind a proxy: it only knows of its own certificate."""
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        flags = {part.strip().split("=")[0].lower() for part in cookie.split(";")[1:]}
        cookie += "" if "secure" in flags else "; Secure"
        headers.append("set-cookie", cookie if "samesite" in flags else f"{cookie}; SameSite=Lax")
