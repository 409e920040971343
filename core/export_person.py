"""A Personne as files have them, and the columns of a table of them, in the order people read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from core.french import PARIS, phone


@dataclass(frozen=True)
class Person:
    """A Personne as files have them: what was not given is an empty text; times in UTC."""

    id: UUID
    nom: str
    prenom: str
    role: str
    email: str
    telephone_1: str
    telephone_2: str
    note: str
    access: str
    created_at: datetime
    updated_at: datetime


def dialled(kept: str) -> str:
    """A phone that spreadsheets leave as it is: 06 12 34 56 78, 00 32 470 12 34 56, 01 23 45.

    They take « + » for a formula, and digits in one piece for a number that begins with no zero.
    """
    shown = phone(kept)
    if shown.startswith("+"):
        return f"00 {shown[1:]}"
    return " ".join(re.findall("..?", shown)) if shown.isdigit() and shown.startswith("0") else shown


@lru_cache(maxsize=10_000)
def day(at: datetime) -> date:
    """The day of an instant, in Paris."""
    return at.astimezone(PARIS).date()


# Title, width in characters, content. Titles are those that the import knows.
COLUMNS: Final[tuple[tuple[str, int, Callable[[Person], str | date]], ...]] = (
    ("Nom", 24, lambda person: person.nom),
    ("Prénom", 20, lambda person: person.prenom),
    ("Rôle", 16, lambda person: person.role.capitalize()),
    ("Email", 32, lambda person: person.email),
    ("Téléphone 1", 20, lambda person: dialled(person.telephone_1)),
    ("Téléphone 2", 20, lambda person: dialled(person.telephone_2)),
    ("Note", 40, lambda person: person.note),
    ("Accès", 14, lambda person: person.access.capitalize()),
    ("Créée le", 12, lambda person: day(person.created_at)),
    ("Modifiée le", 12, lambda person: day(person.updated_at)),
)
