"""Personnes: the list, searched as one types, and the drawer to add somebody."""

from collections.abc import Callable

import streamlit as st

from core import personnes
from core.errors import Unavailable
from core.roles import Actor, Permission
from ui import creation, listing
from ui.frame import each_run, enter
from ui.messages import in_french

office, actor = enter(Permission.TEAM_READ)

st.set_page_config(layout="wide")
st.title("Personnes", anchor=False)
listing.follow_address()
listing.introduce(actor)
creation.offer(office, actor)


@st.fragment
def people(now: Callable[[], Actor]) -> None:
    """The search, a page of what it finds, and the way to the other pages."""
    search = st.text_input(
        "Rechercher",
        type="search",
        live="300ms",
        key=listing.SEARCH,
        placeholder="Nom, prénom ou téléphone",
        on_change=listing.back_to_the_first_page,
    )
    try:
        found = listing.read(search, lambda page: personnes.page(office, now(), search=search, page=page))
    except Unavailable as refusal:
        st.error(in_french(refusal), icon=":material/cloud_off:")
        st.button("Réessayer", icon=":material/refresh:")
    else:
        listing.show(found, searched=bool(search.strip()))


people(each_run(actor))
