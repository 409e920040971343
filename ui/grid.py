"""The table of a page of the list: lines to tick, a fiche to open, headers that sort; never the wrong person."""

from functools import partial
from hashlib import sha256
from typing import Any, Final

import pyarrow as pa
import streamlit as st

from core.directory import Page, PersonneRow, Wanted
from ui import fiche, filters, keyboard
from ui.feedback import OF_THIS_PAGE
from ui.fiche import Around
from ui.messages import ACCESS, ROLES
from ui.plain import phone, short_day

_OPEN: Final = "Ouvrir"
_TICKED: Final = OF_THIS_PAGE + "ticked_before"
# The columns that sort the whole list when their header is clicked.
_SORTING: Final = {
    "Nom": "nom",
    "Prénom": "prenom",
    "Rôle": "role",
    "Modifiée le": "modification",
    "Archivée le": "archivage",
}


def show(page: Page, number: int, wanted: Wanted, *, changes: int = 0) -> tuple[PersonneRow, ...]:
    """Draw the rows of `page`, the one `number` of those who are `wanted`; those that are ticked.

    A table only knows the numbers of its lines. So it is another table whenever other people stand in it, in another
    order, or after one more of `changes`, the deeds done to them: what was ticked or clicked in the former one is
    forgotten, and no number ever means somebody else.
    """
    rows = page.rows
    around = Around.of(page, number, wanted) if rows[0].access else Around()
    key = _key(rows, wanted, changes)
    ticked = _ticked_before(rows, key)
    table = st.dataframe(
        _table(_columns(rows, wanted)),  # as the browser reads it: a detour by pandas is a fifth of the run
        key=key,
        column_config=_looks(around, key),
        on_select=partial(_sort, key),
        selection_mode=["multi-row", "single-column"] if rows[0].access else "single-column",
        selection_default={"selection": {"rows": ticked}} if ticked else None,
        hide_index=True,
        height="content",
        row_height=44,
        placeholder="",
        alt="Liste des personnes",
    )
    keyboard.listen(key, _open_from_keyboard, around)
    return tuple(rows[number] for number in table["selection"]["rows"] if number < len(rows))


def _ticked_before(rows: tuple[PersonneRow, ...], key: str) -> list[int]:
    """The lines that were ticked when the page was left to prove who one is; in the first table it shows, no other."""
    if filters.TICKED in st.query_params:
        st.session_state[_TICKED] = key, st.query_params.pop(filters.TICKED).split("-")
    table, people = st.session_state.get(_TICKED, (key, ()))
    if table != key:
        del st.session_state[_TICKED]
        return []
    return [number for number, row in enumerate(rows) if row.id.hex in people]


def _key(rows: tuple[PersonneRow, ...], wanted: Wanted, changes: int) -> str:
    shown = f"{changes} {wanted.sort} {wanted.descending} {' '.join(row.id.hex for row in rows)}"
    return f"{OF_THIS_PAGE}grid_{sha256(shown.encode()).hexdigest()[:32]}"


def _columns(rows: tuple[PersonneRow, ...], wanted: Wanted) -> dict[str, list[str]]:
    """Who may not read fiches gets no phones, emails and dates from the service either."""
    columns = {
        _OPEN: [_OPEN for row in rows if row.access],
        "Nom": [row.nom for row in rows],
        "Prénom": [row.prenom for row in rows],
        "Rôle": [ROLES[row.role] for row in rows],
        "Accès": [ACCESS[row.access] for row in rows if row.access],
        "Téléphone 1": [phone(row.telephone_1) for row in rows if row.access],
        "Téléphone 2": [phone(row.telephone_2) for row in rows if row.access],
        "Email": [row.email or "" for row in rows if row.access],
        "Archivée le": [short_day(row.archived_at) for row in rows if wanted.archived and row.archived_at],
        "Modifiée le": [short_day(row.updated_at) for row in rows if wanted.sort == "modification" and row.updated_at],
    }
    return {name: cells for name, cells in columns.items() if len(cells) == len(rows)}


def _table(columns: dict[str, list[str]]) -> pa.Table:
    """All the cells in one array, cut into columns: each array that is made gives the interpreter away."""
    cells = pa.array(cell for column in columns.values() for cell in column)
    height = len(columns["Nom"])
    cut = [cells.slice(number * height, height) for number in range(len(columns))]
    return pa.Table.from_arrays(cut, names=list(columns))


def _looks(around: Around, key: str) -> dict[str, Any]:
    opening = st.column_config.ButtonColumn(
        "Fiche", width=90, key=f"{key}_open", on_click=_open, args=(f"{key}_open", around)
    )
    return {_OPEN: opening}


def _open(key: str, around: Around) -> None:
    """Open the fiche of the line that was clicked, of those that were drawn with it."""
    fiche.open(around.ids[st.session_state[key]["row"]], around)


def _open_from_keyboard(around: Around, number: int) -> None:
    if number < len(around.ids):
        fiche.open(around.ids[number], around)


def _sort(key: str) -> None:
    for column in st.session_state[key]["selection"]["columns"]:
        if column in _SORTING:
            filters.sort_by(_SORTING[column])
