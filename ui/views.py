"""« Vues enregistrées »: searches and filters kept under a name, for oneself or for those who read fiches too."""

from typing import Final
from uuid import UUID

import streamlit as st

from core import views
from core.office import Office
from core.roles import Actor, Permission
from core.views import View
from ui import feedback, filters, frame
from ui.messages import FIELDS
from ui.plain import plain

_FORM: Final = "vues"
_NAME: Final = "vue_nom"
_SHARED: Final = "vue_partagee"


def offer(office: Office, actor: Actor) -> None:
    """The box of the saved views, for those who may read fiches; it asks the database once it is opened."""
    if not actor.may(Permission.PERSONNES_READ):
        return
    box = st.popover("Vues enregistrées", icon=":material/bookmarks:", key=_FORM, on_change=filters.draw_again)
    if box.open:
        with box:
            _list(views.listed(office, actor))
            _form()


def _list(kept: tuple[View, ...]) -> None:
    if not kept:
        st.caption("Une vue garde la recherche, les filtres et le tri sous un nom. Aucune n'est enregistrée.")
    for view in kept:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                plain(view.name),
                key=f"vue_{view.id}",
                icon=":material/group:" if view.shared else ":material/person:",
                width="stretch",
                on_click=filters.ask_instead,
                args=(view.wanted,),
            )
            if view.removable:
                _remover(view)


def _remover(view: View) -> None:
    st.button(
        "",
        key=f"vue_supprimer_{view.id}",
        icon=":material/delete:",
        help=f"Supprimer la vue « {plain(view.name)} »",
        on_click=_remove,
        args=(view.id,),
    )


def _remove(view: UUID) -> None:
    feedback.attempt(_FORM, lambda: views.remove(frame.office(), frame.actor(), id=view))


def _form() -> None:
    with st.form(f"{_FORM}_form", border=False):
        st.text_input(FIELDS["view"], key=_NAME, placeholder="Bénévoles sans code", autocomplete="off")
        st.checkbox("Partager avec les employés et les administrateurs", key=_SHARED)
        feedback.tell(_FORM)
        st.form_submit_button("Enregistrer cette vue", icon=":material/bookmark_add:", on_click=_save, width="stretch")


def _save() -> None:
    wanted = filters.asked()  # now: the fields may say something else than when the box was drawn
    name, shared = st.session_state[_NAME], st.session_state[_SHARED]
    if feedback.attempt(_FORM, lambda: views.save(frame.office(), frame.actor(), wanted, name=name, shared=shared)):
        st.session_state[_NAME] = ""
