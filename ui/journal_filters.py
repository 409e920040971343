"""The filters of « Journal »: in the address, so that a link, Back and F5 bring them back, and in fields."""

from typing import Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.journal import Wanted
from core.journal_words import GROUPS, Group
from ui import feedback, menu, paging
from ui.feedback import OF_THIS_PAGE

EXPORT: Final = "journal_export"
PAGE: Final = "page_journal"
_PERSONNE, _AUTHOR, _GROUP, _SINCE, _UNTIL, _REFUSED = (
    f"journal_{name}" for name in ("personne", "auteur", "type", "du", "au", "refus")
)
_IDENTITY: Final = OF_THIS_PAGE + "journal_personne_id"
_WRITTEN: Final = OF_THIS_PAGE + "journal_address"
_OPEN: Final = OF_THIS_PAGE + "journal_filters"


def follow_address() -> None:
    """Take over what the address asks for, unless this page wrote it there itself."""
    asked, written = dict(st.query_params), st.session_state.get(_WRITTEN)
    # What was typed since it was written is newer than what the browser still had in its bar.
    if written is None or (asked != written and _query(wanted(), st.session_state.get(PAGE, 1)) == written):
        _fill(Wanted.from_query(asked), paging.asked(asked.get("page", "")))
        st.session_state[_WRITTEN] = asked
    st.session_state.setdefault(_OPEN, wanted().narrows)


def _fill(wanted: Wanted, page: int = 1) -> None:
    values = {_PERSONNE: wanted.personne, _AUTHOR: wanted.author, _GROUP: wanted.group, _IDENTITY: wanted.personne_id}
    values |= {_SINCE: wanted.since, _UNTIL: wanted.until, _REFUSED: wanted.refused, PAGE: page}
    st.session_state.update(values)


def wanted() -> Wanted:
    """What the fields ask for."""
    kept = st.session_state
    return Wanted(
        personne_id=kept.get(_IDENTITY),
        personne="" if kept.get(_IDENTITY) else kept.get(_PERSONNE, ""),
        author=kept.get(_AUTHOR, ""),
        group=kept.get(_GROUP),
        since=kept.get(_SINCE),
        until=kept.get(_UNTIL),
        refused=kept.get(_REFUSED, False),
    )


def write_address(wanted: Wanted, page: int) -> None:
    """Say in the address what is shown."""
    address = _query(wanted, page)
    if address != dict(st.query_params):
        st.query_params.from_dict(address)
    st.session_state[_WRITTEN] = address


def _query(wanted: Wanted, page: int) -> dict[str, str]:
    return wanted.as_query() | ({"page": str(page)} if page > 1 else {})


def address() -> str:
    """The address of the journal as it is shown."""
    query = wanted().as_query()
    return f"/{menu.JOURNAL.name}?{urlencode(query)}" if query else f"/{menu.JOURNAL.name}"


def _back_to_the_first_page() -> None:
    feedback.forget(EXPORT)  # it holds what was shown before
    st.session_state[PAGE] = 1


def fields() -> None:
    """The fields; each one narrows at once."""
    again = _back_to_the_first_page
    with st.expander("Filtrer", expanded=st.session_state[_OPEN], icon=":material/filter_alt:"):
        people = st.columns(2)
        if st.session_state.get(_IDENTITY) is None:
            _name(people[0], "Personne concernée", _PERSONNE)
        _name(people[1], "Auteur", _AUTHOR)
        left, middle, right = st.columns(3)
        left.selectbox(
            "Type", list(Group), format_func=GROUPS.__getitem__, index=None, key=_GROUP, placeholder="Tous les types",
            on_change=again,
        )  # fmt: skip
        middle.date_input("Du", value=None, key=_SINCE, format="DD/MM/YYYY", on_change=again)
        right.date_input("Au", value=None, key=_UNTIL, format="DD/MM/YYYY", on_change=again)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.toggle("Actions refusées seulement", key=_REFUSED, on_change=again)
            st.button("Effacer les filtres", on_click=clear, icon=":material/filter_alt_off:")


def _name(place: DeltaGenerator, label: str, key: str) -> None:
    place.text_input(
        label, type="search", live="300ms", key=key, placeholder="Nom ou prénom", on_change=_back_to_the_first_page
    )


def clear() -> None:
    """Show the whole journal again."""
    feedback.forget(EXPORT)
    _fill(Wanted())
