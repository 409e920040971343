"""The history of a fiche in French: who, when, which field from what to what."""

import streamlit as st

from core import histories
from core.fiche_fields import PHONES
from core.histories import Event
from core.office import Office
from core.personnes import Personne
from core.roles import Actor, Permission, Role
from ui import menu
from ui.messages import FIELDS, ROLES, deed
from ui.plain import moment, phone

_EMPTY = "(vide)"


def show(office: Office, actor: Actor, fiche: Personne) -> None:
    """The latest events, newest first."""
    events = histories.events(office, actor, id=fiche.id)
    st.caption("Qui a changé quoi, et quand. Personne ne peut modifier cet historique.")
    if not events:
        st.info("Rien n'a encore changé sur cette fiche.", icon=":material/history:")
    for event in events:
        with st.container(border=True, gap="xsmall"):
            st.text(_what(event))
            st.text(_who(event))
    if len(events) == histories.SHOWN:
        st.caption(f"Les {histories.SHOWN} derniers événements.")
    if actor.may(Permission.AUDIT_READ):
        st.page_link(
            menu.JOURNAL.page,
            label="Voir dans le journal",
            query_params={"personne": str(fiche.id)},
        )


def _what(event: Event) -> str:
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
