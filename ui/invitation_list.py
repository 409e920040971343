"""The list of « Invitations »: search, state and page in the address; what is done with the selected rows."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

import streamlit as st

from core.codes import CodeRow, InviteState, Page
from core.office import Office
from ui import invite_actions, menu, paging
from ui.feedback import OF_THIS_PAGE
from ui.invite_actions import ACTIONS
from ui.invite_words import STATES, end, mail, word
from ui.people import named
from ui.plain import moment

_PLACE: Final = "liste"
_SEARCH: Final = OF_THIS_PAGE + "codes_recherche"
_STATE: Final = OF_THIS_PAGE + "codes_etat"
_PAGE: Final = OF_THIS_PAGE + "codes_page"
_WRITTEN: Final = OF_THIS_PAGE + "codes_adresse"
_ALL: Final = "Tous les codes"
_PARAMETERS: Final = ("recherche", "etat", "page")


def follow_address() -> None:
    """Look for what the address asks for, unless it is what this page wrote there itself (a link, Back, F5)."""
    asked = {key: st.query_params[key] for key in _PARAMETERS if key in st.query_params}
    written = st.session_state.get(_WRITTEN, {})
    # What was typed since it was written is newer than what the browser still had in its bar.
    if _STATE not in st.session_state or (asked != written and _query() == written):
        st.session_state[_SEARCH] = asked.get("recherche", "")
        st.session_state[_STATE] = asked["etat"] if asked.get("etat") in list(InviteState) else _ALL
        st.session_state[_PAGE] = paging.asked(asked.get("page", ""))


def _query() -> dict[str, str]:
    """What the fields ask for, as the address says it."""
    state, page = st.session_state[_STATE], st.session_state[_PAGE]
    asked = {"recherche": st.session_state[_SEARCH], "etat": "" if state == _ALL else state}
    return {name: value for name, value in (asked | {"page": str(page) if page > 1 else ""}).items() if value}


def fields() -> tuple[str, InviteState | None]:
    """What is typed, and the state that is looked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            "Rechercher",
            type="search",
            live="300ms",
            key=_SEARCH,
            placeholder="Nom, prénom, email ou téléphone",
            on_change=_first_page,
        )
        wanted = st.selectbox(
            "État",
            [_ALL, *InviteState],
            format_func=lambda state: state if state == _ALL else STATES[state][0],
            key=_STATE,
            on_change=_first_page,
        )
    return typed, None if wanted == _ALL else InviteState(wanted)


def _first_page() -> None:
    st.session_state[_PAGE] = 1


def read(ask: Callable[[int], Page], count: Callable[[], int]) -> Page:
    """The page that is asked for, or the last one when there are fewer; written in the address."""
    wanted = st.session_state[_PAGE]
    found = ask(wanted)
    if not found.rows and wanted > 1:
        total = count() if found.capped else found.total
        wanted = st.session_state[_PAGE] = paging.pages(total)
        found = ask(wanted)
    address = _query()
    if address != st.session_state.get(_WRITTEN, {}):
        st.session_state[_WRITTEN] = address
        st.query_params.from_dict(address)
    return found


def show(office: Office, found: Page, *, narrowed: bool) -> None:
    """The count, the grid and its pages, and what can be done with the selection; or what an empty list means."""
    _question()
    invite_actions.show(office, _PLACE)
    if not found.rows:
        _nothing(narrowed=narrowed)
        return
    shown = paging.shown(st.session_state[_PAGE], len(found.rows), found.total, capped=found.capped)
    st.caption(f"{shown}, du plus récent au plus ancien")
    _offer(_selected(found.rows))
    # Beyond what is counted, there is always one page more to try.
    if (pages := max(paging.pages(found.total), st.session_state[_PAGE] + found.capped)) > 1:
        st.pagination(pages, key=_PAGE, width="stretch")


def _nothing(*, narrowed: bool) -> None:
    if narrowed:
        st.info("Aucun code trouvé. Changez la recherche ou l'état.", icon=":material/search_off:")
        return
    st.info(
        "Aucun code n'a encore été créé. Dans « Personnes », ajoutez quelqu'un ou ouvrez une fiche : vous pourrez "
        "lui donner un code.",
        icon=":material/key:",
    )
    st.page_link(menu.PERSONNES.page, label="Ouvrir la liste des personnes")


def _selected(rows: tuple[CodeRow, ...]) -> list[CodeRow]:
    """The grid, and the rows that are selected in it.

    Its key changes with its rows: Streamlit keeps numbers of rows, which would be those of other people.
    """
    shown = "".join(f"{row.code.id}{row.code.state}" for row in rows) + str(invite_actions.changes())
    chosen = st.dataframe(
        {
            "Nom": [row.nom for row in rows],
            "Prénom": [row.prenom for row in rows],
            "État": [word(row.code) for row in rows],
            "Validité": [end(row.code) for row in rows],
            "Courriel": [mail(row.code) for row in rows],
            "Créé par": [row.code.issued_by or "" for row in rows],
            "Créé le": [moment(row.code.created_at) for row in rows],
        },
        key=f"codes_{sha256(shown.encode()).hexdigest()[:16]}",
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        height="content",
        row_height=44,
        placeholder="",
        alt="Liste des codes d'invitation",
    )
    return [rows[index] for index in chosen.selection.rows if index < len(rows)]


def _offer(selected: list[CodeRow]) -> None:
    if not selected:
        st.caption("Cochez une ou plusieurs lignes pour envoyer, prolonger ou annuler leurs codes.")
        return
    people = {row.personne_id: f"{row.prenom} {row.nom}" for row in selected}
    codes = [row.code.id for row in selected]
    with st.container(border=True, key="selection"):
        st.text(f"Sélection : {named(list(people.values()))}")
        with st.container(horizontal=True):
            for name, action in ACTIONS.items():
                st.button(
                    action.label,
                    key=f"{_PLACE}_{name}",
                    icon=action.icon,
                    on_click=invite_actions.ask,
                    args=(_PLACE, name, people, codes),
                )


def _question() -> None:
    if invite_actions.asked(_PLACE):
        _dialog()


@st.dialog("Confirmer", on_dismiss=invite_actions.drop)
def _dialog() -> None:
    waiting = invite_actions.asked(_PLACE)
    if waiting is None:
        st.rerun()  # answered: the page behind says what came of it
    invite_actions.question(waiting)
