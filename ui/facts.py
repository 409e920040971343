"""Facts about somebody, one a line: what it is, then what it says."""

from collections.abc import Iterable

import streamlit as st


def show(facts: Iterable[tuple[str, str]], *, key: str, width: int) -> None:
    """Names in a column of `width` pixels, values beside them, in a frame called facts_`key`."""
    with st.container(border=True, key=f"facts_{key}", gap="xsmall"):
        for name, value in facts:
            with st.container(horizontal=True, gap="small"):
                st.caption(name, width=width)
                st.text(value, width="stretch")
