"""« Ajouter une personne »: the drawer with its form, then what it made (R3)."""

from uuid import UUID

import streamlit as st

from core import personnes
from core.errors import EmailOnAnotherFiche, PerhapsDuplicate
from core.fiche_fields import FIELDS
from core.office import Office
from core.personnes import Created
from core.roles import Actor, Permission, Role
from ui import code_card, feedback, fiche_facts, fiche_field, frame, invite_mail
from ui.messages import MAY, ROLES
from ui.plain import phone, plain

_FORM = "creation"
# While the drawer is open: the key of the Personne it will make, which makes a second click harmless.
_DRAFT = feedback.OF_THIS_PAGE + "draft"


def offer(office: Office, actor: Actor) -> None:
    """The button that opens the drawer, and the drawer, for those who may add people."""
    if not actor.may(Permission.PERSONNES_WRITE):
        return
    st.button(
        "Ajouter une personne",
        type="primary",
        icon=":material/person_add:",
        shortcut="N",
        on_click=_open,
        args=(office,),
    )
    if _DRAFT in st.session_state:
        _drawer(office, actor)


def _open(office: Office) -> None:
    st.session_state[_DRAFT] = office.uuid()


def _close() -> None:
    if feedback.done(_FORM):
        _clear()
        invite_mail.forget()
    feedback.forget(_FORM)
    st.session_state.pop(_DRAFT, None)


@st.dialog("Ajouter une personne", position="right", width="medium", on_dismiss=_close)
def _drawer(office: Office, actor: Actor) -> None:
    if created := feedback.done(_FORM):
        _result(office, created)
    else:
        _form(actor, st.session_state[_DRAFT])


def _form(actor: Actor, draft: UUID) -> None:
    with st.form(_FORM, border=False):
        st.caption("Les champs marqués d'une étoile (*) sont obligatoires.")
        for field in FIELDS:
            fiche_field.draw(field, key=_key(field), persist_state="session")
        if actor.may(Permission.ROLES_GRANT):
            captions = [MAY[role] for role in _OFFERED]
            st.radio("Rôle", _OFFERED, format_func=ROLES.__getitem__, captions=captions, key=_key("role"))
        if actor.may(Permission.INVITES_MANAGE):
            st.subheader("Accès (invitation)", anchor=False)
            st.checkbox("Générer automatiquement un code d'invitation après création", key=_key("with_code"))
            st.caption("L'utilisateur activera ensuite son accès depuis la page Connexion avec ce code.")
        feedback.tell(_FORM)
        refusal = feedback.refused(_FORM)
        st.form_submit_button("Créer la personne", type="primary", on_click=_create, args=(draft,), width="stretch")
        if isinstance(refusal, PerhapsDuplicate):
            _look_alikes(draft, refusal)
    if isinstance(refusal, EmailOnAnotherFiche) and refusal.id:
        fiche_facts.to_fiche(refusal.id, "Ouvrir la fiche qui a cet email")


def _look_alikes(draft: UUID, refusal: PerhapsDuplicate) -> None:
    """Who is there already; a second button says that it is somebody else, and creates."""
    for alike in refusal.alike:
        with st.container(border=True, key=f"creation_alike_{alike.id}"):
            fiche_facts.describe(alike)
            fiche_facts.to_fiche(alike.id, "Ouvrir cette fiche")
    if refusal.hidden:
        st.text(
            "Une fiche archivée porte ce nom ou ce téléphone. Demandez à un administrateur de regarder si c'est la "
            "même personne : il pourra la restaurer."
        )
    # With nobody to tell apart, no look-alikes are looked for again.
    apart = tuple(alike.id for alike in refusal.alike) or None
    st.form_submit_button("Ce n'est pas un doublon", on_click=_create, args=(draft, apart), width="stretch")
    st.caption(f"Ce bouton crée la personne{', à côté de celles qui sont affichées ici' if apart else ''}.")


_OFFERED = (Role.BENEVOLE, Role.EMPLOYE, Role.ADMINISTRATEUR)


def _create(draft: UUID, apart: tuple[UUID, ...] | None = ()) -> None:
    if st.session_state.get(_DRAFT) != draft or feedback.done(_FORM):
        return
    typed = {field: st.session_state[_key(field)] for field in FIELDS}
    wanted = {"role": st.session_state.get(_key("role"), Role.BENEVOLE), "apart": apart}
    wanted["with_code"] = st.session_state.get(_key("with_code"), False)
    feedback.attempt(_FORM, lambda: personnes.create(frame.office(), frame.actor(), id=draft, **typed, **wanted))


def _result(office: Office, created: Created) -> None:
    st.success("La personne est créée.", icon=":material/check_circle:")
    with st.container(key="created_name"):
        st.text(f"{created.nom} {created.prenom}")
    for field in created.warnings:
        number = plain(phone(getattr(created, field)))
        st.warning(f"Le numéro « {number} » ne semble pas valide : il a été gardé tel quel.", icon=":material/warning:")
    if created.code:
        st.subheader("Code d'invitation", anchor=False)
        code_card.show(office, created.code)
        invite_mail.offer(office, created.id, created.code.code)
    with st.container(horizontal=True):
        st.button("Ajouter une autre personne", icon=":material/person_add:", on_click=_again, args=(office,))
        st.button("Fermer", on_click=_leave)


def _again(office: Office) -> None:
    _close()
    _open(office)


def _leave() -> None:
    _close()
    st.rerun()


def _clear() -> None:
    for field in FIELDS:
        st.session_state[_key(field)] = ""


def _key(field: str) -> str:
    return f"creation_{field}"
