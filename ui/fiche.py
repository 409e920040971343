"""The fiche of somebody, in a drawer over the list; pages/personne.py shows the same alone."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from core.office import Office
from core.roles import Actor
from ui import feedback, fiche_sheet, menu
from ui.frame import each_run

_OPEN = feedback.OF_THIS_PAGE + "fiche"


def open(id: UUID, neighbours: tuple[UUID, ...] = ()) -> None:
    """Open the drawer on the fiche `id`, in a callback; `neighbours` are the keys of the list around it, in order."""
    fiche_sheet.forget()
    st.session_state[_OPEN] = (id, tuple(neighbours))


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
    if _OPEN not in st.session_state:
        st.rerun()
    id, neighbours = st.session_state[_OPEN]
    _neighbours(id, neighbours)
    actor = now()
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


def _neighbours(id: UUID, neighbours: tuple[UUID, ...]) -> None:
    """The ways to the fiche before and the one after, in the order of the list."""
    if id not in neighbours or len(neighbours) < 2:
        return
    place = neighbours.index(id)
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, step in (
            ("Précédente", ":material/arrow_back:", -1),
            ("Suivante", ":material/arrow_forward:", 1),
        ):
            other = place + step
            if 0 <= other < len(neighbours):
                st.button(label, icon=icon, on_click=open, args=(neighbours[other], neighbours))
        st.caption(f"{place + 1} sur {len(neighbours)}", width="content")
