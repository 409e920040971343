"""What is done once beside the starting server, so that the first person does not wait for it."""

import gc
import importlib
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from core.errors import Unavailable

# Streamlit imports them with the first logo of a page and with the first table, which takes it one to two seconds.
HEAVY: Final = ("PIL.ImageFile", "pandas", "pyarrow", "pyarrow.pandas_compat", "streamlit.dataframe.lazy_df_adapters")


def warm(*first: Callable[[], object]) -> threading.Thread:
    """Call `first`, import what is heavy, then keep all of it from the collector.

    In a thread: the server answers meanwhile, and a page that needs pandas at once waits for the same import.
    """
    thread = threading.Thread(target=_warm, args=first, name="warming", daemon=True)
    thread.start()
    return thread


def _warm(*first: Callable[[], object]) -> None:
    for call in first:
        with suppress(Unavailable):
            call()
    for name in HEAVY:
        importlib.import_module(name)
    # What is loaded by now lives as long as the process: a collection need not walk it again.
    gc.collect()
    gc.freeze()
