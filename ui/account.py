"""The parts of « Mon compte »: identity, devices, journal."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from core.accounts import Overview, OwnEvent, OwnSession
from core.roles import Actor, Duty
from ui import facts
from ui.messages import ROLES, deed
from ui.plain import device, moment, phone


def asked(actor: Actor) -> None:
    """What must be done here before anything else is open, when an administrateur asked for it."""
    if Duty.CHANGE_PASSWORD in actor.duties:
        st.warning(
            "Un administrateur vous demande de choisir un nouveau mot de passe. Changez-le ci-dessous : "
            "le reste de l'application s'ouvrira aussitôt.",
            icon=":material/lock_reset:",
        )


def identity(mine: Overview) -> None:
    """The fiche and the account, as text."""
    known = {
        "Nom": mine.nom,
        "Prénom": mine.prenom,
        "Rôle": ROLES[mine.role],
        "Email de connexion": mine.email,
        "Téléphone 1": phone(mine.telephone_1) or "–",
        "Téléphone 2": phone(mine.telephone_2) or "–",
        "Accès activé le": moment(mine.activated_at),
    }
    facts.show(known.items(), key="identity", width=150)


def devices(sessions: tuple[OwnSession, ...], end: Callable[[UUID], None]) -> None:
    """Each open session: device, address, last use, and the button that `end`s it unless it is this one."""
    for session in sessions:
        with st.container(border=True, gap="xsmall"):
            st.text(device(session.user_agent) + (" – cet appareil" if session.current else ""))
            st.text(f"Adresse {session.ip}, dernière activité le {moment(session.last_seen_at)}")
            if not session.current:
                st.button("Déconnecter cet appareil", key=f"end_{session.id}", on_click=end, args=(session.id,))


def closed(count: int | None) -> None:
    """How many other devices were just signed out, if that was asked."""
    if count is not None:
        st.success(
            "Votre autre appareil est déconnecté." if count == 1 else f"{count} autres appareils sont déconnectés.",
            icon=":material/check_circle:",
        )


def journal(events: tuple[OwnEvent, ...]) -> None:
    """The account's own events, latest first."""
    with st.container(border=True, gap="xsmall", key="journal"):
        for event in events:
            st.text(f"{moment(event.at)} – {deed(event.deed, event.outcome)} (adresse {event.ip})")
