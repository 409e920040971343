"""The list of Personnes: its page, the count, what can be done with the lines that are ticked, the empty states."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import directory
from core.directory import Page, PersonneRow, Wanted
from core.office import Office
from core.roles import Actor, Permission
from ui import ahead, bulk, creation, exports, fiche, filters, grid, keyboard, menu, paging, step_up
from ui.messages import ROLES


@dataclass(frozen=True)
class Listed:
    """A page of the list, its number, and how many pages can be turned."""

    page: Page
    number: int
    pages: int


def introduce(actor: Actor) -> None:
    """What the actor sees here: for those who may not read fiches, their own and the names of the team."""
    if actor.may(Permission.PERSONNES_READ):
        return
    st.caption("L'équipe : les noms et les rôles. Vos propres informations se trouvent dans « Mon compte ».")
    with st.container(border=True, key="own_fiche"):
        st.text(f"Votre fiche : {actor.nom} {actor.prenom}, {ROLES[actor.role].lower()}")
        st.page_link(menu.COMPTE.page, label="Ouvrir mon compte")


def offer_additions(office: Office, actor: Actor) -> None:
    """The ways to add people, one or many, for those who may."""
    if actor.may(Permission.PERSONNES_WRITE):
        with st.container(horizontal=True, vertical_alignment="center", key="ajouts"):
            creation.offer(office, actor)
            st.page_link(menu.IMPORTER.page, label="Importer")


def show(
    office: Office,
    tools: DeltaGenerator,
    drawn_for: Actor,
    now: Callable[[], Actor],
    reading: Callable[[], ahead.Reading | None],
) -> None:
    """The page that the fields ask for, what can be done with it (in `tools`), the drawer that was opened from it.

    The fields stand as they were drawn for `drawn_for`: with another role the whole screen is drawn anew.
    """
    filters.take_up()
    begun = reading()
    actor = now()
    if actor.role != drawn_for.role:
        st.rerun()
    wanted = filters.asked()
    listed = _read(office, actor, wanted, begun)
    filters.write(wanted, listed.number)
    ticked = _page(listed, wanted) if listed.page.rows else _nobody(actor, wanted)
    with tools:
        if wanted.narrows:
            st.button("Effacer les filtres", icon=":material/filter_alt_off:", on_click=filters.clear)
        exports.offer(office, actor, wanted, tuple(row.id for row in ticked))
    bulk.offer(office, actor, ticked)
    fiche.offer(office, actor)
    back_to = filters.address(wanted, listed.number, (row.id for row in ticked), **creation.wanted_again())
    step_up.offer(office, actor, back_to=back_to)


def _read(office: Office, actor: Actor, wanted: Wanted, reading: ahead.Reading | None) -> Listed:
    """The page that is asked for, or the last one when there are fewer."""
    asked = filters.page()
    found = ahead.page(office, actor, wanted, asked, reading)
    if not found.rows and asked > 1:
        total = directory.count(office, actor, wanted) if found.capped else found.total
        asked = st.session_state[filters.PAGE] = paging.pages(total)
        found = directory.page(office, actor, wanted, page=asked)
    return Listed(found, asked, max(paging.pages(found.total), asked + found.capped))


def _page(listed: Listed, wanted: Wanted) -> tuple[PersonneRow, ...]:
    """The lines, and the way to the other pages; the lines that are ticked."""
    page = listed.page
    st.caption(paging.shown(listed.number, len(page.rows), page.total, capped=page.capped))
    ticked = grid.show(page, listed.number, wanted, changes=bulk.changes())
    if listed.pages > 1:
        st.pagination(listed.pages, key=filters.PAGE, width="stretch")
    if listed.page.total == 1 and not wanted.narrows:
        st.info("Il n'y a encore que vous dans la liste.", icon=":material/person_add:")
    return ticked


def _nobody(actor: Actor, wanted: Wanted) -> tuple[PersonneRow, ...]:
    """What to do next when nobody is found."""
    st.info(f"Aucune personne trouvée. {_advice(actor, wanted)}", icon=":material/search_off:")
    keyboard.listen_without_table()
    return ()


def _advice(actor: Actor, wanted: Wanted) -> str:
    if wanted.search:
        others = " et sans filtre" if wanted.roles or wanted.access or wanted.archived else ""
        looked = "du nom, de l'email ou du téléphone" if actor.may(Permission.PERSONNES_READ) else "du nom"
        return f"Vérifiez l'orthographe, ou cherchez une partie {looked} seulement{others}."
    if wanted.outdated:
        return "Aucune fiche n'est archivée depuis si longtemps : il n'y a rien à effacer."
    if wanted.archived:
        return "Une fiche archivée apparaît ici ; elle peut être restaurée."
    return "Choisissez d'autres filtres, ou effacez-les pour voir tout le monde."
