"""What was drawn reaches the browser, also when a fragment is drawn again before it left (docs/decisions/0009)."""

from collections.abc import Callable
from typing import Final

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_CLEAR: Final[Callable[..., None]] = ForwardMsgQueue.clear


def keep_drawings() -> None:
    """Let the run of a fragment add to the messages that wait for the browser, for the life of this process.

    Streamlit 1.67 drops the fragment's elements of a whole run that waits with its end: the browser then takes them
    for gone, and forgets what was typed in them.
    """
    ForwardMsgQueue.clear = _clear


def _clear(
    queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    if fragment_ids_this_run is None:
        _CLEAR(queue, retain_lifecycle_msgs)
    else:
        # A later drawing must not take the place of one that belongs to the run before it.
        queue._delta_index_map = {}
