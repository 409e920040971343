"""Accueil: what can be done next."""

import streamlit as st

from core import personnes
from core.roles import Permission
from ui import welcome
from ui.frame import enter

office, actor = enter(Permission.ACCOUNT_OWN)

st.title("Accueil", anchor=False)
welcome.greet(actor)
welcome.remind(actor)
welcome.start(actor, personnes.page(office, actor, size=1).total)
welcome.ways(actor)
