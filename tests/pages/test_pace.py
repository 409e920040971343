"""A run's end wakes the sender at once, its drawings at most once in a beat; nothing is kept back."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from ui import pace

END = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


@pytest.fixture(autouse=True)
def paced(monkeypatch):
    """The server's way, with a beat that a busy machine keeps; put back afterwards for the other tests."""
    monkeypatch.setattr(AppSession, "_enqueue_forward_msg", AppSession._enqueue_forward_msg)
    monkeypatch.setattr(runtime, "MESSAGE_FLUSH_INTERVAL_SECS", runtime.MESSAGE_FLUSH_INTERVAL_SECS)
    monkeypatch.setattr(pace, "BEAT", 0.2)
    pace.send_at_the_end()


class Session(AppSession):
    """What a session has of the sender: its queue, the loop, and whom to call; `woken` says what waited each time."""

    def __init__(self):
        self._browser_queue, self._event_loop = ForwardMsgQueue(), asyncio.get_running_loop()
        self.woken = []
        self._message_enqueued_callback = lambda: self.woken.append(len(self._browser_queue.flush()))

    def __del__(self):
        """Nothing to shut down."""


def drawing(number):
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, number])
    message.delta.new_element.text.body = str(number)
    return message


def in_a_loop(steps):
    """In a thread of its own: the browser of other tests leaves its loop running in the main one."""

    async def run():
        return await steps(Session())

    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(lambda: asyncio.run(run())).result()


def test_the_end_of_a_run_leaves_at_once_with_all_that_was_drawn():
    async def steps(session):
        for number in range(3):
            session._enqueue_forward_msg(drawing(number))
        assert session.woken == []
        session._enqueue_forward_msg(END)
        return session.woken

    assert in_a_loop(steps) == [4]


def test_a_run_that_goes_on_shows_what_it_drew_once_in_a_beat():
    async def steps(session):
        for number in range(3):
            session._enqueue_forward_msg(drawing(number))
        await asyncio.sleep(2 * pace.BEAT)
        session._enqueue_forward_msg(drawing(4))
        await asyncio.sleep(2 * pace.BEAT)
        return session.woken

    assert in_a_loop(steps) == [3, 1]


def test_what_another_thread_draws_leaves_too():
    async def steps(session):
        thread = threading.Thread(target=session._enqueue_forward_msg, args=(drawing(1),))
        thread.start()
        await asyncio.sleep(2 * pace.BEAT)
        thread.join()
        return session.woken

    assert in_a_loop(steps) == [1]


def test_a_tab_that_is_gone_is_not_called():
    async def steps(session):
        session._message_enqueued_callback = None
        session._enqueue_forward_msg(drawing(1))
        session._enqueue_forward_msg(END)
        await asyncio.sleep(2 * pace.BEAT)
        return session._browser_queue.flush()

    assert in_a_loop(steps) == [drawing(1), END]


def test_the_sender_does_not_sleep_by_itself():
    assert runtime.MESSAGE_FLUSH_INTERVAL_SECS == 0
