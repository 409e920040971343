"""Droits: who holds which role, with which access, and what each role may do; to be reviewed and printed."""

import streamlit as st

from core.roles import Permission
from ui import rights
from ui.frame import enter

office, actor = enter(Permission.AUDIT_READ)

st.set_page_config(layout="wide")
st.title("Revue des droits", anchor=False)
rights.introduce(office, actor)
rights.show(office, actor)
rights.grants()
