"""What a fiche shows, in the drawer and alone: facts, look-alikes, editing, access, history, archive."""

from typing import Final
from uuid import UUID

import streamlit as st

from core import personnes
from core.errors import NotFound
from core.office import Office
from core.personnes import Personne
from core.roles import Actor, Permission
from ui import feedback, fiche_access, fiche_edit, fiche_end, fiche_facts, fiche_history, invite_actions, merging
from ui.frame import patiently
from ui.messages import in_french

# Whatever belongs to the fiche that is open: all of it goes when another one is opened.
OF_FICHE: Final = feedback.OF_THIS_PAGE + "fiche_"
_SEEN: Final = OF_FICHE + "seen"
_PART: Final = "fiche_part"
_FICHE, _ACCESS, _HISTORY = "Fiche", "Accès", "Historique"


def forget() -> None:
    """Forget what was typed and said on the fiche that was open."""
    for key in [key for key in st.session_state if str(key).startswith(OF_FICHE)]:
        del st.session_state[key]
    invite_actions.forget()


def wanting_proof(office: Office, actor: Actor, id: UUID) -> dict[str, str]:
    """The query of the page of a fiche that begins by asking who one is, then goes on with what was wanted."""
    feedback.no_proof()
    return {"id": str(id), "confirmer": "oui"} | fiche_edit.wanted_role(office, actor, id)


def gone() -> bool:
    """Whether the fiche is not to be seen any more since the last click."""
    return fiche_end.gone()


def show(office: Office, actor: Actor, id: UUID) -> None:
    """Draw the fiche `id`; who may not see it reads the sentence of an unknown one."""
    if gone():
        return
    try:
        with patiently():
            fiche = personnes.get(office, actor, id=id, again=st.session_state.get(_SEEN) == id)
            st.session_state[_SEEN] = id
            _drawn(office, actor, fiche)
    except NotFound as refusal:
        st.error(in_french(refusal), icon=":material/person_off:")


def _drawn(office: Office, actor: Actor, fiche: Personne) -> None:
    fiche_facts.heading(fiche)
    if fiche_edit.under_way(fiche):
        fiche_edit.form(office, actor, fiche)
        return
    parts = _parts(actor)
    part = _FICHE
    if len(parts) > 1:
        part = st.segmented_control(
            "Partie de la fiche",
            parts,
            default=_FICHE,
            required=True,
            key=_PART,
            label_visibility="collapsed",
            persist_state="page",  # a run in which the database is silent draws none of it
        )
    if part == _ACCESS:
        fiche_access.show(office, actor, fiche)
    elif part == _HISTORY:
        fiche_history.show(office, actor, fiche)
    else:
        _facts(office, actor, fiche)


def _parts(actor: Actor) -> list[str]:
    """Accès and Historique cost a reading of their own: they are read when they are opened."""
    parts = [_FICHE]
    if actor.may(Permission.ACCOUNTS_MANAGE):
        parts.append(_ACCESS)
    return [*parts, _HISTORY] if actor.may(Permission.PERSONNES_READ) else parts


def _facts(office: Office, actor: Actor, fiche: Personne) -> None:
    fiche_edit.tell()
    if merging.under_way():
        merging.offer(office, actor, fiche.id, alike=fiche.alike)
        return
    fiche_facts.show(fiche)
    fiche_facts.look_alikes(actor, fiche)
    with st.container(horizontal=True):
        if actor.may(Permission.PERSONNES_WRITE) and fiche.archived_at is None:
            st.button(
                "Modifier", type="primary", icon=":material/edit:", on_click=fiche_edit.begin, args=(fiche,),
                width="stretch",
            )  # fmt: skip
        fiche_facts.print_and_link(office, fiche)
    merging.offer(office, actor, fiche.id)
    fiche_end.show(actor, fiche)
