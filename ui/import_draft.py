"""An import on its way through the screen: the file, its columns, the plan, what was done.

It goes with the page, unless it makes codes: they are given nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import streamlit as st

from core import imports, sheets
from core.background import Work
from core.columns import Mapping
from core.errors import PlanOutdated, Refusal
from core.import_plans import Plan
from core.imports import Imported
from core.sheets import Progress, Sheet
from ui import feedback, frame
from ui.messages import in_french

_KEY: Final = feedback.OF_THIS_PAGE + "import"
_WITH_CODES: Final = "import_with_codes"
# A small file is ready within this time, and nobody sees a progress bar flash.
_AT_ONCE: Final = 0.6


@dataclass
class Draft:
    """What is known so far; `stage` is the work in hand: reading, planning, writing."""

    id: UUID
    stage: str = ""
    work: Work[Any] | None = None
    content: bytes = b""
    sheet: Sheet | None = None
    mapping: Mapping = ()
    duplicates_too: bool = False
    plan: Plan | None = None
    with_codes: bool = False
    done: Imported | None = None
    refused: str = ""


def draft() -> Draft:
    """The import of this page, or the one that makes codes."""
    if _WITH_CODES in st.session_state:
        return st.session_state[_WITH_CODES]
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Draft(frame.office().uuid())
    return st.session_state[_KEY]


def forget() -> None:
    """Begin anew; what was typed and read is gone."""
    for key in (_KEY, _WITH_CODES):
        st.session_state.pop(key, None)


def read(name: str, content: bytes, sheet: str | None = None) -> None:
    """Read a file, or another sheet of it."""
    now = draft()
    now.content = content
    _begin(now, "reading", lambda progress: sheets.read(name, content, sheet=sheet, progress=progress))


def plan(mapping: Mapping, *, duplicates_too: bool = False) -> None:
    """Make the plan for the columns as they are chosen."""
    now, office, actor = draft(), frame.office(), frame.actor()
    sheet = now.sheet
    if sheet is None:
        return
    now.mapping, now.duplicates_too = mapping, duplicates_too

    def deed(progress: Progress) -> Plan:
        parsed = imports.parse(office, actor, sheet, mapping, progress=progress)
        return imports.plan(office, actor, parsed, duplicates_too=duplicates_too, progress=progress)

    _begin(now, "planning", deed)


def write(*, with_codes: bool) -> None:
    """Do what the plan says; a second click finds the work begun."""
    now, office, actor = draft(), frame.office(), frame.actor()
    shown, sheet = now.plan, now.sheet
    if shown is None or sheet is None or now.work or now.done:
        return

    now.with_codes = with_codes
    if with_codes:
        st.session_state[_WITH_CODES] = now

    def deed(progress: Progress) -> Imported:
        facts = {"id": now.id, "file_name": sheet.file_name, "with_codes": with_codes}
        return imports.apply(office, actor, shown, progress=progress, **facts)

    _begin(now, "writing", deed)


def _begin(now: Draft, stage: str, deed: Callable[[Progress], Any]) -> None:
    now.refused, now.stage, now.work = "", stage, Work(deed)
    if now.work.ended(within=_AT_ONCE):
        settle()


def settle() -> None:
    """Take what the ended work brought, or why it was refused; what is out of date is planned again."""
    now = draft()
    if now.work is None:
        return
    work, now.work = now.work, None
    try:
        _keep(now, work.outcome())
    except PlanOutdated as refusal:
        plan(now.mapping, duplicates_too=now.duplicates_too)
        now.refused = in_french(refusal)
    except Refusal as refusal:
        now.refused = in_french(refusal)


def _keep(now: Draft, result: Any) -> None:
    if isinstance(result, Sheet):
        now.mapping = imports.mapping_for(frame.office(), frame.actor(), result)
        now.sheet, now.plan = result, None
    elif isinstance(result, Plan):
        now.plan = result
    else:
        now.done, now.content = result, b""


def head(heading: int | None) -> None:
    """Take another row as the header."""
    now = draft()
    if now.sheet is not None:
        _keep(now, now.sheet.headed(heading))
