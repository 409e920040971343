"""The screens, in sections, and the menu made of those that the actor may see (R1)."""

from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import streamlit as st

from core.roles import Actor, Permission

PAGES: Final = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True)
class Screen:
    """A file of pages/, whose name is its address; without a permission it is for visitors."""

    name: str
    title: str
    icon: str
    section: str
    permission: Permission | None

    @property
    def file(self) -> Path:
        return PAGES / f"{self.name}.py"

    @property
    def page(self) -> st.Page:
        """What to link to, or to switch to."""
        return _page(self, self.name)

    def visible_to(self, actor: Actor | None) -> bool:
        """Whether it stands in the menu of `actor`, or of a visitor."""
        if self in HIDDEN:
            return False
        if actor is None or self.permission is None:
            return actor is None and self.permission is None
        return actor.may(self.permission) and (not actor.duties or self.name == "mon_compte")


CONNEXION: Final = Screen("connexion", "Connexion", ":material/login:", "Accès", None)
ACTIVER: Final = Screen("activer_mon_acces", "Activer mon accès", ":material/key:", "Accès", None)
FORGOTTEN: Final = Screen("mot_de_passe_oublie", "Mot de passe oublié", ":material/lock_reset:", "Accès", None)
ACCUEIL: Final = Screen("accueil", "Accueil", ":material/home:", "", Permission.ACCOUNT_OWN)
PERSONNES: Final = Screen("personnes", "Personnes", ":material/groups:", "Annuaire", Permission.TEAM_READ)
PERSONNE: Final = Screen("personne", "Fiche", ":material/person:", "", Permission.ACCOUNT_OWN)
INVITATIONS: Final = Screen("invitations", "Invitations", ":material/key:", "Administration", Permission.INVITES_MANAGE)
COURRIELS: Final = Screen("courriels", "Courriels", ":material/mail:", "Administration", Permission.AUDIT_READ)
JOURNAL: Final = Screen("journal", "Journal", ":material/history:", "Administration", Permission.AUDIT_READ)
RIGHTS: Final = Screen("droits", "Droits", ":material/admin_panel_settings:", "Administration", Permission.AUDIT_READ)
COMPTE: Final = Screen("mon_compte", "Mon compte", ":material/person:", "Mon espace", Permission.ACCOUNT_OWN)
# Reached by the link of a mail only, signed in or not.
NEW_ADDRESS: Final = Screen("confirmer_email", "Confirmer mon adresse email", ":material/mail:", "", None)
NOT_ME: Final = Screen("pas_moi", "Ce n'était pas moi", ":material/gpp_bad:", "", None)
BY_MAIL: Final = (NEW_ADDRESS, NOT_ME)
IMPORTER: Final = Screen("importer", "Importer des personnes", ":material/upload_file:", "", Permission.PERSONNES_WRITE)
# In no menu: reached by a link, or from another screen.
HIDDEN: Final = (*BY_MAIL, PERSONNE, IMPORTER)
SCREENS: Final = (
    CONNEXION, ACTIVER, FORGOTTEN, ACCUEIL, PERSONNES, INVITATIONS, JOURNAL, COURRIELS, RIGHTS, COMPTE, *HIDDEN,
)  # fmt: skip


def navigation(actor: Actor | None, *, shown: bool = True) -> st.Page:
    """Draw the menu; returns the page to run.

    Every address is registered for everybody, so that none is ever « not found ». A visitor gets Connexion at the
    address of a protected page, which opens once signed in: the address and its query stay as they are.
    """
    sections: dict[str, list[st.Page]] = {}
    for screen in SCREENS:
        visible = screen.visible_to(actor)
        drawn = screen if actor or screen.permission is None else CONNEXION
        sections.setdefault(screen.section if visible else "", []).append(_page(drawn, screen.name, visible=visible))
    # Last, so that it comes after the page of the same file with an address of its own.
    sections.setdefault("", []).append(_page(ACCUEIL if actor else CONNEXION, ""))
    return st.navigation(sections, position="sidebar" if shown else "hidden")


def _page(drawn: Screen, address: str, *, visible: bool = False) -> st.Page:
    """A page of this run, which st.navigation may mark as the one to run; without an address, that of the root."""
    return copy(_made(drawn, address, visible))


@lru_cache
def _made(drawn: Screen, address: str, visible: bool) -> st.Page:
    """A page looks for its file when it is made, and each look gives the interpreter away (docs/decisions/0013)."""
    return st.Page(
        drawn.file,
        title=drawn.title,
        icon=drawn.icon if address else None,
        url_path=address,
        default=not address,
        visibility="visible" if visible else "hidden",
    )
