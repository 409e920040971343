"""People in a sentence, named one by one while they are few; those for whom something was not done."""

from collections.abc import Iterable, Sequence

import streamlit as st

from core.errors import Refusal
from ui.messages import in_french
from ui.plain import plain


def named(names: Sequence[str], *, shown: int = 3) -> str:
    """« Jean Michel », « Jean Michel et Élise Écolier », « Jean Michel, Élise Écolier et 3 autres »."""
    if len(names) > shown:
        return f"{', '.join(names[: shown - 1])} et {len(names) - shown + 1} autres"
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def unchanged(failed: Iterable[tuple[str, Refusal]]) -> None:
    """Say for whom nothing was done, one a line, and why."""
    lines = [f"- {plain(name)} : {in_french(why)}" for name, why in failed]
    st.warning("\n".join(["Rien n'a changé pour :", "", *lines]), icon=":material/person_alert:")
