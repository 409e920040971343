"""Courriels: what became of each mail, and the invitations to send again."""

import streamlit as st

from core.roles import Permission
from ui import mail_list
from ui.frame import enter

office, actor = enter(Permission.AUDIT_READ)

st.title("Courriels", anchor=False)
mail_list.introduce(office)
mail_list.again()
mail_list.show(office, actor, mail_list.state())
