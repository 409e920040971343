"""The access of somebody, for administrateurs: the code, then the account and what can be done with it."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import streamlit as st

from core import account_measures, factor_reset, fiche_exports
from core.office import Office
from core.personnes import Account, Personne
from core.roles import Actor
from ui import exports, facts, feedback, frame, invitations
from ui.plain import moment

_FORM: Final = "fiche_account"
_DATA: Final = "fiche_data"
_Measure = Callable[..., Any]


def show(office: Office, actor: Actor, fiche: Personne) -> None:
    """The invitation, or the account once there is one."""
    if fiche.account is None:
        invitations.card(office, actor, fiche.id, name=f"{fiche.prenom} {fiche.nom}")
    else:
        _account_part(actor, fiche, fiche.account)
    _data(office, fiche.id)


def _account_part(actor: Actor, fiche: Personne, account: Account) -> None:
    _account(account)
    if said := feedback.done(_FORM):
        st.success(said, icon=":material/check_circle:")
    feedback.tell(_FORM)
    if fiche.id == actor.personne_id:
        st.caption("C'est votre compte : vous le gérez dans « Mon compte ».")
        return
    _measures(fiche.id, account)


def _data(office: Office, id: UUID) -> None:
    """Everything that is kept on the person, who may ask for it."""
    with st.container(border=True, gap="small"):
        st.write(
            "Une personne a le droit de recevoir tout ce que l'association garde sur elle. Remettez-lui ce fichier, "
            "puis effacez-le de votre appareil."
        )
        feedback.tell(_DATA)
        address = feedback.done(_DATA)
        if not address or exports.link("Télécharger ses données", address):
            st.button("Exporter ses données", on_click=_prepare, args=(office, id), width="stretch")


def _prepare(office: Office, id: UUID) -> None:
    feedback.attempt(_DATA, lambda: fiche_exports.prepare(office, frame.actor(), id=id))


def _account(account: Account) -> None:
    ways = [way for way, on in (("mot de passe", account.has_password), ("Google", account.google_linked)) if on]
    known = {
        "Email de connexion": account.email,
        "Connexion par": " et ".join(ways),
        "Activé le": moment(account.created_at),
        "Dernière connexion": moment(account.last_sign_in_at) if account.last_sign_in_at else "jamais",
        "Deux étapes": f"depuis le {moment(account.factor_since)}" if account.factor_since else "non activée",
    }
    if account.suspended_at:
        known["Suspendu le"] = moment(account.suspended_at)
    if account.password_change_required_at:
        known["Nouveau mot de passe"] = f"demandé le {moment(account.password_change_required_at)}"
    facts.show(known.items(), key="account", width=130)


def _measures(id: UUID, account: Account) -> None:
    if account.has_password and not account.password_change_required_at:
        _measure(
            "Demander un nouveau mot de passe",
            "À sa prochaine action, la personne devra changer son mot de passe avant toute autre chose. Un courriel "
            "l'en prévient.",
            account_measures.ask_new_password,
            "Le nouveau mot de passe est demandé.",
            id,
        )
    if account.factor_since:
        _measure(
            "Réinitialiser la double authentification",
            "Pour quelqu'un qui a perdu son téléphone et ses codes de secours. Assurez-vous d'abord, de vive voix, que "
            "c'est bien cette personne qui le demande.",
            factor_reset.reset_for,
            "La double authentification est retirée.",
            id,
        )
    if account.suspended_at:
        _measure(
            "Rétablir l'accès",
            "La personne pourra de nouveau se connecter.",
            account_measures.unsuspend,
            "L'accès est rétabli.",
            id,
        )
    else:
        _measure(
            "Suspendre l'accès",
            "La personne est déconnectée partout et ne peut plus se connecter, jusqu'à ce que vous rétablissiez "
            "son accès.",
            account_measures.suspend,
            "L'accès est suspendu.",
            id,
        )


def _measure(label: str, explained: str, measure: _Measure, done: str, id: UUID) -> None:
    with st.container(border=True, gap="small"):
        st.write(explained)
        st.button(label, on_click=_take, args=(measure, done, id), width="stretch")


def _take(measure: _Measure, done: str, id: UUID) -> None:
    feedback.attempt(_FORM, lambda: measure(frame.office(), frame.actor(), personne_id=id) or done)
