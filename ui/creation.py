"""« Ajouter une personne »: the drawer with its form, then what it made (R3)."""

from uuid import UUID

import streamlit as st

from core import personnes, step_up
from core.errors import EmailOnAnotherFiche, PerhapsDuplicate
from core.fiche_fields import FIELDS, PHONES
from core.office import Office
from core.personnes import Created
from core.roles import Actor, Permission, Role
from ui import code_card, feedback, fiche_facts, fiche_field, frame, invite_mail
from ui.messages import MAY, ROLES
from ui.plain import phone, plain

_FORM = "creation"
# While the drawer is open: the key of the Personne it will make, which makes a second click harmless.
_DRAFT = feedback.OF_THIS_PAGE + "draft"
# The drawer was left for a proof, and opens again after it: the proof loads the page, which loses what was typed.
_LEFT = feedback.OF_THIS_PAGE + "creation_left"
_AGAIN = "ajouter"
_TOO_LATE = (
    "Votre identité a été confirmée il y a plus de dix minutes. Créez la personne avec le rôle Bénévole : "
    "vous changerez ensuite son rôle sur sa fiche."
)


def offer(office: Office, actor: Actor) -> None:
    """The button that opens the drawer, and the drawer: drawn for those who may add people (listing)."""
    if st.query_params.pop(_AGAIN, ""):
        _open(office)
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


def wanted_again() -> dict[str, str]:
    """The query that opens the drawer again after the proof, when it was left for one."""
    if not feedback.wants_proof():
        st.session_state.pop(_LEFT, None)
    return {_AGAIN: "oui"} if _LEFT in st.session_state else {}


@st.dialog("Ajouter une personne", position="right", width="medium", on_dismiss=_close)
def _drawer(office: Office, actor: Actor) -> None:
    if _DRAFT not in st.session_state:
        st.rerun()  # left for a proof, which the page behind asks for
    if created := feedback.done(_FORM):
        _result(office, created)
    else:
        proved = step_up.is_recent(office, actor)
        if actor.may(Permission.ROLES_GRANT) and not proved:
            _offer_proof()
        _form(actor, st.session_state[_DRAFT], roles=_OFFERED if proved else _OFFERED[:1])


def _offer_proof() -> None:
    """The other roles need a fresh proof, which is asked before anything is typed."""
    st.button("Donner un autre rôle", icon=":material/badge:", on_click=_leave_for_proof)
    st.caption("Pour un autre rôle que Bénévole, confirmez d'abord votre identité, avant de remplir ce formulaire.")


def _leave_for_proof() -> None:
    _close()
    feedback.ask_proof()
    st.session_state[_LEFT] = True


def _form(actor: Actor, draft: UUID, *, roles: tuple[Role, ...]) -> None:
    with st.form(_FORM, border=False):
        st.caption("Les champs marqués d'une étoile (*) sont obligatoires.")
        for field in FIELDS:
            fiche_field.draw(field, key=_key(field), persist_state="session")
        if actor.may(Permission.ROLES_GRANT):
            captions = [MAY[role] for role in roles]
            key = _key("role") if len(roles) > 1 else None
            st.radio("Rôle", roles, format_func=ROLES.__getitem__, captions=captions, key=key)
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
    told = (draft, (*refusal.apart, *(alike.id for alike in refusal.alike)), _who() if refusal.hidden else None)
    st.form_submit_button("Ce n'est pas un doublon", on_click=_create, args=told, width="stretch")
    st.caption(f"Ce bouton crée la personne{', à côté de celles qui sont affichées ici' if refusal.alike else ''}.")


_OFFERED = (Role.BENEVOLE, Role.EMPLOYE, Role.ADMINISTRATEUR)


def _who() -> dict[str, str]:
    """What is typed of who it is: what a look for duplicates was told of."""
    return {field: st.session_state[_key(field)] for field in ("nom", "prenom", *PHONES)}


def _create(draft: UUID, apart: tuple[UUID, ...] = (), warned: dict[str, str] | None = None) -> None:
    """Create who is typed; `warned`: who it was when archived fiches were spoken of, which the author may not see."""
    if st.session_state.get(_DRAFT) != draft or feedback.done(_FORM):
        return
    typed = {field: st.session_state[_key(field)] for field in FIELDS}
    wanted = {"role": st.session_state.get(_key("role"), Role.BENEVOLE), "apart": apart}
    wanted["hidden_too"] = warned == _who()
    wanted["with_code"] = st.session_state.get(_key("with_code"), False)
    feedback.attempt(_FORM, lambda: personnes.create(frame.office(), frame.actor(), id=draft, **typed, **wanted))
    if feedback.wants_proof():
        feedback.no_proof()  # it would lose what is typed
        feedback.say_later(_FORM, _TOO_LATE)


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
