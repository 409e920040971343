"""Commands run in callbacks, which Streamlit never interrupts, and what came of them for the next drawings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import streamlit as st

from core.errors import AlreadyDone, Refusal, StepUpNeeded, Unavailable
from ui.messages import in_french

T = TypeVar("T")
# What stands under these keys goes away when another page is opened.
OF_THIS_PAGE: Final = "page:"
_HERE: Final = "here"
_PROOF: Final = OF_THIS_PAGE + "proof"
_NOTICE: Final = OF_THIS_PAGE + "notice"


@dataclass(frozen=True)
class _Outcome:
    done: Any = None
    said: str | None = None
    why: Refusal | None = None


def attempt(form: str, command: Callable[[], T], *, spent: tuple[str, ...] = ()) -> T | None:
    """Run `command`, for an on_click callback; its result, or None when it was refused.

    Kept until the next attempt or page, not until it is shown: a second click may draw the screen once more. That
    click finds AlreadyDone, and leaves what the first one brought. The fields `spent` are emptied, but not when the
    database did not answer: the same click will be tried again.
    """
    try:
        result = command()
    except StepUpNeeded:
        ask_proof()
        return None
    except Refusal as refusal:
        if not (isinstance(refusal, AlreadyDone) and done(form) is not None):
            _keep(form, _Outcome(said=in_french(refusal), why=refusal))
        if not isinstance(refusal, Unavailable):
            empty(*spent)
        return None
    _keep(form, _Outcome(done=result))
    empty(*spent)
    return result


def empty(*keys: str) -> None:
    """Empty the fields `keys`: passwords that have served."""
    for key in keys:
        st.session_state[key] = ""


def done(form: str) -> Any:
    """What the last attempt brought; None when there was none or it was refused."""
    outcome = st.session_state.get(OF_THIS_PAGE + form)
    return outcome.done if outcome else None


def tell(form: str) -> None:
    """Say why the last attempt was refused, if it was."""
    outcome = st.session_state.get(OF_THIS_PAGE + form)
    if outcome and outcome.said:
        st.error(outcome.said, icon=":material/error:")


def refused(form: str) -> Refusal | None:
    """Why the last attempt was refused, for a screen that says more than the sentence; None when it was not."""
    outcome = st.session_state.get(OF_THIS_PAGE + form)
    return outcome.why if outcome else None


def say_later(form: str, sentence: str) -> None:
    """Have `tell(form)` say `sentence`."""
    _keep(form, _Outcome(said=sentence))


def say_above(sentence: str) -> None:
    """Have `tell_above` say `sentence`, what was done last, until something else is done or another page opened."""
    st.session_state[_NOTICE] = sentence


def tell_above() -> None:
    """Say at the top of the page what was done last."""
    if notice := st.session_state.get(_NOTICE):
        st.success(notice, icon=":material/check_circle:")


def wants_proof() -> bool:
    """Whether an attempt was refused until its author proves again who they are (ui/step_up.py asks)."""
    return _PROOF in st.session_state


def ask_proof() -> None:
    """Have the author prove again who they are, as if an attempt had been refused for want of it."""
    st.session_state[_PROOF] = True


def no_proof() -> None:
    """The proof was given, or is not wanted any more."""
    st.session_state.pop(_PROOF, None)


def forget(form: str) -> None:
    """Forget what came of `form`."""
    st.session_state.pop(OF_THIS_PAGE + form, None)


def arrive(page: str) -> None:
    """Forget what was said on another page than `page`."""
    if st.session_state.get(_HERE) not in {None, page}:
        for key in [key for key in st.session_state if str(key).startswith(OF_THIS_PAGE)]:
            del st.session_state[key]
    st.session_state[_HERE] = page


def _keep(form: str, outcome: _Outcome) -> None:
    st.session_state.pop(_NOTICE, None)
    st.session_state[OF_THIS_PAGE + form] = outcome
