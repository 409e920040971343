"""The fields of a fiche as people type them: what is kept of each, alike for creating and editing (R3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core import archives, emails
from core.errors import AlreadyDone, EmailOnAnotherFiche
from core.names import parse_name, parse_note, parse_phone
from core.office import Office
from core.roles import Actor

NAMES: Final = ("nom", "prenom")
PHONES: Final = ("telephone_1", "telephone_2")
FIELDS: Final = (*NAMES, "email", *PHONES, "note")


@dataclass(frozen=True)
class Parsed:
    """What is kept of each field, and the phone fields that hold no valid number."""

    kept: dict[str, str | None]
    doubtful: tuple[str, ...]


def parse(typed: Mapping[str, str]) -> Parsed:
    """What to keep of the fields that were `typed`, any of FIELDS.

    Raises MissingField, TextTooLong, InvalidCharacters, InvalidPhone, InvalidEmail.
    """
    phones = {field: parse_phone(field, typed[field]) for field in PHONES if field in typed}
    kept = {field: _KEPT[field](typed[field]) for field in FIELDS if field in typed and field not in PHONES}
    return Parsed(
        kept=kept | {field: phone for field, (phone, _) in phones.items()},
        doubtful=tuple(field for field, (_, valid) in phones.items() if not valid),
    )


_KEPT: Final[dict[str, Callable[[str], str | None]]] = {
    "nom": lambda typed: parse_name("nom", typed),
    "prenom": lambda typed: parse_name("prenom", typed),
    "email": lambda typed: emails.parse(typed) if typed.strip() else None,
    "note": parse_note,
}
_HOLDER: Final = text(f"""
SELECT CASE WHEN {archives.seen("p")} THEN p."ID_PERSONNE" END AS id
FROM asso.personnes p WHERE p.email_key = asso.email_key(CAST(:email AS text))
""")  # noqa: S608 (made of our own constants)


def why(office: Office, actor: Actor, error: IntegrityError, email: str | None) -> Exception:
    """The refusal behind the constraint that decided, or the error itself when it is none of these."""
    constraint = error.orig.diag.constraint_name  # type: ignore[union-attr] # psycopg2's own
    if constraint == "pk_personnes":
        return AlreadyDone()
    taken = constraint == "uq_personnes_email_key"
    holders = office.ask(_HOLDER, email=email, **archives.values(actor)) if taken else ()
    return EmailOnAnotherFiche(holders[0].id) if holders else error
