"""« Revue des droits »: who holds which role, and what each role may do; made to be printed."""

from datetime import datetime
from pathlib import Path
from typing import Final

import streamlit as st

from core import rights
from core.journal_details import PERMISSIONS
from core.office import Office
from core.rights import Holder
from core.roles import GRANTS, Actor, Role
from ui.element import BUTTONS
from ui.messages import ACCESS, ROLES
from ui.plain import moment, number, plain, short_day

_HERE: Final = Path(__file__)
_STYLE: Final = "<style>" + _HERE.with_suffix(".css").read_text("utf-8") + "</style>"
_print = st.components.v2.component(
    "print_page",
    html='<button type="button">Imprimer</button>',
    css=BUTTONS + _HERE.with_name("print_page.css").read_text("utf-8"),
    js=_HERE.with_name("print_page.js").read_text("utf-8"),
)


def introduce(office: Office, actor: Actor) -> None:
    """What the page is for, when and for whom it was made, and the button that prints it."""
    st.html(_STYLE)
    st.caption(
        "À relire de temps en temps : chacun a-t-il encore besoin de son accès ? Un bénévole sans accès n'a aucun "
        "droit et n'est pas dans cette liste."
    )
    st.text(f"{office.settings.association}, le {moment(office.now())}, pour {actor.prenom} {actor.nom}")
    _print(key="print_rights")


def show(office: Office, actor: Actor) -> None:
    """Those who have rights, role by role."""
    review = rights.review(office, actor)
    for role in Role:
        holders = [holder for holder in review.holders if holder.role is role]
        st.subheader(f"{ROLES[role]} ({number(len(holders))})", anchor=False)
        if holders:
            _table(holders)
        else:
            st.text("Personne.")
    if review.capped:
        st.warning("Il y a plus de personnes que cette page n'en montre.", icon=":material/groups:")


def _table(holders: list[Holder]) -> None:
    # Cells are Markdown: what people typed is escaped.
    st.table(
        {
            "Personne": [plain(f"{holder.nom} {holder.prenom}") for holder in holders],
            "Accès": [_access(holder) for holder in holders],
            "Rôle depuis le": [_day(holder.role_since) for holder in holders],
            "Accès depuis le": [_day(holder.activated_at) for holder in holders],
            "Dernière connexion": [_day(holder.last_sign_in_at, "jamais") for holder in holders],
            "Deux étapes": [_factor(holder) for holder in holders],
            "Appareils connectés": [number(holder.sessions) for holder in holders],
        },
        border="horizontal",
        hide_index=True,
        alt="Personnes qui ont ce rôle",
    )


def _access(holder: Holder) -> str:
    return "Fiche archivée" if holder.archived else ACCESS[holder.access]


def _factor(holder: Holder) -> str:
    if holder.activated_at is None:
        return "–"
    return f"oui, depuis le {_day(holder.factor_since)}" if holder.factor_since else "non"


def _day(at: datetime | None, never: str = "–") -> str:
    return short_day(at) if at else never


def grants() -> None:
    """The table of what each role may do, printed from the one that the application obeys."""
    st.subheader("Ce que permet chaque rôle", anchor=False)
    st.table(
        {"Droit": [said[0].upper() + said[1:] for said in PERMISSIONS.values()]}
        | {ROLES[role]: ["oui" if each in GRANTS[role] else "non" for each in PERMISSIONS] for role in Role},
        border="horizontal",
        hide_index=True,
        alt="Droits de chaque rôle",
    )
