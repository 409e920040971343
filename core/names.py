"""Names and phones as people type them: what is kept, and what is refused."""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from core.errors import InvalidCharacters, InvalidPhone, MissingField, TextTooLong
from db.people import NAME_LENGTH, NOTE_LENGTH, PHONE_LENGTH

_PHONE = re.compile(r"[+0-9()./\s-]*")


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
    try:
        number = phonenumbers.parse(phone, "FR")
    except NumberParseException:
        return phone, False
    if not phonenumbers.is_valid_number(number):
        return phone, False
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), True


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
