"""Work too long for one drawing of a screen: in a thread of its own, which leaves the others their turn."""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Final, Generic, TypeVar

from core.sheets import Progress

T = TypeVar("T")
# Between two pieces of work the other screens get the interpreter.
_PAUSE: Final = 0.0005


class Work(Generic[T]):
    """One piece of work, begun at once; what it brings, or why it was refused, is asked for when it has ended."""

    def __init__(self, deed: Callable[[Progress], T]) -> None:
        self._deed = deed
        self._result: T
        self._refusal: BaseException | None = None
        self._ended = Event()
        self.done, self.total = 0, 0
        self._thread = Thread(target=self._run, name="import", daemon=True)
        self._thread.start()

    def ended(self, *, within: float = 0.0) -> bool:
        """Whether it has ended, or does so in so many seconds."""
        return self._ended.wait(within)

    def outcome(self) -> T:
        """What the work brought; raises what it raised, Refusals among others."""
        self._ended.wait()
        if self._refusal is not None:
            raise self._refusal
        return self._result

    def _advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        time.sleep(_PAUSE)

    def _run(self) -> None:
        try:
            self._result = self._deed(self._advance)
        except BaseException as error:  # noqa: BLE001 (whoever asks for the outcome gets it)
            self._refusal = error
        finally:
            self._ended.set()
