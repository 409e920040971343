"""Files of people as rows of text: CSV or Excel, whatever made them; hostile ones are refused before they are read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from core import columns, sheet_csv, sheet_xlsx
from core.errors import EmptySheet, FileTooBig, LockedSheet, NotASheet
from core.figures import IMPORT_BYTES

Progress = Callable[[int, int], None]
Cells = tuple[str, ...]

# How files begin that are neither text nor a workbook, whatever their name says.
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_BINARY: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ\x90",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
)
# A header stands among the first rows, under a title or a blank line; the screen offers the same ones.
HEADER_WITHIN: Final = 20


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: every row as text, and where its header is guessed to be (None: there is none)."""

    file_name: str
    rows: tuple[Cells, ...]
    heading: int | None
    sheets: tuple[str, ...] = ()
    sheet: str = ""

    @property
    def header(self) -> Cells:
        """The names of the columns; « Colonne 1 »… is for the screen, an unnamed column is empty here."""
        return self.rows[self.heading] if self.heading is not None else ("",) * len(self.rows[0])

    def below(self) -> list[tuple[int, Cells]]:
        """The rows under the header that hold something, each with its number in the file as Excel shows it."""
        start = 0 if self.heading is None else self.heading + 1
        return [(at + 1, row) for at, row in enumerate(self.rows) if at >= start and any(row)]

    def headed(self, heading: int | None) -> "Sheet":
        """The same with another header row."""
        return replace(self, heading=heading)


def read(
    name: str, content: bytes, *, sheet: str | None = None, progress: Progress = lambda _done, _total: None
) -> Sheet:
    """The sheet called `sheet`, or the first one that holds something, of the file `content`.

    Formulas stay text, nothing is evaluated. Raises FileTooBig, NotASheet, LockedSheet, BrokenSheet, InflatedSheet,
    NulBytes, EmptySheet, TooManyRows.
    """
    if len(content) > IMPORT_BYTES:
        raise FileTooBig(IMPORT_BYTES // 1_000_000)
    if content.startswith(_OLD_OFFICE):
        raise LockedSheet
    if content.startswith(_BINARY):
        raise NotASheet
    if content.startswith(_ZIP):
        sheets, chosen, rows = sheet_xlsx.read(content, sheet, progress)
    else:
        sheets, chosen, rows = (), "", sheet_csv.read(content)
    if not any(any(row) for row in rows):
        raise EmptySheet
    return Sheet(name, _squared(rows), _heading(rows), sheets, chosen)


def _squared(rows: list[Cells]) -> tuple[Cells, ...]:
    """Every row as wide as the widest that holds something there."""
    width = max(_width(row) for row in rows)
    return tuple((row + ("",) * width)[:width] for row in rows)


def _width(row: Cells) -> int:
    return next((at for at in range(len(row), 0, -1) if row[at - 1]), 0)


def _heading(rows: list[Cells]) -> int | None:
    """The first row with two names of columns that we know."""
    known = (at for at, row in enumerate(rows[:HEADER_WITHIN]) if sum(map(bool, columns.guess(row))) >= 2)
    return next(known, None)
