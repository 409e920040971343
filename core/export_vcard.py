"""vCard 4 (RFC 6350): the address book of a telephone. Notes stay here: they are the association's own."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Final

from core.export_person import Person
from core.office import Office

_OCTETS: Final = 75
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": "\\n"})
_MOBILE: Final = re.compile(r"\+33[67]|0[67]")


def write(office: Office, people: Iterable[Person]) -> Iterator[bytes]:
    """One card after the other."""
    for person in people:
        yield b"".join(_folded(line) for line in _lines(office.settings.association, person))


def _lines(association: str, person: Person) -> Iterator[str]:
    nom, prenom = _escaped(person.nom), _escaped(person.prenom)
    yield from ("BEGIN:VCARD", "VERSION:4.0", f"UID:urn:uuid:{person.id}")
    yield from (f"FN:{prenom} {nom}", f"N:{nom};{prenom};;;", f"ORG:{_escaped(association)}")
    yield f"CATEGORIES:{_escaped(person.role.capitalize())}"
    yield from (
        f"TEL;TYPE={_kind(phone)}:{_escaped(phone)}" for phone in (person.telephone_1, person.telephone_2) if phone
    )
    if person.email:
        yield f"EMAIL:{_escaped(person.email)}"
    yield f"REV:{person.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _kind(phone: str) -> str:
    return "cell" if _MOBILE.match(phone) else "voice"


def _escaped(text: str) -> str:
    """`text` as one value: what separates values is escaped, a line end is written \\n (RFC 6350, 3.4)."""
    return text.replace("\r\n", "\n").translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """The line in pieces of 75 octets at most; no character is cut in two (RFC 6350, 3.2)."""
    rest = line.encode()
    if len(rest) <= _OCTETS:  # nearly all of them
        return rest + b"\r\n"
    pieces: list[bytes] = []
    while len(rest) > (room := _OCTETS - bool(pieces)):
        while rest[room] & 0xC0 == 0x80:  # the middle of a character
            room -= 1
        pieces.append(rest[:room])
        rest = rest[room:]
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"
