"""A new password: its field, the rules it meets as it is typed, its confirmation."""

import streamlit as st

from core import passwords
from core.figures import PASSWORD_MIN_ADMINISTRATEUR
from core.office import Office
from core.roles import Role
from ui.messages import rule

NEW = "new_password"
AGAIN = "new_password_again"


def fields(office: Office, label: str, role: Role | None, *words: str) -> None:
    """Draw them under the keys NEW and AGAIN; inside a fragment, because each pause in typing draws them again.

    `words` are the person's own, which the password may not hold.
    """
    st.text_input(label, type="password", key=NEW, autocomplete="new-password", live="300ms")
    rules = passwords.checklist(office, st.session_state[NEW], role, *words)
    st.markdown("  \n".join(_line(name, met=met) for name, met in rules))
    if role is None:
        st.caption(
            f"Pour un administrateur : au moins {PASSWORD_MIN_ADMINISTRATEUR} caractères. "
            "Une phrase de plusieurs mots se retient bien."
        )
    st.text_input("Confirmer le mot de passe", type="password", key=AGAIN, autocomplete="new-password")


def _line(name: str, *, met: bool) -> str:
    return f":green[:material/check_circle: {rule(name)}]" if met else f":material/radio_button_unchecked: {rule(name)}"
