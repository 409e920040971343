"""What a person reads when a page breaks: one sentence and a number, which the log carries too."""

import streamlit as st


def show(number: str) -> bool:
    """Say that the page broke, and under which number; True: Streamlit adds nothing of its own."""
    st.error(
        "Une erreur inattendue s'est produite. Réessayez ; si elle se répète, donnez ce numéro à un "
        f"administrateur : incident {number}.",
        icon=":material/report:",
    )
    return True
