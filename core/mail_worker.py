"""The worker that sends the mails of this process and, every few seconds, those that others left."""

import logging
from threading import Event, Thread
from typing import Final

from core import carrying, outbox
from core.errors import Unavailable
from core.figures import MAIL_ROUND, MAIL_ROUND_SECONDS
from core.office import Office

_LOG: Final = logging.getLogger(__name__)


class MailWorker:
    """One thread beside the server; several servers may each have one."""

    def __init__(self, office: Office, *, seconds: float = MAIL_ROUND_SECONDS) -> None:
        self.office = office
        self.seconds = seconds
        self.carrier = carrying.chosen(office.settings)
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="mails", daemon=True)

    def start(self) -> None:
        """Begin; a worker begins once."""
        if self.carrier is None:
            _LOG.warning("No [mail] setting: mails wait in the outbox.")
        self._thread.start()

    def stop(self, *, seconds: float = 20.0) -> None:
        """Take no other mail, and wait for the one in hand: dropped, nobody could say whether it left."""
        self._stopping.set()
        outbox.posted.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            outbox.posted.clear()
            full = self._round() == MAIL_ROUND
            # A full round waits its time, whatever is posted meanwhile: the provider takes so many a minute.
            (self._stopping if full else outbox.posted).wait(self.seconds)

    def _round(self) -> int:
        """The mails accepted; whatever happens to one round, the next one comes."""
        try:
            return outbox.send_due(self.office, self.carrier, at_most=MAIL_ROUND, stop=self._stopping.is_set)
        except Unavailable:
            pass  # the server says so on every screen, and the mails are safe in the database
        except Exception:  # noqa: BLE001 (a worker that dies of one mail would send no other)
            _LOG.exception("A round of mails was broken off.")
        return 0
