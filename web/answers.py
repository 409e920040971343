"""The few answers that the edge gives by itself: a status and one French sentence."""

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from core.settings import Settings

SENTENCES: Final = {
    400: "La demande est incomplète ou n'est pas valable.",
    403: "Cette demande ne vient pas de l'application : elle est refusée.",
    404: "Cette page n'existe pas.",
    405: "Cette demande n'est pas prévue ici.",
    413: "La demande est trop grosse.",
    415: "Ce format n'est pas accepté.",
    429: "Trop de demandes. Réessayez dans un moment.",
    500: "Une erreur inattendue s'est produite. Réessayez dans un moment.",
    503: "La base de données ne répond pas. Réessayez dans quelques instants.",
}


def sentence(status: int, **headers: str) -> Response:
    """The refusal `status` in one French sentence, as JSON because scripts are what reads it."""
    return JSONResponse({"message": SENTENCES.get(status, SENTENCES[400])}, status, headers=_named(headers))


_STYLE: Final = """
:root { color-scheme: light dark; }
body { max-width: 38rem; margin: 12vh auto; padding: 0 1.2rem; font: 1.15rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.6rem; }
a { display: inline-block; margin: 0 1rem 0.7rem 0; padding: 0.6rem 1.2rem; border: 2px solid; border-radius: 0.6rem;
  color: inherit; }
"""
_PAGE: Final = (
    '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
    '<link rel="icon" type="image/svg+xml" href="/asso/favicon.svg">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Fichier indisponible</title>'
    "<style>{style}</style></head><body><h1>Ce fichier n'est pas disponible</h1><p>{words}</p>"
    "<p>Pour l'obtenir, revenez à l'application et demandez-le à nouveau. Si cet onglet vient de s'ouvrir, vous "
    'pouvez aussi le fermer.</p><p><a href="/personnes">Revenir aux personnes</a>'
    '<a href="/accueil">Aller à l\'accueil</a></p></body></html>'
)


def no_file(status: int, words: str, **headers: str) -> Response:
    """The same for somebody who wanted a file and looks at a tab: `words` on a page with ways back."""
    return HTMLResponse(_PAGE.format(style=_STYLE, words=escape(words)), status, headers=_named(headers))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def set_cookie(answer: Response, settings: Settings, name: str, value: str, max_age: int | None = None) -> None:
    """A cookie that no script reads and no other site sends; without an age it goes with the browser."""
    answer.set_cookie(name, value, max_age, path="/", httponly=True, samesite="lax", secure=settings.https)


async def bounded_body(request: Request, at_most: int) -> bytes | None:
    """The body of a request; None when it is longer than `at_most` bytes, which are then read no further."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > at_most:
            return None
    return body


async def refused(_request: Request, error: Exception) -> Response:
    """Starlette's and Streamlit's own refusals, in the words of the house; their English is dropped."""
    answer = sentence(getattr(error, "status_code", 500))
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer
