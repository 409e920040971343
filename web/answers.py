"""The few answers that the edge gives by itself: a status and one French sentence."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

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
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse({"message": SENTENCES.get(status, SENTENCES[400])}, status, headers=named)


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
