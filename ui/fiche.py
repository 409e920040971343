"""The fiche of somebody, in a drawer over the list; pages/personne.py shows the same alone."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import streamlit as st

from core import directory
from core.directory import Page, Wanted
from core.figures import PAGE_SIZE
from core.office import Office
from core.roles import Actor
from ui import feedback, fiche_sheet, filters, frame, menu, paging
from ui.frame import each_run

_OPEN: Final = feedback.OF_THIS_PAGE + "fiche"
_TURN: Final = "fiche_turn"
_TURNED: Final = feedback.OF_THIS_PAGE + "turned"


@dataclass(frozen=True)
class Around:
    """The page of the list around a fiche: its keys in order, its number, and how many the whole list holds."""

    ids: tuple[UUID, ...] = ()
    number: int = 1
    total: int = 0
    capped: bool = False
    wanted: Wanted = field(default_factory=Wanted)

    @classmethod
    def of(cls, page: Page, number: int, wanted: Wanted) -> "Around":
        """What stands around the fiches of `page`, the one `number` of those who are `wanted`."""
        return cls(tuple(row.id for row in page.rows), number, page.total, page.capped, wanted)

    @property
    def before(self) -> int:
        """How many stand on the pages before."""
        return (self.number - 1) * PAGE_SIZE


def open(id: UUID, around: Around) -> None:
    """Open the drawer on the fiche `id`, in a callback."""
    fiche_sheet.forget()
    st.session_state[_OPEN] = (id, around)


def close() -> None:
    """Close the drawer, in a callback."""
    fiche_sheet.forget()
    st.session_state.pop(_OPEN, None)


def offer(office: Office, actor: Actor) -> None:
    """The drawer, when it is open; draw it last, and no other dialog in the same run."""
    if _OPEN in st.session_state:
        _drawer(office, each_run(actor))


@st.dialog("Fiche", position="right", width="medium", on_dismiss=close)
def _drawer(office: Office, now: Callable[[], Actor]) -> None:
    if _OPEN not in st.session_state or st.session_state.pop(_TURNED, False):
        st.rerun()  # the list behind closes the drawer, or moves with it
    id, around = st.session_state[_OPEN]
    _neighbours(id, around)
    with frame.patiently():
        _fiche(office, now(), id)


def _fiche(office: Office, actor: Actor, id: UUID) -> None:
    fiche_sheet.show(office, actor, id)
    st.page_link(menu.PERSONNE.page, label="Ouvrir dans une page", icon=":material/open_in_full:", query_params=_at(id))
    if feedback.wants_proof():
        # The proof loads a page again: the one of this fiche, and not the list.
        st.switch_page(menu.PERSONNE.page, query_params=fiche_sheet.wanting_proof(office, actor, id))
    if fiche_sheet.gone():
        close()
        st.rerun()


def _at(id: UUID) -> dict[str, str]:
    return {"id": str(id)}


def _neighbours(id: UUID, around: Around) -> None:
    """The ways to the fiche before and the one after, in the order of the list, and the place in it."""
    feedback.tell(_TURN)
    if id not in around.ids or (around.total < 2 and not around.capped):
        return
    place = around.ids.index(id)
    with st.container(horizontal=True, vertical_alignment="center"):
        if around.before + place:
            _step("Précédente", ":material/arrow_back:", around, place - 1)
        if around.capped or around.before + place + 1 < around.total:
            _step("Suivante", ":material/arrow_forward:", around, place + 1)
        st.caption(paging.place(around.before + place + 1, around.total, capped=around.capped), width="content")


def _step(label: str, icon: str, around: Around, place: int) -> None:
    """The button to the fiche at `place` of the page, or to the page before or after when that is past its ends."""
    if 0 <= place < len(around.ids):
        st.button(label, icon=icon, on_click=open, args=(around.ids[place], around))
    else:
        st.button(label, icon=icon, on_click=_turn, args=(around, 1 if place > 0 else -1))


def _turn(around: Around, step: int) -> None:
    """Open the first fiche of the page after this one, or the last one of the page before, in a callback."""
    wanted, number = around.wanted, around.number + step
    page = feedback.attempt(_TURN, lambda: directory.page(frame.office(), frame.actor(), wanted, page=number))
    if page is None:
        return
    if not page.rows:  # others are gone meanwhile: this page is the last one
        here, _ = st.session_state[_OPEN]
        open(here, replace(around, total=around.before + len(around.ids), capped=False))
        return
    turned = Around.of(page, number, wanted)
    open(turned.ids[0 if step > 0 else -1], turned)
    st.session_state[filters.PAGE] = number
    st.session_state[_TURNED] = True
