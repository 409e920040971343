"""The rows of a file as fields that can be kept, or why not: nothing here asks the database."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core import emails
from core.columns import Mapping
from core.errors import (
    FormulaInField,
    InvalidCharacters,
    MissingField,
    Refusal,
    RoleNotByFile,
    SameFieldTwice,
    TextTooLong,
    UnknownRole,
)
from core.names import parse_name, parse_phone
from core.roles import Role
from core.sheets import Cells, Progress
from db.people import NOTE_LENGTH

PHONES: Final = ("telephone_1", "telephone_2")
_FORMULA: Final = ("=", "@")
# Our own files put an apostrophe before what a spreadsheet would run (core/export_csv.py).
_DISARMED: Final = ("'=", "'+", "'-", "'@")
_EVERY: Final = 5
# As people write the roles, without case and accents.
_ROLES: Final = {
    "benevole": Role.BENEVOLE,
    "benevoles": Role.BENEVOLE,
    "employe": Role.EMPLOYE,
    "employee": Role.EMPLOYE,
    "salarie": Role.EMPLOYE,
    "salariee": Role.EMPLOYE,
    "administrateur": Role.ADMINISTRATEUR,
    "administratrice": Role.ADMINISTRATEUR,
}


@dataclass(frozen=True, slots=True)
class Read:
    """A row whose fields can be kept: None where the file says nothing; `doubts` are fields kept with a doubt."""

    line: int
    nom: str
    prenom: str
    email: str | None = None
    telephone_1: str | None = None
    telephone_2: str | None = None
    role: str | None = None
    note: str | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that cannot be kept, what it called the person, and why."""

    line: int
    nom: str
    prenom: str
    reason: Refusal


def check(mapping: Mapping) -> None:
    """Raise MissingField where nom or prénom has no column, SameFieldTwice where a field has two."""
    for field in ("nom", "prenom"):
        if field not in mapping:
            raise MissingField(field)
    for field in mapping:
        if field and mapping.count(field) > 1:
            raise SameFieldTwice(field)


def parse(rows: Sequence[tuple[int, Cells]], mapping: Mapping, progress: Progress) -> list[Read | Unreadable]:
    """Each of `rows`, (number, cells), through `mapping`."""
    places = {field: at for at, field in enumerate(mapping) if field}
    parsed = []
    for at, (line, cells) in enumerate(rows):
        if at % _EVERY == 0:
            progress(at, len(rows))
        parsed.append(_row(line, {field: _plain(cells[place]) for field, place in places.items()}))
    return parsed


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith(_DISARMED) else cell


def _row(line: int, typed: dict[str, str]) -> Read | Unreadable:
    try:
        for field, cell in typed.items():
            if field != "note" and cell.startswith(_FORMULA):
                raise FormulaInField(field)
        return _read(line, typed)
    except Refusal as reason:
        return Unreadable(line, typed["nom"], typed["prenom"], reason)


def _read(line: int, typed: dict[str, str]) -> Read:
    phones = {field: parse_phone(field, typed.get(field, "")) for field in PHONES}
    note = typed.get("note", "")
    doubts = [field for field, (_, valid) in phones.items() if not valid]
    return Read(
        line=line,
        nom=parse_name("nom", typed["nom"]),
        prenom=parse_name("prenom", typed["prenom"]),
        email=emails.parse(typed["email"]) if typed.get("email", "").strip() else None,
        telephone_1=phones["telephone_1"][0],
        telephone_2=phones["telephone_2"][0],
        role=_role(typed.get("role", "")),
        note=_note(note),
        doubts=(*doubts, "note") if note.startswith(_FORMULA) else tuple(doubts),
    )


def _role(typed: str) -> str | None:
    if not typed.strip():
        return None
    letters = unicodedata.normalize("NFKD", typed.casefold())
    role = _ROLES.get("".join(sign for sign in letters if sign.isalpha() and not unicodedata.combining(sign)))
    if role is None:
        raise UnknownRole
    if role is Role.ADMINISTRATEUR:
        raise RoleNotByFile
    return role.value


def _note(typed: str) -> str | None:
    note = unicodedata.normalize("NFC", typed).strip()
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in note):
        raise InvalidCharacters("note")
    if len(note) > NOTE_LENGTH:
        raise TextTooLong("note", NOTE_LENGTH, len(note))
    return note or None


def readable(rows: Iterable[Read | Unreadable]) -> list[Read]:
    """Those of `rows` that can be kept."""
    return [row for row in rows if isinstance(row, Read)]
