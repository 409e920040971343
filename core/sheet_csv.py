"""CSV as associations have it: any of three separators, and the encodings of French Excel."""

import csv
import io
from typing import Final

import pandas as pd  # type: ignore[import-untyped]

from core.errors import BrokenSheet, EmptySheet, NotASheet, NulBytes, TooManyRows
from core.figures import IMPORT_COLUMNS, IMPORT_ROWS

_SEPARATORS: Final = (";", ",", "\t", "|")
_SAMPLE: Final = 50
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def read(content: bytes) -> list[tuple[str, ...]]:
    """Every row of the file; raises NulBytes, NotASheet, BrokenSheet, EmptySheet, TooManyRows."""
    text = _text(content)
    separator, text = _separator(text)
    lines = text.count("\n") + 1
    if not text.strip():
        raise EmptySheet
    if lines > 4 * IMPORT_ROWS:
        raise TooManyRows(IMPORT_ROWS)
    rows = _parsed(text, separator)
    if sum(map(any, rows)) > IMPORT_ROWS:
        raise TooManyRows(IMPORT_ROWS)
    return rows


def _text(content: bytes) -> str:
    """The characters, in the encoding that the bytes show: a byte order mark, UTF-8, else Windows-1252."""
    if not content.startswith(_UTF_16) and b"\0" in content:
        raise NulBytes
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise NulBytes
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\f\v")
    if controls * 100 > len(text):
        raise NotASheet
    return text


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotASheet


def _separator(text: str) -> tuple[str, str]:
    """The separator, and the text without the line with which Excel may announce it (sep=;)."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], rest
    return max(_SEPARATORS, key=lambda separator: _regularity(text, separator)), text


def _regularity(text: str, separator: str) -> int:
    """How many of the first rows have the most usual number of cells, weighed by that number."""
    sample = io.StringIO("".join(text.splitlines(keepends=True)[:_SAMPLE]))
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=separator) if row]
    except csv.Error:
        return 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    return widths.count(usual) * (usual - 1)


def _parsed(text: str, separator: str) -> list[tuple[str, ...]]:
    try:
        width = max(map(len, csv.reader(io.StringIO(text), delimiter=separator)))
        if width > IMPORT_COLUMNS:
            raise BrokenSheet
        frame = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            names=range(width),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            quotechar='"',
            engine="c",
        )
    except (csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise BrokenSheet from error
    return [tuple(cell.strip() for cell in row) for row in frame.fillna("").itertuples(index=False, name=None)]
