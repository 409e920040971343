"""CSV that a French Excel opens right at the first click: semicolons, a byte order mark, CRLF, nothing it runs."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from core.export_person import COLUMNS, Person
from core.office import Office

_ROWS_AT_ONCE: Final = 500
# What begins with one of these, wide ones included, spreadsheets take for a formula (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write(_office: Office, people: Iterable[Person]) -> Iterator[bytes]:
    """The file, a few hundred lines at a time."""
    return table([title for title, _, _ in COLUMNS], ([get(one) for _, _, get in COLUMNS] for one in people))


def table(header: Iterable[str], rows: Iterable[Iterable[str | date]]) -> Iterator[bytes]:
    """The file of any table, its header first; days as JJ/MM/AAAA."""
    yield codecs.BOM_UTF8
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(safe, header))
    for number, row in enumerate(rows, 1):
        writer.writerow(map(safe, row))
        if number % _ROWS_AT_ONCE == 0:
            yield _taken(page)
    yield _taken(page)


def safe(value: str | date) -> str:
    """A cell as text that no spreadsheet takes for a formula: an apostrophe stands before what looks like one."""
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value


def _taken(page: io.StringIO) -> bytes:
    written = page.getvalue().encode()
    page.seek(0)
    page.truncate()
    return written
