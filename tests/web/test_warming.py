"""What is done beside the starting server."""

import gc
import sys

from core.errors import Unavailable
from web import warming


def test_the_first_table_finds_pandas_loaded_and_the_heap_frozen():
    called = []
    warming.warm(lambda: called.append("database")).join()
    assert called == ["database"]
    assert set(warming.HEAVY) <= set(sys.modules)
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_a_silent_database_does_not_stop_the_warming():
    def silent():
        raise Unavailable

    called = []
    warming.warm(silent, lambda: called.append("next")).join()
    assert called == ["next"]
    gc.unfreeze()
