"""The Streamlit script: page settings, then the menu of what the actor may see, then the page."""

import streamlit as st

from ui import frame, look, session_cookie

office = frame.office()
st.set_page_config(page_title=office.settings.association, layout="centered")
look.dress()
session_cookie.carry()
visit = frame.admit(office)
st.set_page_config(page_title=f"{visit.page.title} · {office.settings.association}")
frame.run(visit)
