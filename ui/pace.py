"""What a run drew goes to the browser with the end of the run, all of it at once (docs/decisions/0015)."""

import asyncio
from typing import Final
from weakref import WeakSet

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.session_manager import SessionClientDisconnectedError

# Seconds between two sendings of a run that goes on: Streamlit's own beat.
BEAT: Final = 0.005
# Messages before the loop gets a turn to write them: the queue of a browser holds five hundred.
AT_ONCE: Final = 100

_between_beats: Final[WeakSet[AppSession]] = WeakSet()
_sending: Final[dict[AppSession, asyncio.Task[None]]] = {}


def send_at_the_end() -> None:
    """Let the end of a run send what it drew, for the life of this process.

    Streamlit 1.67 has one loop that sends the messages of everybody and gives its turn away after each: when many runs
    draw at the same time, each turn waits for the interpreter, and what is drawn stays there for seconds.
    """
    AppSession._enqueue_forward_msg = _enqueue


def _enqueue(session: AppSession, msg: ForwardMsg) -> None:
    session._browser_queue.enqueue(msg)
    if msg.WhichOneof("type") == "script_finished":
        session._event_loop.call_soon_threadsafe(_start, session)
    elif session not in _between_beats:
        _between_beats.add(session)
        session._event_loop.call_soon_threadsafe(session._event_loop.call_later, BEAT, _beat, session)


def _beat(session: AppSession) -> None:
    _between_beats.discard(session)
    _start(session)


def _start(session: AppSession) -> None:
    if session not in _sending:
        _sending[session] = session._event_loop.create_task(_send(session))


async def _send(session: AppSession) -> None:
    """Send what waits for the browser of `session`, and what is added meanwhile; without one it goes on waiting."""
    runtime = Runtime.instance()
    try:
        while (info := runtime._session_mgr.get_active_session_info(session.id)) and (
            messages := session.flush_browser_queue()
        ):
            for number, message in enumerate(messages, 1):
                runtime._send_message(info, message)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
    except SessionClientDisconnectedError:
        runtime.disconnect_session(session.id, client=info.client)
    finally:
        del _sending[session]
