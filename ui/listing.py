"""The list of Personnes: which page the address asks for, the table, the count, the empty states."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.figures import PAGE_SIZE
from core.personnes import Page, PersonneRow
from core.roles import Actor, Permission
from ui import menu
from ui.feedback import OF_THIS_PAGE
from ui.messages import ACCESS, ROLES
from ui.plain import number, phone

SEARCH = "recherche"
_PAGE = "page"
_WRITTEN = OF_THIS_PAGE + "address"


@dataclass(frozen=True)
class Listed:
    """A page of the list, its number, and how many pages there are."""

    page: Page
    number: int
    pages: int


def introduce(actor: Actor) -> None:
    """What the actor sees here: for those who may not read fiches, their own and the names of the team."""
    if actor.may(Permission.PERSONNES_READ):
        st.caption("Toutes les personnes de l'association.")
        return
    st.caption("L'équipe : les noms et les rôles. Vos propres informations se trouvent dans « Mon compte ».")
    with st.container(border=True, key="own_fiche"):
        st.text(f"Votre fiche : {actor.nom} {actor.prenom}, {ROLES[actor.role].lower()}")
        st.page_link(menu.COMPTE.file, label="Ouvrir mon compte", icon=menu.COMPTE.icon)


def follow_address() -> None:
    """Search what the address asks for, unless it is what this page wrote there itself (a link, Back, F5)."""
    asked = {key: st.query_params[key] for key in (SEARCH, _PAGE) if key in st.query_params}
    if asked != st.session_state.get(_WRITTEN, {}):
        st.session_state[SEARCH] = asked.get(SEARCH, "")
        st.session_state[_PAGE] = _number(asked.get(_PAGE, ""))


def _number(asked: str) -> int:
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 1


def back_to_the_first_page() -> None:
    """For a new search."""
    st.session_state[_PAGE] = 1


def read(search: str, ask: Callable[[int], Page]) -> Listed:
    """The page that is asked for, or the last one when there are fewer; written in the address.

    Not by `bind="query-params"`: a search that also goes back to the first page would lose its own words there.
    """
    wanted = st.session_state.get(_PAGE, 1)
    found = ask(wanted)
    pages = max(1, -(-found.total // PAGE_SIZE))
    if wanted > pages:
        wanted = st.session_state[_PAGE] = pages
        found = ask(pages)
    _write({SEARCH: search} if search else {}, {_PAGE: str(wanted)} if wanted > 1 else {})
    return Listed(found, wanted, pages)


def _write(search: dict[str, str], page: dict[str, str]) -> None:
    address = search | page
    if address != st.session_state.get(_WRITTEN, {}):
        st.session_state[_WRITTEN] = address
        st.query_params.from_dict(address)


def show(listed: Listed, *, searched: bool) -> None:
    """The count, the table and its pages; or what to do next when nobody is found."""
    if not listed.page.rows:
        _nobody(searched=searched)
        return
    first = (listed.number - 1) * PAGE_SIZE + 1
    last = first + len(listed.page.rows) - 1
    st.caption(f"{number(first)} à {number(last)} sur {number(listed.page.total)}")
    _table(listed.page.rows)
    if listed.pages > 1:
        st.pagination(listed.pages, key=_PAGE, width="stretch")
    if listed.page.total == 1 and not searched:
        st.info("Il n'y a encore que vous dans la liste.", icon=":material/person_add:")


def _nobody(*, searched: bool) -> None:
    advice = "Vérifiez l'orthographe, ou cherchez une partie du nom seulement." if searched else ""
    st.info(f"Aucune personne trouvée. {advice}", icon=":material/search_off:")


def _table(rows: tuple[PersonneRow, ...]) -> None:
    columns = {
        "Nom": [row.nom for row in rows],
        "Prénom": [row.prenom for row in rows],
        "Rôle": [ROLES[row.role] for row in rows],
    }
    # Those who may not read fiches get no phones from the service either.
    if rows[0].access:
        columns |= {
            "Téléphone 1": [phone(row.telephone_1) for row in rows],
            "Téléphone 2": [phone(row.telephone_2) for row in rows],
            "Accès": [ACCESS[row.access] for row in rows if row.access],
        }
    st.dataframe(
        columns,
        hide_index=True,
        height="content",
        row_height=44,
        placeholder="",
        alt="Liste des personnes",
    )
