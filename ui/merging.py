"""« Fusionner avec une autre fiche »: which one, what is kept of each field by field, then one fiche instead of two."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from core import directory, merging
from core.directory import Wanted
from core.duplicates import Alike
from core.merging import Merged
from core.office import Office
from core.roles import Actor, Permission, Role
from ui import feedback, frame, merge_choice, step_up
from ui.merge_choice import COMPARED, MERGED
from ui.messages import ROLES
from ui.plain import plain

# Under the keys of the fiche that is open (ui/fiche_sheet.py): all of it goes when another one is opened.
_WITH: Final = feedback.OF_THIS_PAGE + "fiche_merge_with"
_SEARCH: Final = "fiche_merge_search"
_FOUND: Final = 8


def under_way() -> bool:
    """Whether a merge is being prepared on the fiche that is open."""
    return _WITH in st.session_state


def offer(office: Office, actor: Actor, personne_id: UUID, *, alike: Sequence[Alike] = ()) -> None:
    """The button, the search for the other fiche, the choice, what came of it; nothing for those who may not.

    It stands in a drawer too, where no other dialog can open: everything is asked in place. `alike` are proposed
    before any search. Costs a round trip only while somebody searches.
    """
    if not actor.may(Permission.PERSONNES_ERASE):
        return
    if not under_way():
        _tell()
        st.button("Fusionner avec une autre fiche", icon=":material/merge:", on_click=_begin)
    elif compared := feedback.done(COMPARED):
        merge_choice.show(compared, _leave)
    else:
        _search(office, actor, personne_id, alike)


def _begin() -> None:
    """The proof is asked before the choice."""
    _leave()
    feedback.forget(MERGED)
    if step_up.proved():
        st.session_state[_WITH] = True


def _leave() -> None:
    st.session_state.pop(_WITH, None)
    st.session_state.pop(_SEARCH, None)
    feedback.forget(COMPARED)


def _tell() -> None:
    feedback.tell(MERGED)
    merged: Merged | None = feedback.done(MERGED)
    if merged is None:
        return
    said = " Un code d'invitation a été annulé : il n'en faut qu'un par personne." if merged.code_revoked else ""
    st.success(f"Les deux fiches n'en font plus qu'une.{said}", icon=":material/check_circle:")


def _search(office: Office, actor: Actor, personne_id: UUID, alike: Sequence[Alike]) -> None:
    with st.container(border=True, key="merge_search"):
        st.subheader("Fusionner avec une autre fiche", anchor=False)
        st.write("Cherchez l'autre fiche de la même personne. Vous choisirez ensuite ce qui est gardé de chacune.")
        typed = st.text_input(
            "Autre fiche", type="search", live="300ms", key=_SEARCH, placeholder="Nom, prénom, email ou téléphone"
        )
        feedback.tell(COMPARED)
        if typed.strip():
            found = directory.page(office, actor, Wanted(search=typed), size=_FOUND).rows
            people = [(row.id, row.nom, row.prenom, row.role) for row in found]
        else:
            people = [(one.id, one.nom, one.prenom, one.role) for one in alike]
        _propose(personne_id, people, searched=bool(typed.strip()))
        st.button("Annuler", key="fiche_merge_stop", on_click=_leave)


def _propose(personne_id: UUID, people: list[tuple[UUID, str, str, Role]], *, searched: bool) -> None:
    others = [person for person in people if person[0] != personne_id]
    if searched and not others:
        st.caption("Aucune autre fiche trouvée. Vérifiez l'orthographe, ou cherchez une partie du nom seulement.")
    for id, nom, prenom, role in others:
        st.button(
            plain(f"{prenom} {nom}, {ROLES[role].lower()}"),
            key=f"fiche_merge_{id}",
            icon=":material/person:",
            on_click=_compare,
            args=(personne_id, id),
            width="stretch",
        )


def _compare(one: UUID, other: UUID) -> None:
    feedback.forget(COMPARED)
    if compared := feedback.attempt(
        COMPARED, lambda: merging.compare(frame.office(), frame.actor(), one=one, other=other)
    ):
        merge_choice.begin(compared)
