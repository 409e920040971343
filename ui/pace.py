"""What a run drew goes to the browser with the end of the run, not at the next beat (docs/decisions/0015)."""

from typing import Final
from weakref import WeakSet

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import runtime
from streamlit.runtime.app_session import AppSession

# Seconds between two sendings of a run that goes on: Streamlit's own beat.
BEAT: Final = 0.005

_between_beats: Final[WeakSet[AppSession]] = WeakSet()


def send_at_the_end() -> None:
    """Let the end of a run wake the sender, for the life of this process.

    Streamlit 1.67 sends the first message of a run at once, then sleeps for a beat after each sending: the end of a
    short run waits for the rest of it.
    """
    runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0.0
    AppSession._enqueue_forward_msg = _enqueue


def _enqueue(session: AppSession, msg: ForwardMsg) -> None:
    session._browser_queue.enqueue(msg)
    if msg.WhichOneof("type") == "script_finished":
        _wake(session)
    elif session not in _between_beats:
        _between_beats.add(session)
        session._event_loop.call_soon_threadsafe(session._event_loop.call_later, BEAT, _beat, session)


def _beat(session: AppSession) -> None:
    _between_beats.discard(session)
    _wake(session)


def _wake(session: AppSession) -> None:
    if session._message_enqueued_callback:
        session._message_enqueued_callback()
