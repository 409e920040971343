"""What a whole run drew is not lost when one of its fragments is drawn again before the browser has it."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from ui import delivery


@pytest.fixture
def queue(monkeypatch):
    """A queue of the server, which keeps drawings; put back afterwards for the other tests."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    delivery.keep_drawings()
    return ForwardMsgQueue()


def element(text, *, fragment="the form"):
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, 0])
    message.delta.fragment_id = fragment
    message.delta.new_element.text.body = text
    return message


def end(status):
    return ForwardMsg(script_finished=status)


def drawn(queue):
    return [m.delta.new_element.text.body if m.HasField("delta") else m.script_finished for m in queue.flush()]


def test_a_fragment_leaves_what_the_whole_run_drew_of_it(queue):
    queue.enqueue(element("of the whole run"))
    queue.enqueue(end(ForwardMsg.FINISHED_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["the form"])
    queue.enqueue(element("of the fragment"))
    assert drawn(queue) == ["of the whole run", ForwardMsg.FINISHED_SUCCESSFULLY, "of the fragment"]


def test_a_whole_run_takes_the_place_of_the_one_before(queue):
    queue.enqueue(element("of the first run"))
    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(element("of the second run"))
    assert drawn(queue) == ["of the second run"]


def test_what_went_out_is_forgotten(queue):
    queue.enqueue(element("once"))
    assert drawn(queue) == ["once"]
    assert queue.is_empty()
