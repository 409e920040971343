"""Personnes: the list, searched as one types, and the drawer to add somebody."""

from collections.abc import Callable

import streamlit as st

from core.errors import Unavailable
from core.roles import Actor, Permission
from ui import ahead, creation, filters, listing
from ui.frame import each_run, enter
from ui.messages import in_french

office, actor = enter(Permission.TEAM_READ)

st.set_page_config(layout="wide")
st.title("Personnes", anchor=False)
filters.follow_address()
listing.introduce(actor)
creation.offer(office, actor)


@st.fragment
def people(now: Callable[[], Actor], reading: Callable[[], ahead.Reading | None]) -> None:
    """The search, a page of what it finds, what can be done with it, and the fiche that is opened from it."""
    try:
        listing.show(office, now, reading)
    except Unavailable as refusal:
        st.error(in_french(refusal), icon=":material/cloud_off:")
        st.button("Réessayer", icon=":material/refresh:")


people(each_run(actor), ahead.each_run(office))
