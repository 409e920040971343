"""Work in a thread: its progress, its result, its refusal."""

import threading

import pytest

from core.background import Work
from core.errors import NotFound


def test_it_says_how_far_it_is_then_what_it_brought():
    gate, reached = threading.Event(), threading.Event()

    def deed(progress):
        progress(3, 10)
        reached.set()
        gate.wait()
        return "fini"

    work = Work(deed)
    assert reached.wait(10)
    assert (work.done, work.total, work.ended()) == (3, 10, False)
    gate.set()
    assert work.ended(within=10)
    assert work.outcome() == "fini"


@pytest.mark.parametrize("error", [NotFound(), ZeroDivisionError()])
def test_what_it_raises_is_raised_where_the_outcome_is_asked_for(error):
    def deed(progress):
        raise error

    with pytest.raises(type(error)):
        Work(deed).outcome()
