"""The edge around a gallery of what Streamlit can show, instead of around the house's own screens."""

import os
from functools import partial
from pathlib import Path

import streamlit as st

from core import opening, settings
from ui import incidents
from web import edge, logs

logs.keep_values_out()
office = opening.open_office(settings.load(Path(__file__).parent, os.environ))
around = edge.build(office, static=Path(st.__file__).parent / "static", version=st.__version__, themes={})
app = st.App(
    "gallery.py",
    routes=around.routes,
    middleware=around.middleware,
    on_script_error=lambda error: incidents.show(error, partial(logs.incident, office)),
)
