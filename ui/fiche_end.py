"""Archive, restore, erase for good: each is confirmed with the name of the person."""

from typing import Final
from uuid import UUID

import streamlit as st

from core import erasure, fiches
from core.erasure import full_name
from core.personnes import Personne
from core.roles import Actor, Permission
from ui import feedback, frame, step_up
from ui.plain import plain

ARCHIVE: Final = "fiche_archive"
ERASE: Final = "fiche_erase"
_SURE: Final = feedback.OF_THIS_PAGE + "fiche_sure"
_TYPED: Final = "fiche_erase_typed"
_OUT_OF_SIGHT: Final = "out of sight"


def gone() -> bool:
    """Whether the fiche has just been erased, or archived by somebody who may not see it any more."""
    return bool(feedback.done(ERASE)) or feedback.done(ARCHIVE) == _OUT_OF_SIGHT


def show(actor: Actor, fiche: Personne) -> None:
    """What ends a fiche, for those who may; nothing on the own one."""
    feedback.tell(ARCHIVE)
    if fiche.id == actor.personne_id or not actor.may_grant(fiche.role) or not actor.may(Permission.PERSONNES_WRITE):
        return
    sure = st.session_state.get(_SURE)
    if sure == ERASE:
        _erase(fiche)
    elif sure == ARCHIVE:
        _archive(actor, fiche)
    else:
        _choices(actor, fiche)


def _choices(actor: Actor, fiche: Personne) -> None:
    with st.container(horizontal=True):
        label, icon = ("Restaurer", "unarchive") if fiche.archived_at else ("Archiver", "archive")
        st.button(label, icon=f":material/{icon}:", on_click=_ask, args=(ARCHIVE,), width="stretch")
        if actor.may(Permission.PERSONNES_ERASE):
            st.button(
                "Effacer définitivement",
                icon=":material/delete_forever:",
                on_click=_ask,
                args=(ERASE,),
                width="stretch",
            )


def _ask(what: str) -> None:
    feedback.forget(ARCHIVE)
    feedback.forget(ERASE)
    if what == ARCHIVE or step_up.proved():
        st.session_state[_SURE] = what


def _leave() -> None:
    st.session_state.pop(_SURE, None)


def _archive(actor: Actor, fiche: Personne) -> None:
    name = plain(full_name(fiche.prenom, fiche.nom))
    verb = "Restaurer" if fiche.archived_at else "Archiver"
    with st.container(border=True):
        st.write(f"{verb} la fiche de {name} ?")
        st.write(
            "Elle reviendra dans la liste, et son accès avec elle."
            if fiche.archived_at
            else f"La fiche quitte la liste et la personne ne peut plus se connecter. {_way_back(actor)}"
        )
        with st.container(horizontal=True):
            st.button("Annuler", on_click=_leave)
            st.button(f"{verb} {name}", type="primary", on_click=_archived, args=(fiche, fiche.archived_at is None))


def _way_back(actor: Actor) -> str:
    if actor.may(Permission.ARCHIVES_READ):
        return "Vous pourrez la restaurer."
    return "Vous ne la verrez plus : seul un administrateur peut la voir et la restaurer."


def _archived(fiche: Personne, away: bool) -> None:
    if st.session_state.get(_SURE) != ARCHIVE:
        return  # a second click
    if feedback.attempt(ARCHIVE, lambda: _carried_out(fiche.id, away)) == _OUT_OF_SIGHT:
        name = plain(full_name(fiche.prenom, fiche.nom))
        feedback.say_above(f"La fiche de {name} est archivée. Un administrateur peut la restaurer.")
    _leave()


def _carried_out(id: UUID, away: bool) -> str:
    """What became of the fiche."""
    actor = frame.actor()
    if not away:
        fiches.restore(frame.office(), actor, id=id)
        return "restored"
    fiches.archive(frame.office(), actor, id=id)
    return "archived" if actor.may(Permission.ARCHIVES_READ) else _OUT_OF_SIGHT


def _erase(fiche: Personne) -> None:
    name = full_name(fiche.prenom, fiche.nom)
    with st.form("fiche_erase_form"):
        st.write(
            "Tout est effacé pour toujours : la fiche, le compte, les codes et l'historique. Le journal garde la trace "
            "de l'effacement, sans le nom."
        )
        st.text(f"Pour confirmer, saisissez : {name}")
        st.text_input("Prénom et nom", key=_TYPED, autocomplete="off")
        feedback.tell(ERASE)
        st.form_submit_button("Annuler", on_click=_leave, width="stretch")
        st.form_submit_button(
            "Effacer pour toujours", type="primary", on_click=_erased, args=(fiche.id, name), width="stretch"
        )


def _erased(id: UUID, name: str) -> None:
    if st.session_state.get(_SURE) != ERASE:
        return  # a second click
    typed = st.session_state.get(_TYPED, "")
    if feedback.attempt(ERASE, lambda: erasure.erase(frame.office(), frame.actor(), id=id, typed=typed) or True):
        feedback.say_above(f"La fiche de {plain(name)} est effacée.")
        _leave()
