"""The words and ways of Accueil, by right."""

from dataclasses import dataclass

import streamlit as st

from core.roles import Actor, Permission
from ui import menu
from ui.menu import Screen
from ui.plain import moment


def greet(actor: Actor) -> None:
    """Good day, by name."""
    with st.container(key="greeting"):
        st.text(f"Bonjour {actor.prenom}")


def remind(actor: Actor) -> None:
    """Until when the role asks for a second factor."""
    if actor.second_factor_due_at:
        st.warning(
            "Votre rôle demande la vérification en deux étapes. "
            f"Activez-la dans « Mon compte » avant le {moment(actor.second_factor_due_at)}.",
            icon=":material/shield_lock:",
        )
        st.page_link(menu.COMPTE.page, label="Activer la vérification en deux étapes", icon=":material/shield_lock:")


def start(actor: Actor, people: int) -> None:
    """Where to begin while the administrateur is alone in the list."""
    if people == 1 and actor.may(Permission.INVITES_MANAGE):
        st.info(
            "Vous êtes seul dans la liste. Ajoutez une première personne et cochez « Générer automatiquement un code "
            "d'invitation » : elle activera son accès avec ce code.",
            title="Pour commencer",
            icon=":material/flag:",
        )


@dataclass(frozen=True)
class _Way:
    title: str
    text: str
    label: str
    screen: Screen


def ways(actor: Actor) -> None:
    """A card for each thing that the actor may do."""
    ways = [
        _people(actor),
        _Way("Mon compte", "Mes informations, mon mot de passe, mes appareils.", "Ouvrir mon compte", menu.COMPTE),
    ]
    for column, way in zip(st.columns(len(ways)), ways, strict=True):
        with column.container(border=True, height="stretch"):
            st.subheader(way.title, anchor=False)
            st.write(way.text)
            st.page_link(way.screen.page, label=way.label)


def _people(actor: Actor) -> _Way:
    if actor.may(Permission.INVITES_MANAGE):
        text = "Chercher une personne, en ajouter une, lui donner un code d'invitation."
    elif actor.may(Permission.PERSONNES_WRITE):
        text = "Chercher une personne, en ajouter une."
    else:
        return _Way("L'équipe", "Les noms et les rôles de l'équipe.", "Voir l'équipe", menu.PERSONNES)
    return _Way("Personnes", text, "Ouvrir la liste", menu.PERSONNES)
