"""What is asked of the list: search, filters and order, in fields and in the address alike."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from core.directory import Access, Wanted
from core.figures import ARCHIVE_MONTHS
from core.roles import Actor, Permission, Role
from ui import paging
from ui.feedback import OF_THIS_PAGE
from ui.messages import ACCESS, ROLES

SEARCH: Final = "recherche"
PAGE: Final = "page"
# The fragments of the list: the fields with what they find, and what they find alone.
LIST: Final = "liste"
FOUND: Final = "trouvees"
TICKED: Final = "coches"
_ROLES: Final = "liste_role"
_ACCESS: Final = "liste_acces"
_ARCHIVED: Final = "liste_archivees"
_OUTDATED: Final = "liste_anciennes"
_ORDER: Final = "liste_tri"
_WRITTEN: Final = OF_THIS_PAGE + "address"
_NEXT: Final = OF_THIS_PAGE + "next"
# In the order of the choice; the second word is whether it goes down.
_ORDERS: Final = {
    ("nom", False): "Nom, de A à Z",
    ("nom", True): "Nom, de Z à A",
    ("prenom", False): "Prénom, de A à Z",
    ("prenom", True): "Prénom, de Z à A",
    ("role", False): "Rôle, de A à Z",
    ("role", True): "Rôle, de Z à A",
    ("creation", True): "Ajout, du plus récent",
    ("creation", False): "Ajout, du plus ancien",
    ("modification", True): "Modification, de la plus récente",
    ("modification", False): "Modification, de la plus ancienne",
    ("archivage", False): "Archivage, du plus ancien",
    ("archivage", True): "Archivage, du plus récent",
}
_USUAL_ORDERS: Final = tuple(_ORDERS)[:10]
_TEAM_ORDERS: Final = tuple(_ORDERS)[:6]


def follow_address() -> None:
    """Ask what the address asks, unless it is what this page wrote there itself (a link, Back, F5)."""
    found = {name: st.query_params[name] for name in (*_names(), PAGE) if name in st.query_params}
    written = st.session_state.get(_WRITTEN)
    # What was typed since it was written is newer than what the browser still had in its bar.
    if written is None or (found != written and _query(asked(), page()) == written):
        ask(Wanted.from_query(found), page=paging.asked(found.get(PAGE, "")))
        st.session_state[_WRITTEN] = found


def _names() -> tuple[str, ...]:
    return ("recherche", "role", "acces", "archivees", "tri", "sens")


def ask(wanted: Wanted, *, page: int = 1) -> None:
    """Fill in the fields with `wanted`, before they are drawn in the same run."""
    st.session_state.update(_filled(wanted, page))


def _filled(wanted: Wanted, page: int = 1) -> dict[str, Any]:
    return {
        SEARCH: wanted.search,
        _ROLES: [*wanted.roles],
        _ACCESS: [*wanted.access],
        _ARCHIVED: wanted.archived,
        _OUTDATED: wanted.outdated,
        _ORDER: (wanted.sort, wanted.descending),
        PAGE: page,
    }


def asked() -> Wanted:
    """What the fields ask for."""
    state = st.session_state
    sort, descending = state.get(_ORDER, ("nom", False))
    archived = state.get(_ARCHIVED, False)
    return Wanted(
        search=state.get(SEARCH, ""),
        roles=tuple(state.get(_ROLES, ())),
        access=tuple(state.get(_ACCESS, ())),
        archived=archived,
        outdated=archived and state.get(_OUTDATED, False),
        sort=sort,
        descending=descending,
    )


def page() -> int:
    """The page that is asked for."""
    return int(st.session_state.get(PAGE, 1))


def take_up() -> None:
    """Fill in the fields with what a callback has asked for, before what they ask for is read."""
    st.session_state.update(st.session_state.pop(_NEXT, {}))


def _next(fragment: str, filled: dict[str, Any]) -> NoReturn:
    """In a callback: have `fragment` draw its fields with `filled`.

    It fills them in itself (take_up): a browser is not told of what a callback writes when it ends in st.rerun.
    """
    st.session_state[_NEXT] = st.session_state.get(_NEXT, {}) | filled
    st.rerun(fragment)


def draw_again() -> None:
    """In a callback of what stands among the fields."""
    _next(LIST, {})


def _new_question() -> None:
    """In the callback of a field: from the first page; the fields say it already, and stay as they are."""
    _next(FOUND, {PAGE: 1})


def ask_instead(wanted: Wanted) -> None:
    """In a callback: ask for `wanted`, and have the fields say so."""
    _next(LIST, _filled(wanted))


def clear() -> None:
    """In a callback: ask for everybody again, in the same order."""
    sort, descending = st.session_state.get(_ORDER, ("nom", False))
    ask_instead(Wanted(sort=sort, descending=descending))


def sort_by(sort: str) -> None:
    """In a callback: sort by `sort`, or the other way round when it is so already."""
    now, descending = st.session_state.get(_ORDER, ("nom", False))
    _next(LIST, {_ORDER: (sort, now == sort and not descending), PAGE: 1})


def write(wanted: Wanted, page: int) -> None:
    """Say it in the address.

    Not by `bind="query-params"`: a search that also goes back to the first page would lose its own words there.
    """
    address = _query(wanted, page)
    if address != st.session_state.get(_WRITTEN, {}):
        st.session_state[_WRITTEN] = address
        st.query_params.from_dict(address)


def address(wanted: Wanted, page: int, ticked: Iterable[UUID] = (), **also: str) -> str:
    """The address that asks for that, ticks the same and says `also`, for those who must leave and come back."""
    query = _query(wanted, page) | also
    if people := "-".join(id.hex for id in ticked):
        query[TICKED] = people
    return f"/personnes?{urlencode(query)}" if query else "/personnes"


def _query(wanted: Wanted, page: int) -> dict[str, str]:
    return wanted.as_query() | ({PAGE: str(page)} if page > 1 else {})


def draw(actor: Actor) -> None:
    """The fields. Who may not read fiches has the role to filter by, and nothing else."""
    sees_all, reads_archives = actor.may(Permission.PERSONNES_READ), actor.may(Permission.ARCHIVES_READ)
    if not reads_archives and asked().archived:
        st.session_state.update(_without_archives())
    st.text_input(
        "Rechercher",
        type="search",
        live="300ms",
        key=SEARCH,
        placeholder="Nom, prénom, email ou téléphone" if sees_all else "Nom ou prénom",
        on_change=_new_question,
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="liste_filtres"):
        _choice("Rôle", list(Role), ROLES, key=_ROLES, placeholder="Tous les rôles")
        if sees_all:
            _choice("Accès", list(Access), ACCESS, key=_ACCESS, placeholder="Tous les états")
        archived = asked().archived
        _order(_ORDERS if archived else _USUAL_ORDERS if sees_all else _TEAM_ORDERS)
        if reads_archives:
            st.toggle("Fiches archivées", key=_ARCHIVED, on_change=_archived_or_not)
        if archived:
            label = f"Archivées depuis plus de {ARCHIVE_MONTHS} mois"
            st.toggle(label, key=_OUTDATED, on_change=_oldest_first, help=_WHY_OUTDATED)


_WHY_OUTDATED: Final = "Ces fiches ont assez attendu : ouvrez-les pour les effacer, ou restaurez-les."


def _archived_or_not() -> None:
    _next(LIST, {PAGE: 1} | ({} if st.session_state[_ARCHIVED] else _without_archives()))


def _without_archives() -> dict[str, Any]:
    """What the fields say where no archived fiche is asked for: neither that filter nor that order."""
    order = st.session_state.get(_ORDER, ("nom", False))
    return {_ARCHIVED: False, _OUTDATED: False, _ORDER: ("nom", False) if order[0] == "archivage" else order}


def _oldest_first() -> None:
    _next(LIST, {PAGE: 1} | ({_ORDER: ("archivage", False)} if st.session_state[_OUTDATED] else {}))


def _choice(label: str, options: list[Any], words: Mapping[Any, str], *, key: str, placeholder: str) -> None:
    st.multiselect(
        label,
        options,
        format_func=words.__getitem__,
        key=key,
        placeholder=placeholder,
        select_all=False,
        width=_WIDTH,
        on_change=_new_question,
    )


_WIDTH: Final = 160


def _order(orders: Any) -> None:
    st.selectbox(
        "Trier par",
        list(orders),
        format_func=_ORDERS.__getitem__,
        key=_ORDER,
        width=_WIDTH,
        on_change=_new_question,
    )
