"""A deed that begins while another transaction is open, and waits for it."""

import threading
import time

from core.errors import Refusal

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def begun(database, deed):
    """Start `deed` in a thread and return once it waits for a lock; call what is returned for what it brought."""
    outcomes = []

    def run():
        try:
            outcomes.append(deed())
        except Refusal as refusal:
            outcomes.append(refusal)

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 10
    while database.run(_WAITING) == [(0,)]:
        assert thread.is_alive(), f"it did not wait: {outcomes}"
        assert time.monotonic() < until
        time.sleep(0.01)

    def outcome():
        thread.join()
        return outcomes[0]

    return outcome
