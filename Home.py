"""The Streamlit script: page settings, then the menu of what the actor may see, then the page."""

import streamlit as st

from ui import ahead, frame, session_cookie

office = frame.office()
st.set_page_config(page_title=office.settings.association, layout="centered")
session_cookie.carry()
ahead.start(office)
frame.draw(office)
