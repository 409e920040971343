"""The invitation on the fiche: what became of the last code, and what can be done about it."""

from typing import Final
from uuid import UUID

import streamlit as st

from core import invitations
from core.codes import CodeState
from core.office import Office
from core.roles import Actor, Permission
from ui import invite_actions
from ui.invite_words import STATES, end, issued, mail

_PLACE: Final = "fiche"


def card(office: Office, actor: Actor, personne_id: UUID, *, name: str) -> None:
    """The last code of a Personne called `name`, for those who may manage invitations; nothing for others.

    It stands in a drawer too, where no other dialog can open: its question is asked in place.
    """
    if not actor.may(Permission.INVITES_MANAGE):
        return
    place = f"{_PLACE}_{personne_id}"
    code = invitations.state(office, actor, personne_id=personne_id)
    with st.container(border=True, key="invitation_card"):
        st.subheader("Invitation", anchor=False)
        _facts(code)
        if waiting := invite_actions.asked(place):
            invite_actions.question(waiting)
        else:
            invite_actions.show(office, place)
            _offer(place, personne_id, name, code)


def _facts(code: CodeState | None) -> None:
    if code is None:
        st.text("Aucun code n'a encore été créé.")
        return
    said, colour, icon = STATES[code.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(said, color=colour, icon=icon)  # type: ignore[arg-type] # one of its colours
        st.text(end(code)[:1].upper() + end(code)[1:])
    st.text(f"{issued(code)}.")
    if not code.redeemed_at:
        st.text(f"Courriel : {mail(code).lower()}.")


def _offer(place: str, personne_id: UUID, name: str, code: CodeState | None) -> None:
    if code and code.has_account:
        return
    wanted = ["issue", "mail"]
    if code and code.live:
        wanted += ["extend", "revoke"]
    with st.container(horizontal=True):
        for action in wanted:
            found = invite_actions.ACTIONS[action]
            st.button(
                found.label,
                key=f"{place}_{action}",
                icon=found.icon,
                on_click=invite_actions.ask,
                args=(place, action, {personne_id: name}, [code.id] if code else []),
            )
