"""The imports of the past, and « Annuler cet import »."""

from typing import Final
from uuid import UUID

import streamlit as st

from core import import_undoing, imports
from core.errors import ChangedSinceImport
from core.imports import PastImport
from core.office import Office
from core.roles import Actor, Permission
from ui import feedback, frame, import_draft
from ui.plain import moment, number

_FORM: Final = "import_undo"
_ASKED: Final = feedback.OF_THIS_PAGE + "import_to_undo"
_CHANGED: Final = feedback.OF_THIS_PAGE + "import_changed_since"


def show(office: Office, actor: Actor) -> None:
    """The last imports; each can be undone by who made it, or by an administrateur."""
    found = imports.past(office, actor)
    if not found:
        return
    st.subheader("Imports précédents", anchor=False)
    _tell()
    for one in found:
        _card(actor, one)
    if _ASKED in st.session_state:
        asked = next((one for one in found if one.id == st.session_state[_ASKED]), None)
        if asked:
            _dialog(asked)


def forget() -> None:
    """Forget what came of undoing."""
    feedback.forget(_FORM)
    st.session_state.pop(_CHANGED, None)


def _tell() -> None:
    """Say what came of undoing, and whose fiches stand against it."""
    if result := feedback.done(_FORM):
        erased, restored = result
        done = [_fiches(count, done) for count, done in ((erased, "effacée"), (restored, "rétablie")) if count]
        said = ", ".join(done) or "il n'en restait aucune fiche"
        st.success(f"L'import est annulé : {said}.", icon=":material/undo:")
    feedback.tell(_FORM)
    for nom, prenom in st.session_state.get(_CHANGED, ()):
        st.text(f"· {nom} {prenom}")


def _fiches(count: int, done: str) -> str:
    return f"{number(count)} fiche{'s' if count > 1 else ''} {done}{'s' if count > 1 else ''}"


def _card(actor: Actor, one: PastImport) -> None:
    with st.container(border=True, gap="xsmall"):
        st.text(one.file_name)
        st.caption(f"Le {moment(one.at)} : {_counts(one)}")
        with st.container(key=f"import_by_{one.id}"):
            st.text(f"Par {one.by or 'une personne partie depuis'}")
        if one.undone_at:
            st.badge(f"Annulé le {moment(one.undone_at)}", color="gray", icon=":material/undo:")
        elif one.mine or actor.may(Permission.PERSONNES_ERASE):
            key = f"undo_{one.id}"
            st.button("Annuler cet import", key=key, icon=":material/undo:", on_click=_ask, args=(one.id,))


def _counts(one: PastImport) -> str:
    return ", ".join(
        f"{number(count)} {word}{'s' if count > 1 else ''}{rest}"
        for count, word, rest in (
            (one.created, "créée", ""),
            (one.changed, "modifiée", ""),
            (one.rejected, "laissée", " de côté"),
        )
    )


def _ask(id: UUID) -> None:
    forget()
    st.session_state[_ASKED] = id


def _close() -> None:
    st.session_state.pop(_ASKED, None)


@st.dialog("Annuler cet import ?", on_dismiss=_close)
def _dialog(one: PastImport) -> None:
    if _ASKED not in st.session_state:
        st.rerun()  # undone, or refused: the page behind says so
    st.write("Les fiches créées par cet import seront effacées, les fiches modifiées reviendront comme avant.")
    st.text(f"{one.file_name}, le {moment(one.at)}")
    st.caption(_counts(one))
    with st.container(horizontal=True):
        if st.button("Ne rien changer", key="keep_import"):
            _close()
            st.rerun()
        st.button(
            "Annuler l'import",
            key="undo_import",
            type="primary",
            icon=":material/undo:",
            on_click=_undo,
            args=(one.id,),
        )


def _undo(id: UUID) -> None:
    if st.session_state.get(_ASKED) == id:  # else a second click
        _close()
        feedback.attempt(_FORM, lambda: _undone(id))


def _undone(id: UUID) -> tuple[int, int]:
    try:
        counts = import_undoing.undo(frame.office(), frame.actor(), id=id)
    except ChangedSinceImport as refusal:
        st.session_state[_CHANGED] = refusal.people
        raise
    if import_draft.draft().id == id:
        import_draft.forget()
    return counts
