"""The form of a fiche, and what to do when somebody else changed it meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import streamlit as st

from core import edits, fiches
from core.edits import Saved
from core.errors import EmailOnAnotherFiche, FicheConflict
from core.fiche_fields import FIELDS, PHONES
from core.office import Office
from core.personnes import Personne
from core.roles import Actor, Permission, Role
from ui import feedback, fiche_facts, fiche_field, frame
from ui.messages import FIELDS as WORDS
from ui.messages import MAY, ROLES
from ui.plain import PARIS, moment, phone, plain, time_of_day

_FORM: Final = "fiche_edit"
_ROLE_FORM: Final = "fiche_role"
_DRAFT: Final = feedback.OF_THIS_PAGE + "fiche_draft"
_WANTED_ROLE: Final = feedback.OF_THIS_PAGE + "fiche_wanted_role"


@dataclass(frozen=True)
class _Draft:
    """An edit under way: the version that its author saw, each field as it was shown, and as it was typed last."""

    id: UUID
    version: int
    shown: dict[str, str]
    role: Role
    typed: dict[str, str]


def begin(fiche: Personne, role: Role | None = None) -> None:
    """Open the form on `fiche`, in a callback; `role` is one that was wanted before a proof was asked."""
    feedback.forget(_FORM)
    feedback.forget(_ROLE_FORM)
    st.session_state.pop(_WANTED_ROLE, None)
    shown = {field: getattr(fiche, field) or "" for field in FIELDS}
    shown |= {field: phone(shown[field]) for field in PHONES}
    st.session_state[_DRAFT] = _Draft(fiche.id, fiche.version, shown, fiche.role, shown)
    if role:
        st.session_state[_WANTED_ROLE] = role


def under_way(fiche: Personne) -> bool:
    """Whether `fiche` is being edited."""
    draft = st.session_state.get(_DRAFT)
    return draft is not None and draft.id == fiche.id


def wanted_role(office: Office, actor: Actor, id: UUID) -> dict[str, str]:
    """The role of the fiche `id` whose change waits for a proof, for the address of the page that asks for it."""
    role = st.session_state.get(_WANTED_ROLE)
    if role is None or not actor.may(Permission.ROLES_GRANT):
        return {}
    return {"role": role.value, "sceau": fiches.seal_wish(office, actor, id=id, role=role)}


def tell() -> None:
    """What became of the last edit."""
    saved = feedback.done(_FORM)
    if saved or feedback.done(_ROLE_FORM):
        st.success("La fiche est enregistrée.", icon=":material/check_circle:")
    for field in saved.warnings if saved else ():
        label = WORDS[field]
        st.warning(
            f"Le numéro du champ « {label} » ne semble pas valide : il a été gardé tel quel.", icon=":material/warning:"
        )
    feedback.tell(_ROLE_FORM)


def form(office: Office, actor: Actor, fiche: Personne) -> None:
    """The fields, or both values of each when somebody else has saved others."""
    draft = st.session_state[_DRAFT]
    refusal = feedback.refused(_FORM)
    if isinstance(refusal, FicheConflict):
        _conflict(office, draft, refusal)
        return
    with st.form(_FORM, border=False):
        st.caption("Les champs marqués d'une étoile (*) sont obligatoires.")
        for field in FIELDS:
            if field == "email" and not actor.reaches(fiche.role):
                _email_kept(draft)
            else:
                fiche_field.draw(field, draft.typed[field], key=_key(field, draft))
        if _may_set_role(actor, fiche):
            _role(fiche)
        feedback.tell(_FORM)
        st.form_submit_button("Enregistrer", type="primary", on_click=_save, width="stretch")
        st.form_submit_button("Annuler", on_click=_stop, width="stretch")
    if isinstance(refusal, EmailOnAnotherFiche) and refusal.id:
        fiche_facts.to_fiche(refusal.id, "Ouvrir la fiche qui a cet email")


def _may_set_role(actor: Actor, fiche: Personne) -> bool:
    return actor.may(Permission.ROLES_GRANT) and fiche.id != actor.personne_id


def _email_kept(draft: _Draft) -> None:
    """The email as it stands, where the actor may not change it, and why."""
    st.caption(WORDS["email"])
    st.text(draft.shown["email"] or "–")
    st.caption("Cette personne a plus de droits que vous : seul un administrateur peut changer son email.")


def _role(fiche: Personne) -> None:
    roles = (Role.BENEVOLE, Role.EMPLOYE, Role.ADMINISTRATEUR)
    wanted = st.session_state.get(_WANTED_ROLE, fiche.role)
    captions = [MAY[role] for role in roles]
    st.radio(
        "Rôle", roles, roles.index(wanted), format_func=ROLES.__getitem__, captions=captions, key=_role_key(fiche.id)
    )
    st.caption("Changer le rôle déconnecte la personne, et demande de confirmer votre identité.")


def _key(field: str, draft: _Draft) -> str:
    return f"edit_{field}_{draft.id}_{draft.version}"


def _role_key(id: UUID) -> str:
    return f"edit_role_{id}"


def _stop() -> None:
    st.session_state.pop(_DRAFT, None)
    st.session_state.pop(_WANTED_ROLE, None)
    feedback.forget(_FORM)


def _save() -> None:
    draft = st.session_state.get(_DRAFT)
    if draft is None:
        return  # a second click
    typed = {field: st.session_state.get(_key(field, draft), draft.shown[field]) for field in FIELDS}
    role = st.session_state.get(_role_key(draft.id), draft.role)
    _keep(_Draft(draft.id, draft.version, draft.shown, draft.role, typed), role)


def _keep(draft: _Draft, role: Role) -> None:
    """Save the fields that are not as they were shown, then the role, which may first ask for a proof."""
    st.session_state[_DRAFT] = draft
    st.session_state[_WANTED_ROLE] = role
    changed = {field: value for field, value in draft.typed.items() if value != draft.shown[field]}
    saved = feedback.attempt(_FORM, lambda: _saved(draft, changed))
    if saved is None:
        return
    del st.session_state[_DRAFT]
    if role is not draft.role:
        feedback.attempt(_ROLE_FORM, lambda: _role_given(draft.id, role, saved.version))
    if not feedback.wants_proof():
        del st.session_state[_WANTED_ROLE]


def _saved(draft: _Draft, changed: dict[str, str]) -> Saved:
    actor = frame.actor()
    if not changed:
        return Saved((), (), draft.version)
    return edits.change(frame.office(), actor, id=draft.id, version=draft.version, typed=changed)


def _role_given(id: UUID, role: Role, version: int) -> bool:
    fiches.set_role(frame.office(), frame.actor(), id=id, role=role, version=version)
    return True


def _conflict(office: Office, draft: _Draft, conflict: FicheConflict) -> None:
    who = plain(conflict.by) if conflict.by else "un compte supprimé"
    st.warning(
        f"Cette fiche a été modifiée par {who} {_when(conflict.at, office.now())}. "
        "Rien de ce que vous avez saisi n'est encore enregistré.",
        icon=":material/edit_off:",
    )
    for field, theirs in conflict.kept.items():
        with st.container(border=True, gap="xsmall"):
            st.caption(WORDS[field])
            st.text(f"Valeur enregistrée : {(phone(theirs) if field in PHONES else theirs) or '(vide)'}")
            st.text(f"Votre saisie : {draft.typed[field] or '(vide)'}")
    with st.container(horizontal=True):
        st.button("Reprendre", icon=":material/undo:", on_click=_stop, help="Garder la fiche telle qu'elle est.")
        st.button("Écraser", icon=":material/save:", on_click=_overwrite, args=(conflict,), help="Garder votre saisie.")
    st.caption("« Reprendre » garde la fiche telle qu'elle est, « Écraser » remplace ces valeurs par votre saisie.")


def _overwrite(conflict: FicheConflict) -> None:
    """Save once more, over the version that was just shown: a third change would be shown in its turn."""
    if draft := st.session_state.get(_DRAFT):
        newer = _Draft(draft.id, conflict.version, draft.shown, draft.role, draft.typed)
        _keep(newer, st.session_state.get(_WANTED_ROLE, draft.role))


def _when(at: datetime, now: datetime) -> str:
    """À 14 h 05 when it is today, else with the day."""
    if at.astimezone(PARIS).date() != now.astimezone(PARIS).date():
        return f"le {moment(at)}"
    return f"à {time_of_day(at)}"
