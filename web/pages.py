"""The HTML page that every address of the application answers with, put in French once, at start."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.office import Office
from web.answers import sentence, set_cookie
from web.compression import Packed

NOSCRIPT: Final = "<noscript><p>Pour utiliser cette application, activez JavaScript.</p></noscript>"
ICON: Final = '<link rel="icon" type="image/svg+xml" href="/asso/favicon.svg" />'

# All else answers 404: Streamlit's agent API, its metrics, its sign-in, and what a next version adds.
OPEN: Final = re.compile(
    r"/[^/]*/?|/(?:static|asso|media)/.+|/auth/google/(?:start|callback)|/webhooks/mailersend|/_courriels/[^/]+"
    r"|/telechargements/[^/]+|/_stcore/(?:health|host-config|stream|upload_file/.+|bidi-components/.+)"
)


class OpenDoors:
    """Middleware: only the addresses that this application uses exist."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 outside of the list; pass the rest on."""
        known = scope["type"] == "lifespan" or OPEN.fullmatch(scope["path"])
        await (self.app if known else sentence(404))(scope, receive, send)


@dataclass(frozen=True)
class Shell:
    """The page, and the digests of the scripts written inside it, which the CSP allows by name."""

    html: str
    script_hashes: tuple[str, ...]


def shell(index: str, *, title: str, first: str = "", preload: str = "", scripts: Sequence[str] = ()) -> Shell:
    """Streamlit's `index.html` in French: language, title, icon, no word of its agent API, our scripts before its own.

    `first` is the text of the very first script, `scripts` the addresses of those that follow, `preload` a link.
    Raises ValueError when a piece is not where the pinned version of Streamlit has it.
    """
    ours = "\n    ".join(
        [f"<script>{first}</script>", *(f'<script defer src="{src}"></script>' for src in scripts), ""]
    )
    html = index
    for pattern, replacement in (
        (r'<html lang="en">', '<html lang="fr">'),
        (r"<title>.*?</title>", f"<title>{escape(title)}</title>"),
        (r'<link rel="shortcut icon"[^>]*>', ICON),
        (r'<link\s+rel="preload"[^>]*>', preload),
        (r'<!--(?:(?!-->).)*?-->\s*<link rel="service-desc"[^>]*>', '<meta name="robots" content="noindex">'),
        (r"<noscript>.*?</noscript>", NOSCRIPT),
        (r'(?=<script type="module")', ours),
    ):
        html, found = re.subn(pattern, lambda _, text=replacement: text, html, flags=re.DOTALL)  # type: ignore[misc] # a lambda takes no annotations
        if found != 1:
            raise ValueError(f"Streamlit's index.html has {found} × {pattern}")
    inline = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    return Shell(html, tuple(_csp_hash(script) for script in inline))


def _csp_hash(script: str) -> str:
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


class Pages:
    """The endpoint of every address of a page: the shell, and a first cookie for a browser that has none."""

    def __init__(self, office: Office, page: Shell) -> None:
        self.office = office
        self.packed = Packed(page.html.encode())

    async def answer(self, request: Request) -> Response:
        """The shell; 404 for what looks like a file, which a search for holes asks for and nobody else."""
        if "." in request.path_params.get("page", ""):
            return sentence(404)
        body, headers = self.packed.fitting(request.headers.get("accept-encoding", ""))
        answer = Response(body, media_type="text/html", headers=headers)
        settings = self.office.settings
        if settings.browser_cookie not in request.cookies:
            set_cookie(answer, settings, settings.browser_cookie, self.office.token())
        return answer
