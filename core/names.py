"""Names and phones as people type them: what is kept, and what is refused."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from core.errors import InvalidCharacters, InvalidPhone, MissingField, TextTooLong
from db.people import NAME_LENGTH, NOTE_LENGTH, PHONE_LENGTH

_PHONE = re.compile(r"[+0-9()./\s-]*")
# How numbers of the overseas departments begin when they are dialled from anywhere in France, and from abroad. Some of
# them would pass for numbers of the mainland, which they are not.
OVERSEAS: Final = (
    {"0262": "262262", "0263": "262263", "0692": "262692", "0693": "262693"}  # La Réunion
    | {"0269": "262269", "0639": "262639"}  # Mayotte
    | {"0590": "590590", "0690": "590690", "0691": "590691"}  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    | {"0594": "594594", "0694": "594694"}  # Guyane
    | {"0596": "596596", "0696": "596696", "0697": "596697"}  # Martinique
    | {"0508": "508"}  # Saint-Pierre-et-Miquelon
)


def parse_name(field: str, typed: str) -> str:
    """The name to keep: NFC, blanks squeezed, otherwise as typed (hyphens, particles, one letter, any script).

    Raises MissingField, TextTooLong, InvalidCharacters with `field`.
    """
    name = _squeezed(field, typed, NAME_LENGTH)
    if not name:
        raise MissingField(field)
    return name


def parse_phone(field: str, typed: str) -> tuple[str | None, bool]:
    """The phone to keep and whether it is a valid number: E.164 when it is, else the digits as typed (R3).

    An empty field is (None, True). Raises InvalidPhone, TextTooLong, InvalidCharacters with `field`.
    """
    phone = _squeezed(field, typed, PHONE_LENGTH)
    if not phone:
        return None, True
    if not _PHONE.fullmatch(phone) or not any(character.isdigit() for character in phone):
        raise InvalidPhone(field)
    for said in _readings(phone):
        try:
            number = phonenumbers.parse(said, "FR")
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164), True
    return phone, False


def _readings(phone: str) -> Iterator[str]:
    """`phone` as it can be understood when it is dialled in France: a number of the overseas departments, or not."""
    digits = re.sub(r"[^0-9+]", "", phone)
    if digits[:4] in OVERSEAS:
        yield f"+{OVERSEAS[digits[:4]]}{digits[4:]}"
    yield phone


def _squeezed(field: str, typed: str, limit: int) -> str:
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise InvalidCharacters(field)
    if len(text) > limit:
        raise TextTooLong(field, limit, len(text))
    return text


def parse_note(typed: str) -> str:
    """The note to keep: NFC, its lines as typed, blanks cut at the ends.

    Raises TextTooLong, InvalidCharacters with the field « note ».
    """
    note = "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", typed).splitlines()).strip()
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in note if character not in "\n\t"):
        raise InvalidCharacters("note")
    if len(note) > NOTE_LENGTH:
        raise TextTooLong("note", NOTE_LENGTH, len(note))
    return note
