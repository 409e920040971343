"""Email addresses: what is accepted, and which ones are the same."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from core.errors import InvalidEmail, MissingField


def parse(typed: str) -> str:
    """The address to keep, trimmed, its domain in lower case; raises MissingField, InvalidEmail. Looks nothing up."""
    if not typed.strip():
        raise MissingField("email")
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidEmail from error


def key(typed: str) -> str:
    """What two spellings of one address share; for limits, which hold for addresses that no account has."""
    return unicodedata.normalize("NFKC", typed).casefold()
