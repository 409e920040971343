"""The application as it is served: Home.py behind the edge of web/ (streamlit run server.py, manage.py)."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit import config

from core import hashing, health, opening, settings, welcome
from core.errors import SetupError
from core.housekeeping import Housekeeper
from core.mail_worker import MailWorker
from ui import delivery, incidents, pace, theme_message
from web import edge, listening, logs, warming

ROOT = Path(__file__).resolve().parent
STATIC = Path(st.__file__).parent / "static"


def theme(name: str) -> dict[str, object]:
    """The settings of a theme: its own section's, and for the rest those of [theme]."""
    sections = [config.get_options_for_section(section) for section in ("theme", f"theme.{name}")]
    return {key: value for section in sections for key, value in section.items() if value is not None}


logs.keep_values_out()
delivery.keep_drawings()
pace.send_at_the_end()
theme_message.make_once()
listening.believe_nobody()
opened_before = opening.current()
try:
    known = {"ASSO_PORT": str(st.get_option("server.port")), **os.environ}
    host = st.get_option("server.address") or "0.0.0.0"  # noqa: S104 (where Streamlit listens when nothing is said)
    office = opened_before or opening.open_office(settings.load(ROOT, known, host=host))
    themes = {"light": theme("light"), "dark": theme("dark")}
    around = edge.build(office, static=STATIC, version=st.__version__, themes=themes)
except SetupError as refusal:
    opening.close()
    print(refusal, file=sys.stderr)  # noqa: T201 (nothing serves yet: the operator reads the terminal)
    sys.exit(2)

# Not in the environment, which the processes we start would inherit.
config.set_option("server.cookieSecret", office.key_for("streamlit-cookies").hex())


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Around the life of the server."""
    listening.tune()
    around.copies.prepare()
    warm = warming.warm(lambda: health.schema(office), lambda: hashing.warm(office))
    worker, housekeeper = MailWorker(office), Housekeeper(office)
    worker.start()
    housekeeper.start()
    if opened_before is None:
        url = office.settings.public_url
        # On the terminal only: the first administrator's code must not reach a log.
        print(welcome.text(office, url) or f"L'application est prête : {url}", flush=True)  # noqa: T201
    yield
    # A hash cut off by the end of the process would abort it.
    warm.join()
    housekeeper.stop()
    worker.stop()
    if opened_before is None:
        opening.close()


app = st.App(
    "Home.py",
    routes=around.routes,
    middleware=around.middleware,
    lifespan=lifespan,
    on_script_error=lambda error: incidents.show(error, partial(logs.incident, office)),
    exception_handlers=around.exception_handlers,
)
