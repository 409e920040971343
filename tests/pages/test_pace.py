"""A run's end sends all that it drew at once, a run that goes on once in a beat; nothing is kept back or mixed up."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.session_manager import SessionClientDisconnectedError

from ui import pace

END = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


class Browsers:
    """What the sender asks of Streamlit's runtime: who has a browser, and to send; `sent` is what has left."""

    def __init__(self):
        self.sent, self.connected, self.gone = [], True, False
        self._session_mgr = self

    def get_active_session_info(self, id):
        return SimpleNamespace(client=self) if self.connected and id == "1" else None

    def _send_message(self, info, message):
        assert info.client is self
        if self.gone:
            raise SessionClientDisconnectedError
        self.sent.append(message)

    def disconnect_session(self, id, *, client):
        assert (id, client) == ("1", self)
        self.connected = False


@pytest.fixture(autouse=True)
def browsers(monkeypatch):
    """The server's way, with a beat that a busy machine keeps; put back afterwards for the other tests."""
    monkeypatch.setattr(AppSession, "_enqueue_forward_msg", AppSession._enqueue_forward_msg)
    monkeypatch.setattr(Runtime, "instance", lambda: browsers)
    monkeypatch.setattr(pace, "BEAT", 0.2)
    pace.send_at_the_end()
    browsers = Browsers()
    return browsers


class Session(AppSession):
    """What a session has of the sender: its name, its queue and the loop."""

    def __init__(self):
        self.id, self._browser_queue, self._event_loop = "1", ForwardMsgQueue(), asyncio.get_running_loop()

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


def test_the_end_of_a_run_leaves_at_once_after_all_that_was_drawn(browsers):
    drawn = [drawing(number) for number in range(250)]

    async def steps(session):
        for message in drawn:
            session._enqueue_forward_msg(message)
        await asyncio.sleep(0)
        assert browsers.sent == []
        session._enqueue_forward_msg(END)
        for _ in range(6):
            await asyncio.sleep(0)
        return list(browsers.sent)

    assert in_a_loop(steps) == [*drawn, END]


def test_a_long_run_lets_the_loop_write_before_the_browser_s_queue_is_full(browsers):
    turns = []

    async def steps(session):
        for number in range(250):
            session._enqueue_forward_msg(drawing(number))
        session._enqueue_forward_msg(END)
        while len(browsers.sent) < 251:
            turns.append(len(browsers.sent))
            await asyncio.sleep(0)

    in_a_loop(steps)
    assert max(after - before for before, after in zip(turns, [*turns[1:], 251], strict=True)) == pace.AT_ONCE


def test_what_is_drawn_during_a_sending_follows_it(browsers):
    first, second = [[drawing(number + of) for number in range(350)] for of in (0, 1000)]

    async def steps(session):
        for message in (*first, END):
            session._enqueue_forward_msg(message)
        for _ in range(2):
            await asyncio.sleep(0)
        assert 0 < len(browsers.sent) < len(first)
        for message in (*second, END):
            session._enqueue_forward_msg(message)
        await asyncio.sleep(pace.BEAT / 2)

    in_a_loop(steps)
    assert browsers.sent == [*first, END, *second, END]


def test_a_run_that_goes_on_shows_what_it_drew_once_in_a_beat(browsers):
    async def steps(session):
        for number in range(3):
            session._enqueue_forward_msg(drawing(number))
        await asyncio.sleep(pace.BEAT / 2)
        assert browsers.sent == []
        await asyncio.sleep(pace.BEAT)
        assert len(browsers.sent) == 3
        session._enqueue_forward_msg(drawing(4))
        await asyncio.sleep(2 * pace.BEAT)
        return len(browsers.sent)

    assert in_a_loop(steps) == 4


def test_what_another_thread_draws_leaves_too(browsers):
    async def steps(session):
        thread = threading.Thread(target=session._enqueue_forward_msg, args=(drawing(1),))
        thread.start()
        await asyncio.sleep(2 * pace.BEAT)
        thread.join()

    in_a_loop(steps)
    assert browsers.sent == [drawing(1)]


def test_what_is_drawn_without_a_browser_waits_for_it_to_come_back(browsers):
    async def steps(session):
        browsers.connected = False
        session._enqueue_forward_msg(drawing(1))
        session._enqueue_forward_msg(END)
        await asyncio.sleep(2 * pace.BEAT)
        assert browsers.sent == []
        browsers.connected = True
        session._enqueue_forward_msg(drawing(2))
        await asyncio.sleep(2 * pace.BEAT)

    in_a_loop(steps)
    assert browsers.sent == [drawing(1), END, drawing(2)]


def test_a_browser_that_has_gone_is_let_go(browsers):
    async def steps(session):
        browsers.gone = True
        session._enqueue_forward_msg(drawing(1))
        session._enqueue_forward_msg(END)
        await asyncio.sleep(pace.BEAT / 2)
        assert not browsers.connected
        browsers.connected, browsers.gone = True, False
        session._enqueue_forward_msg(END)
        await asyncio.sleep(2 * pace.BEAT)

    in_a_loop(steps)
    assert browsers.sent == [END]
