"""The fiche alone at its address: which one, in which state, and the way back to the list."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from core import fiches, personnes
from core.errors import NotFound
from core.office import Office
from core.roles import Actor, Permission
from ui import feedback, fiche_edit, fiche_sheet, menu, step_up
from ui.messages import in_french

_HERE: Final = fiche_sheet.OF_FICHE + "here"


def show(office: Office, actor: Actor, now: Callable[[], Actor]) -> None:
    """The fiche of the address; nonsense there is an unknown fiche."""
    id = _asked()
    if id is None:
        st.error(in_french(NotFound()), icon=":material/person_off:")
    else:
        _arrive(office, actor, id)
        fiche_sheet.show(office, now(), id)
    _back(actor)
    if id:
        query = {"id": str(id)} | fiche_edit.wanted_role(office, actor, id)
        step_up.offer(office, actor, back_to=f"/personne?{urlencode(query)}")


def _asked() -> UUID | None:
    with suppress(ValueError):
        return UUID(st.query_params.get("id", ""))
    return None


def _arrive(office: Office, actor: Actor, id: UUID) -> None:
    """Another fiche than the one before begins afresh; a proof, or a role that waited for it, is asked for once."""
    if st.session_state.get(_HERE) != id:
        fiche_sheet.forget()
        st.session_state[_HERE] = id
    role, seal = (st.query_params.pop(name, "") for name in ("role", "sceau"))
    if role and actor.may(Permission.ROLES_GRANT):
        with suppress(NotFound):
            wish = fiches.wish(office, actor, id=id, role=role, seal=seal)
            fiche_edit.begin(personnes.get(office, actor, id=id), wish)
    if "confirmer" in st.query_params:
        del st.query_params["confirmer"]
        feedback.ask_proof()


def _back(actor: Actor) -> None:
    to = menu.PERSONNES if actor.may(Permission.TEAM_READ) else menu.COMPTE
    label = "Toutes les personnes" if to is menu.PERSONNES else to.title
    st.page_link(to.page, label=label)
