"""« Journal »: what happened, day by day, newest first; the details of a line in a panel."""

from datetime import date
from itertools import groupby
from typing import Final

import streamlit as st

from core import journal
from core.journal import Entry, Page
from core.journal_details import in_words
from core.journal_sentences import sentence, who, whom
from core.journal_words import DEEDS, GROUPS
from core.office import Office
from core.roles import Actor
from ui import feedback, journal_filters, paging
from ui.journal_filters import PAGE
from ui.plain import PARIS, day, number, time_of_day

_ICON: Final = ":material/info:"
_CHOSEN: Final = feedback.OF_THIS_PAGE + "journal_entry"


def show(office: Office, actor: Actor) -> None:
    """The page of the journal that is asked for, or what an empty one means."""
    wanted, asked = journal_filters.wanted(), st.session_state.get(PAGE, 1)
    found = journal.page(office, actor, wanted, page=asked)
    pages = paging.pages(found.total)
    if asked > pages:
        asked = st.session_state[PAGE] = pages
        found = journal.page(office, actor, wanted, page=asked)
    journal_filters.write_address(wanted, asked)
    if wanted.personne_id:
        _about(found)
    if found.broad:
        st.warning("Ce nom est celui de trop de personnes : ajoutez un prénom ou un nom.", icon=":material/groups:")
    if not found.rows:
        st.info("Rien dans le journal avec ces filtres.", icon=":material/search_off:")
        return
    shown = paging.shown(asked, len(found.rows), found.total, capped=found.capped)
    st.caption(f"{shown}, du plus récent au plus ancien")
    for its_day, rows in groupby(found.rows, key=lambda entry: entry.at.astimezone(PARIS).date()):
        _day(its_day, list(rows))
    if pages > 1:
        st.pagination(pages, key=PAGE, width="stretch")
    if found.capped and asked == pages:
        st.info("Pour voir plus loin, choisissez des dates dans les filtres.", icon=":material/date_range:")


def _about(found: Page) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", border=True):
        st.text(f"Ce qui concerne {found.about or 'une fiche effacée'}")
        st.button("Voir tout le journal", on_click=journal_filters.clear, icon=":material/close:")


def _day(its_day: date, rows: list[Entry]) -> None:
    st.subheader(day(its_day), anchor=False)
    with st.container(border=True, gap="xsmall", key=f"journal_day_{its_day}"):
        for entry in rows:
            _line(entry)


def _line(entry: Entry) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"journal_line_{entry.seq}"):
        st.text(time_of_day(entry.at), width=70)
        st.text(sentence(entry), width="stretch")
        if entry.refused:
            st.badge("Refusé", color="red", icon=":material/block:")
        st.button("Détails", key=f"journal_{entry.seq}", type="tertiary", on_click=_open, args=(entry,), icon=_ICON)


def _open(entry: Entry) -> None:
    st.session_state[_CHOSEN] = entry


def _close() -> None:
    st.session_state.pop(_CHOSEN, None)


def details() -> None:
    """The panel of the line whose button was clicked."""
    if _CHOSEN in st.session_state:
        _panel(st.session_state[_CHOSEN])


@st.dialog("Détails", on_dismiss=_close, position="right")
def _panel(entry: Entry) -> None:
    st.text(sentence(entry))
    if entry.refused:
        st.badge("Refusé", color="red", icon=":material/block:")
    for label, words in _facts(entry):
        with st.container(gap=None):
            st.caption(label)
            st.text(words)


def _facts(entry: Entry) -> list[tuple[str, str]]:
    local = entry.at.astimezone(PARIS)
    words = DEEDS.get(entry.deed)
    known = [
        ("Quand", f"{day(local.date())} à {time_of_day(entry.at)} min {local:%S} s"),
        ("Auteur", who(entry)),
        ("Personne concernée", whom(entry) or "personne"),
        ("Adresse IP", entry.ip or "aucune"),
        ("Type", GROUPS[words.group] if words else "autre"),
        ("Ligne du journal", f"n° {number(entry.seq)}"),
    ]
    return known + list(in_words(entry.details).values())
