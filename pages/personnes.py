"""Personnes: the list, searched as one types, and the drawer to add somebody."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.roles import Actor, Permission
from ui import ahead, filters, listing, views
from ui.frame import each_run, enter, patiently

office, actor = enter(Permission.TEAM_READ)

st.set_page_config(layout="wide")
st.title("Personnes", anchor=False)
filters.follow_address()
listing.introduce(actor)
listing.offer_additions(office, actor)


@st.fragment(key=filters.LIST)
def people(now: Callable[[], Actor], reading: Callable[[], ahead.Reading | None]) -> None:
    """The fields, then what they find; all of it again when a field shall say something else."""
    with patiently():
        filters.take_up()
        begun = reading()
        entered = now()
        filters.draw(entered)
        tools = st.container(horizontal=True, vertical_alignment="center", key="liste_outils")
        with tools:
            views.offer(office, entered)
        found(tools, entered, each_run(entered), ahead.each_run(office, begun))


@st.fragment(key=filters.FOUND)
def found(
    tools: DeltaGenerator,
    drawn_for: Actor,
    now: Callable[[], Actor],
    reading: Callable[[], ahead.Reading | None],
) -> None:
    """What the fields ask for: alone after a new question and when the page is turned (docs/decisions/0016)."""
    with patiently():
        listing.show(office, tools, drawn_for, now, reading)


people(each_run(actor), ahead.each_run(office, ahead.begun()))
