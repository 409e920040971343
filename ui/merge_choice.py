"""What is kept of each of two fiches, side by side, field by field; then the merge itself."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from core import merging
from core.merging import FIELDS, Comparison, Side
from core.roles import Role
from ui import feedback, frame
from ui.messages import FIELDS as WORDS
from ui.messages import ROLES, in_french
from ui.plain import moment, phone, plain

COMPARED: Final = "fiche_merge_compared"
MERGED: Final = "fiche_merge_done"
_LONG: Final = 200


def begin(compared: Comparison) -> None:
    """Propose the value of the fiche that stays, or else that of the other one."""
    for name in compared.differing:
        st.session_state[_key(name)] = "keep" if compared.one.values[name] else "drop"


def _key(name: str) -> str:
    return f"fiche_merge_of_{name}"


def show(compared: Comparison, leave: Callable[[], None]) -> None:
    """The two fiches, the choice, the confirmation with both names; `leave` ends it."""
    with st.container(border=True, key="merge_choice"):
        st.subheader("Fusionner deux fiches", anchor=False)
        with st.container(key="question"):
            st.text(f"Fusionner {_name(compared.one)} avec {_name(compared.other)} ?")
        for column, side, label in zip(
            st.columns(2), (compared.one, compared.other), ("Cette fiche", "L'autre fiche"), strict=True
        ):
            with column:
                _side(side, label)
        if compared.impossible:
            st.error(in_french(compared.impossible), icon=":material/block:")
            st.button("Choisir une autre fiche", key="fiche_merge_other", on_click=feedback.forget, args=(COMPARED,))
            st.button("Annuler", key="fiche_merge_stop", on_click=leave)
        else:
            _form(compared, leave)


def _side(side: Side, label: str) -> None:
    st.caption(label)
    st.text(_name(side))
    facts = [f"Créée le {moment(side.created_at)}"]
    facts += ["Archivée"] if side.archived_at else []
    facts += [f"Accès activé : {side.account}"] if side.account else []
    facts += [f"Code valable jusqu'au {moment(side.code_until)}"] if side.code_until else []
    st.text("\n".join(facts))


def _form(compared: Comparison, leave: Callable[[], None]) -> None:
    with st.form("fiche_merge", border=False):
        if not compared.differing:
            st.write("Les deux fiches disent la même chose.")
        for name in compared.differing:
            st.radio(
                WORDS[name],
                ["keep", "drop"],
                format_func=_words(compared, name),
                captions=["Cette fiche", "L'autre fiche"],
                horizontal=True,
                key=_key(name),
            )
        alike = [
            f"{WORDS[name]} : {_value(name, compared.one.values[name])}" for name in FIELDS if _same(compared, name)
        ]
        if alike:
            st.caption(f"Pareil sur les deux : {' ; '.join(alike)}.")
        st.write(
            f"La fiche de {plain(_name(compared.other))} disparaît pour toujours. Son accès, son code, ses courriels "
            "et son historique passent sur celle-ci."
        )
        feedback.tell(MERGED)
        st.form_submit_button("Ne pas fusionner", on_click=leave, width="stretch")
        st.form_submit_button(
            "Fusionner les deux fiches",
            type="primary",
            icon=":material/merge:",
            on_click=_merge,
            args=(compared, leave),
            width="stretch",
        )


def _words(compared: Comparison, name: str) -> Callable[[str], str]:
    """What the two choices of a field are called."""
    sides = {"keep": compared.one, "drop": compared.other}
    return lambda choice: _value(name, sides[choice].values[name])


def _same(compared: Comparison, name: str) -> bool:
    return name not in compared.differing and compared.one.values[name] is not None


def _merge(compared: Comparison, leave: Callable[[], None]) -> None:
    """Once: a second click finds nothing that waits."""
    if feedback.done(COMPARED) is not compared:
        return
    choices = {name: st.session_state.get(_key(name), "keep") for name in compared.differing}
    versions = {side.id: side.version for side in (compared.one, compared.other)}
    facts: dict[str, Any] = {
        "keep": compared.one.id,
        "drop": compared.other.id,
        "choices": choices,
        "versions": versions,
    }
    if feedback.attempt(MERGED, lambda: merging.merge(frame.office(), frame.actor(), **facts)):
        leave()


def _name(side: Side) -> str:
    return f"{side.values['prenom']} {side.values['nom']}"


def _value(name: str, value: str | None) -> str:
    if value is None:
        return "(vide)"
    said = ROLES[Role(value)] if name == "role" else phone(value) if name.startswith("telephone") else value
    return plain(said if len(said) <= _LONG else f"{said[:_LONG]}…")
