"""What the person who starts the application reads while it has no administrateur."""

from urllib.parse import quote

from core import invites
from core.office import Office
from core.roles import for_operators


@for_operators
def text(office: Office, url: str) -> str | None:
    """The address, a fresh code and its link, framed; None once an administrateur has an account (issue A).

    Each call makes a new code and kills the one before.
    """
    code = invites.first_administrator(office)
    if code is None:
        return None
    return _framed(
        "Aucun administrateur n'a encore activé son accès.",
        "",
        f"Adresse de l'application : {url}",
        f"Code du premier administrateur : {code}",
        f"Ou directement : {url}/activer_mon_acces?code={quote(code)}",
        "",
        "Ce code change à chaque démarrage, jusqu'à la première activation.",
    )


def _framed(*lines: str) -> str:
    width = max(map(len, lines))
    body = (f"│  {line:<{width}}  │" for line in lines)
    return "\n".join([f"┌{'─' * (width + 4)}┐", *body, f"└{'─' * (width + 4)}┘"])
