"""The periodic work of the server: what is due, every few minutes, whoever else does it too (house decision 13)."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, Final

from core import downloads, reminders, retention
from core.errors import Unavailable
from core.figures import HOUSEKEEPING_SECONDS
from core.office import Office

_LOG: Final = logging.getLogger(__name__)
# Each of them may run twice at the same instant, by two replicas: their own statements see to it.
JOBS: Final[tuple[Callable[[Office], Any], ...]] = (reminders.remind_due, downloads.sweep, retention.erase_outdated)


class Housekeeper:
    """One thread beside the server; several servers may each have one."""

    def __init__(self, office: Office, *, seconds: float = HOUSEKEEPING_SECONDS) -> None:
        self.office = office
        self.seconds = seconds
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin; a housekeeper begins once. The first round comes after a while: a server starts in peace."""
        self._thread.start()

    def stop(self, *, seconds: float = 20.0) -> None:
        """Begin no other job, and wait for the one in hand."""
        self._stopping.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.wait(self.seconds):
            for job in JOBS:
                self._do(job)

    def _do(self, job: Callable[[Office], Any]) -> None:
        """Whatever happens to one job, the next one comes."""
        try:
            if not self._stopping.is_set():
                job(self.office)
        except Unavailable:
            pass  # the server says so on every screen, and what is due stays due
        except Exception:  # noqa: BLE001 (a housekeeper that dies of one job would do no other)
            _LOG.exception("The job %s was broken off.", job.__module__)
