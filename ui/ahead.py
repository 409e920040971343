"""A page of the list, read while the session is being checked: two round trips in the time of one.

It is read for the person of the run before. What is found counts only if the check then finds the same person with the
same rights, and if the same is still wanted; otherwise it is thrown away, unseen, and read again.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
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


_begun: ContextVar[Reading | None] = ContextVar("reading_ahead", default=None)


def start(office: Office) -> None:
    """Before a whole run checks the session: when the run before drew the list, so will this one, nearly always."""
    if _READER in st.session_state:
        filters.follow_address()
    _begun.set(_begin(office))


def begun() -> Reading | None:
    """What `start` asked for in this run, once."""
    reading = _begun.get()
    _begun.set(None)
    return reading


def each_run(office: Office, reading: Reading | None) -> Callable[[], Reading | None]:
    """`reading` once, then what the fields ask for at each call: for a fragment (frame.each_run)."""
    first = [reading]
    return lambda: first.pop() if first else _begin(office)


def _begin(office: Office) -> Reading | None:
    """Ask for the page that the fields ask for; None in the first run of the list, which knows nobody yet."""
    known: Actor | None = st.session_state.get(_READER)
    if known is None:
        return None
    wanted, number = filters.asked(), filters.page()
    page = _READERS.submit(directory.page, office, known, wanted, page=number)
    # The page takes longer than the check of the session: it gets the interpreter, and asks first.
    time.sleep(0)
    return Reading(known, wanted, number, page)


def page(office: Office, actor: Actor, wanted: Wanted, number: int, reading: Reading | None) -> Page:
    """The page `number` of those who are `wanted`: the one on its way when it is the same, else a fresh one.

    `actor` is who the check of this run has found. Raises Unavailable.
    """
    st.session_state[_READER] = actor
    if reading and (reading.actor, reading.wanted, reading.number) == (actor, wanted, number):
        return reading.page.result()
    return directory.page(office, actor, wanted, page=number)
