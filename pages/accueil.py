"""Accueil: what needs doing, what can be done next, how it goes."""

import streamlit as st

from core import dashboard
from core.roles import Permission
from ui import dashboard as board
from ui import evolution, welcome
from ui.frame import enter

office, actor = enter(Permission.ACCOUNT_OWN)

st.title("Accueil", anchor=False)
found = dashboard.read(office, actor)
welcome.greet(actor)
welcome.remind(actor)
welcome.start(actor, found.total)
board.what_waits(actor, found)
welcome.ways(actor)
board.how_it_goes(found)
evolution.offer(office, actor)
