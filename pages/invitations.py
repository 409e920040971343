"""Invitations: what became of every code, and what is to be done about some of them."""

import streamlit as st

from core import codes
from core.roles import Permission
from ui import invitation_list
from ui.frame import enter

office, actor = enter(Permission.INVITES_MANAGE)

st.set_page_config(layout="wide")
st.title("Invitations", anchor=False)
st.caption("Les codes donnés pour activer un accès. Le code lui-même n'est affiché qu'à sa création.")
invitation_list.follow_address()
typed, state = invitation_list.fields()
found = invitation_list.read(
    lambda page: codes.page(office, actor, typed=typed, state=state, page=page),
    lambda: codes.count(office, actor, typed=typed, state=state),
)
invitation_list.show(office, found, narrowed=bool(typed.strip() or state))
