"""The history of a fiche in French: who, when, which field from what to what."""

import streamlit as st

from core import histories
from core.audit import Deed
from core.fiche_fields import PHONES
from core.histories import Event, Page
from core.office import Office
from core.personnes import Personne
from core.roles import Actor, Permission, Role
from ui import feedback, menu, paging
from ui.messages import FIELDS, ROLES, deed
from ui.plain import moment, phone

_EMPTY = "(vide)"


def show(office: Office, actor: Actor, fiche: Personne) -> None:
    """What happened, newest first, page by page."""
    key = f"{feedback.OF_THIS_PAGE}fiche_history_page_{fiche.id}"  # goes with the fiche (ui/fiche_sheet.py)
    found = _read(office, actor, fiche, key)
    st.caption("Qui a changé quoi, et quand. Personne ne peut modifier cet historique.")
    if not found.events:
        st.info("Rien n'a encore changé sur cette fiche.", icon=":material/history:")
    for event in found.events:
        with st.container(border=True, gap="xsmall"):
            st.text(_what(event))
            st.text(_who(event))
    if (pages := paging.pages(found.total)) > 1:
        shown = paging.shown(st.session_state.get(key, 1), len(found.events), found.total, capped=False)
        st.caption(f"{shown}, du plus récent au plus ancien")
        st.pagination(pages, key=key, width="stretch")
    if actor.may(Permission.AUDIT_READ):
        st.page_link(
            menu.JOURNAL.page,
            label="Voir dans le journal",
            query_params={"personne": str(fiche.id)},
        )


def _read(office: Office, actor: Actor, fiche: Personne, key: str) -> Page:
    """The page that is asked for; the first one when it is there no more."""
    asked = st.session_state.get(key, 1)
    found = histories.page(office, actor, id=fiche.id, page=asked)
    if found.events or asked == 1:
        return found
    st.session_state[key] = 1
    return histories.page(office, actor, id=fiche.id)


def _what(event: Event) -> str:
    if event.deed == Deed.PERSONNES_IMPORTED:
        return "Créée par un import"
    if event.field is None:
        return deed(str(event.deed), event.outcome)
    label = FIELDS.get(event.field, event.field)
    return f"{label} : {_value(event.field, event.before)} → {_value(event.field, event.after)}"


def _value(field: str, kept: str | None) -> str:
    if field == "role" and kept:
        return ROLES[Role(kept)]
    # A number stays whole at the end of a line.
    return (phone(kept).replace(" ", "\u00a0") if field in PHONES else kept) or _EMPTY


def _who(event: Event) -> str:
    address = f" (adresse {event.ip})" if event.ip else ""
    return f"le {moment(event.at)}, par {event.actor or 'un compte supprimé'}{address}"
