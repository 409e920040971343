"""/_courriels: the mails of an embedded installation, on the machine that runs it and nowhere else."""

import re
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core import carrying
from core.carrier_folder import NAME
from core.french import moment
from core.office import Office
from web.answers import sentence

ADDRESS: Final = "/_courriels"
# A request with one of these came through a proxy: from another machine, whatever its address says.
_FORWARDED: Final = ("x-forwarded-for", "x-real-ip", "forwarded", "via")
# To the microsecond; to the second until November 2026.
_FILE: Final = re.compile(r"\d{8}-\d{6,12}-[0-9a-f-]{36}")
# A letter's own links stand alone on their line.
_URL: Final = re.compile(r"^https?://[^\s<>\"]+$", re.MULTILINE)


class Mailbox:
    """The two pages: the list, and one mail. They hold codes and links: hence all the care."""

    def __init__(self, office: Office) -> None:
        self.settings = office.settings
        self.folder = office.settings.var / NAME

    async def list(self, request: Request) -> Response:
        """The mails, newest first."""
        if not self._open_to(request):
            return sentence(404)
        return await run_in_threadpool(self._list)

    async def read(self, request: Request) -> Response:
        """One mail, its text, its links as links to this application."""
        name = request.path_params["name"]
        if not self._open_to(request) or not _FILE.fullmatch(name):
            return sentence(404)
        return await run_in_threadpool(self._read, self.folder / f"{name}.eml")

    def _open_to(self, request: Request) -> bool:
        return (
            carrying.keeps_mails(self.settings)
            and _is_this_machine(request.client.host if request.client else "")
            and not any(name in request.headers for name in _FORWARDED)
        )

    def _list(self) -> Response:
        files = sorted(self.folder.glob("*.eml"), reverse=True)
        return _page("Courriels de cette machine", "".join(_lines(files)) or "<p>Aucun courriel pour le moment.</p>")

    def _read(self, path: Path) -> Response:
        try:
            mail = _parsed(path)
        except FileNotFoundError:
            return sentence(404)
        text = mail.get_body(("plain",))
        said = escape(text.get_content()) if text else ""
        linked = _URL.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', said)
        top = f"<p>À {escape(mail['To'])}, le {_date(mail)}</p>"
        return _page(mail["Subject"], f'{top}<pre>{linked}</pre><p><a href="{ADDRESS}">Tous les courriels</a></p>')


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _parsed(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _date(mail: EmailMessage) -> str:
    return moment(mail["Date"].datetime)


def _lines(files: Iterable[Path]) -> Iterable[str]:
    for path in files:
        try:
            mail = _parsed(path)
        except FileNotFoundError:  # the mailbox keeps the newest ones only, and a new one has just come
            continue
        link = f'<a href="{ADDRESS}/{path.stem}">{escape(mail["Subject"])}</a>'
        yield f"<p>{link}<br>À {escape(mail['To'])}, le {_date(mail)}</p>"


_STYLE: Final = """
:root { color-scheme: light dark; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.06rem/1.5 system-ui, sans-serif; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; padding: 1rem; border: 1px solid #7c8b88;
  border-radius: 0.6rem; }
"""


def _page(title: str, inner: str) -> Response:
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        f'<link rel="icon" type="image/svg+xml" href="/asso/favicon.svg">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>Sans fournisseur de courriels, ils arrivent ici, sur cette machine, et ne sont pas envoyés.</p>"
        f"{inner}</body></html>"
    )
