"""Importer des personnes: from a file of the association to its fiches, in three steps, and back."""

import streamlit as st

from core.roles import Permission
from ui import importing, menu, step_up
from ui.frame import enter

office, actor = enter(Permission.PERSONNES_WRITE)

st.page_link(menu.PERSONNES.page, label="Retour à la liste", icon=":material/arrow_back:")
st.title("Importer des personnes", anchor=False)
importing.show(office, actor)
step_up.offer(office, actor, back_to="/importer")
