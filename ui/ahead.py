"""A page of the list, read while the session is being checked: two round trips in the time of one.

It is read for the person of the run before. What is found counts only if the check then finds the same person with the
same rights, and if the same is still wanted; otherwise it is thrown away, unseen, and read again.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import streamlit as st

from core import directory
from core.directory import Page, Wanted
from core.office import Office
from core.roles import Actor
from ui import filters
from ui.feedback import OF_THIS_PAGE

_READER: Final = OF_THIS_PAGE + "reader"
_READERS: Final = ThreadPoolExecutor(max_workers=16, thread_name_prefix="ahead")


@dataclass(frozen=True)
class Reading:
    """A page on its way, and for whom and what it was asked."""

    actor: Actor
    wanted: Wanted
    number: int
    page: Future[Page]


def begin(office: Office) -> Reading | None:
    """Ask for the page that the fields ask for; None in the first run, which knows nobody yet."""
    known: Actor | None = st.session_state.get(_READER)
    if known is None:
        return None
    wanted, number = filters.asked(), filters.page()
    return Reading(known, wanted, number, _READERS.submit(directory.page, office, known, wanted, page=number))


def page(office: Office, actor: Actor, wanted: Wanted, number: int, reading: Reading | None) -> Page:
    """The page `number` of those who are `wanted`: the one on its way when it is the same, else a fresh one.

    `actor` is who the check of this run has found. Raises Unavailable.
    """
    st.session_state[_READER] = actor
    if reading and (reading.actor, reading.wanted, reading.number) == (actor, wanted, number):
        return reading.page.result()
    return directory.page(office, actor, wanted, page=number)
