"""What a person reads when a page breaks: one sentence and a number, which the log carries too."""

from collections.abc import Callable

import streamlit as st

from core.errors import Unavailable
from ui.messages import in_french


def show(error: BaseException, number: Callable[[BaseException], str]) -> bool:
    """Say that the page broke, and under which `number` the log has it; True: Streamlit adds nothing of its own.

    A database that is silent breaks nothing: wherever no part of a screen has said so itself, it is said here.
    """
    if isinstance(error, Unavailable):
        st.error(in_french(error), icon=":material/cloud_off:")
        return True
    st.error(
        "Une erreur inattendue s'est produite. Réessayez ; si elle se répète, donnez ce numéro à un "
        f"administrateur : incident {number(error)}.",
        icon=":material/report:",
    )
    return True
