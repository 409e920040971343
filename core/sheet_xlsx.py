"""Excel workbooks: measured before anything opens them, read cell by cell as text, formulas never evaluated (V5.2)."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final

import openpyxl  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError  # type: ignore[import-untyped]

from core.errors import BrokenSheet, InflatedSheet, NotASheet, NulBytes, TooManyRows
from core.figures import IMPORT_COLUMNS, IMPORT_INFLATED, IMPORT_PARTS, IMPORT_ROWS

# openpyxl turns to defusedxml by itself where it is installed, as requirements.in sees to.
if not openpyxl.DEFUSEDXML or openpyxl.LXML:
    raise ImportError("workbooks are read with defusedxml only")

_CHUNK: Final = 1 << 16
_EVERY: Final = 5
_BREAKS: Final = (
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, OverflowError, EOFError, OSError),
    *(zipfile.BadZipFile, ParseError, DefusedXmlException),
)
Read = tuple[tuple[str, ...], str, list[tuple[str, ...]]]


def read(content: bytes, wanted: str | None, progress: Callable[[int, int], None]) -> Read:
    """The names of the sheets, the one read, its rows; raises NotASheet, InflatedSheet, BrokenSheet, TooManyRows."""
    _measure(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        names = tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")
        for name in (wanted,) if wanted in names else names:
            rows = list(_rows(book[name], progress))
            if any(map(any, rows)):
                return names, name, rows
    except _BREAKS as error:
        raise BrokenSheet from error
    return names, names[0] if names else "", []


def _measure(content: bytes) -> None:
    """Refuse what unfolds to more than it may: by what its parts declare, then by what really comes out of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise NotASheet
            if len(parts) > IMPORT_PARTS or sum(part.file_size for part in parts) > IMPORT_INFLATED:
                raise InflatedSheet
            _unfold(archive, parts)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BrokenSheet from error
    except (ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined] # zipfile imports it
        raise BrokenSheet from error


def _unfold(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Read every part to its end, keeping nothing; a part that holds a document type is no workbook of Excel's."""
    unfolded = 0
    for part in parts:
        with archive.open(part) as opened:
            head = opened.peek(1024)[:1024] if hasattr(opened, "peek") else b""
            if b"<!DOCTYPE" in head.replace(b"\0", b"").upper():
                raise BrokenSheet
            while chunk := opened.read(_CHUNK):
                unfolded += len(chunk)
                if unfolded > IMPORT_INFLATED:
                    raise InflatedSheet


def _rows(sheet: Any, progress: Callable[[int, int], None]) -> Iterator[tuple[str, ...]]:
    total = min(sheet.max_row or 0, IMPORT_ROWS)
    sheet.reset_dimensions()  # what the file declares may be wrong, or meant to fill the memory
    # Between the rows there may be blank ones, that the file does not hold and openpyxl makes.
    for at, row in enumerate(islice(sheet.iter_rows(max_col=IMPORT_COLUMNS, values_only=True), 4 * IMPORT_ROWS)):
        if at % _EVERY == 0:
            progress(min(at, total), total)
        if at > IMPORT_ROWS and any(cell is not None for cell in row):
            raise TooManyRows(IMPORT_ROWS)
        yield tuple(map(_text, row))


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without « .0 », dates as people write them, a formula as it is written."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, datetime | date | time):
        return _moment(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, str | int | float):
        return _checked(str(cell))
    return f"={getattr(cell, 'text', '') or ''}"  # an array formula, a data table


def _moment(cell: datetime | date | time) -> str:
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.strftime("%d/%m/%Y %H:%M")
    return cell.strftime("%d/%m/%Y")


def _checked(text: str) -> str:
    if "\0" in text:
        raise NulBytes
    return text.strip()
