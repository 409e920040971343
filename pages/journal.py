"""Journal: what happened, for administrateurs; filters, an export, the check that nothing was altered."""

import streamlit as st

from core.roles import Permission
from ui import journal, journal_filters, journal_tools, step_up
from ui.frame import each_run, enter

office, actor = enter(Permission.AUDIT_READ)

st.title("Journal", anchor=False)
st.caption("Les connexions, les consultations et les changements, y compris ce qui a été refusé.")
journal_filters.follow_address()
journal_filters.fields()
journal_tools.export()
journal.details()
step_up.offer(office, actor, back_to=journal_filters.address())
journal.show(office, actor)
journal_tools.check(office, each_run(actor, touch=False))
