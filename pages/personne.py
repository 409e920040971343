"""Personne: the fiche of somebody, alone at /personne?id=."""

import streamlit as st

from core.roles import Permission
from ui import fiche_page
from ui.frame import each_run, enter

office, actor = enter(Permission.ACCOUNT_OWN)

st.title("Fiche", anchor=False)
fiche_page.show(office, actor, each_run(actor))
