"""GET /telechargements/{token}: a prepared file, once, for the session that asked for it (house decision 9)."""

from collections.abc import Iterator
from typing import IO, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from core import code_sheets, downloads, exports, fiche_exports, import_files, journal_export, own_data, sessions
from core.downloads import ADDRESS, Fetched
from core.errors import DownloadVoid, NotAllowed, NotFound, NotSignedIn, Refusal, SessionEnded, Unavailable
from core.office import Office
from core.print_page import POLICY
from web.answers import no_file, sentence
from web.limits import visitor

# Imported so that their kinds exist as soon as the server does, before any screen was opened.
PRODUCERS: Final = (code_sheets, exports, fiche_exports, import_files, journal_export, own_data)
ROUTE: Final = ADDRESS + "/{token}"
CHUNK: Final = 1 << 16
# What a browser does with a file that it keeps is nobody's page: it may do nothing.
FILE_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

_ONCE: Final = (
    "Chaque fichier préparé se télécharge une seule fois, dans les cinq minutes, depuis le navigateur qui l'a demandé. "
    "Celui-ci a déjà servi, a expiré, ou a été préparé ailleurs."
)
_GONE: Final = "La fiche n'existe plus : elle a été effacée ou fusionnée depuis que vous avez préparé ce fichier."
SENTENCES: Final[dict[type[Refusal], tuple[int, str]]] = {
    DownloadVoid: (410, _ONCE),
    NotSignedIn: (401, "Ce fichier est réservé à la personne qui l'a préparé. Connectez-vous, puis préparez-le."),
    SessionEnded: (401, "Votre session est terminée. Reconnectez-vous, puis préparez le fichier à nouveau."),
    NotAllowed: (403, "Votre rôle ne permet pas de télécharger ce fichier."),
    NotFound: (410, _GONE),
    Unavailable: (503, "La base de données ne répond pas. Attendez un instant, puis préparez le fichier à nouveau."),
}
_OTHERWISE: Final = (403, "Une étape vous attend d'abord dans «\u00a0Mon compte\u00a0». Faites-la, puis recommencez.")


class Downloads:
    """The endpoint; only GET takes the file: what merely looks at the address (HEAD, a prefetch) leaves it there."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The file; a page in French says why there is none."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "GET" or "prefetch" in request.headers.get("sec-purpose", ""):
            return sentence(405, Allow="GET")
        try:
            fetched = await run_in_threadpool(self._fetch, request)
        except Refusal as refusal:
            status, words = SENTENCES.get(type(refusal), _OTHERWISE)
            return no_file(status, words)
        return _file(fetched)

    def _fetch(self, request: Request) -> Fetched:
        token = request.cookies.get(self.office.settings.session_cookie)
        if token is None:
            raise NotSignedIn
        actor = sessions.resume(self.office, visitor(request.scope), token=token)
        return downloads.fetch(self.office, actor, token=request.path_params["token"])


def _file(fetched: Fetched) -> Response:
    headers = {
        "Content-Disposition": disposition(fetched.file_name, inline=fetched.inline),
        "Content-Length": str(fetched.size),
        "Content-Security-Policy": POLICY if fetched.inline else FILE_POLICY,
    }
    return StreamingResponse(_chunks(fetched.content), media_type=fetched.media_type, headers=headers)


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while chunk := content.read(CHUNK):
            yield chunk


def disposition(file_name: str, *, inline: bool) -> str:
    """The header that names a file, for every browser: in ASCII, then as it is (RFC 6266, RFC 8187)."""
    plain = file_name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
