"""What is done beside the starting server."""

import gc
import os
import subprocess
import sys
from base64 import b64encode

from core.errors import Unavailable
from tests.conftest import KEY
from tests.serving import ROOT
from web import warming

# What server.py does around its life, in a process of its own.
LIFE = """
import asyncio, gc, sys, threading
import server
from streamlit import config

async def live():
    async with server.lifespan(server.app):
        next(thread for thread in threading.enumerate() if thread.name == "warming").join()
        print(gc.get_freeze_count() > 10_000, "pandas" in sys.modules, config.get_option("runner.postScriptGC"))

asyncio.run(live())
"""


def test_the_first_table_finds_pandas_loaded_and_the_heap_frozen():
    gc.unfreeze()  # what the tests themselves keep
    called = []
    warming.warm(lambda: called.append("database")).join()
    assert called == ["database"]
    assert set(warming.HEAVY) <= set(sys.modules)
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_the_server_warms_up_by_itself_and_collects_nothing_after_a_run(database, tmp_path):
    settings = {"ASSO_DATABASE_URL": database.url(), "ASSO_KEY": b64encode(KEY).decode(), "ASSO_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", LIFE], cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["True True False"], done.stderr


def test_a_silent_database_does_not_stop_the_warming():
    def silent():
        raise Unavailable

    called = []
    warming.warm(silent, lambda: called.append("next")).join()
    assert called == ["next"]
    gc.unfreeze()
