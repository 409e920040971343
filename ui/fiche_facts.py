"""The facts of a fiche, the fiches that look like it, its link as a square, its printed sheet."""

from typing import Final
from uuid import UUID

import streamlit as st

from core import duplicates
from core.duplicates import Alike
from core.office import Office
from core.personnes import Personne
from core.roles import Actor, Permission
from ui import facts, feedback, frame, menu, print_button, square
from ui.messages import ACCESS, FIELDS, ROLES
from ui.plain import moment, phone, plain

_APART: Final = "fiche_apart"


def heading(fiche: Personne) -> None:
    """Whose fiche it is, and whether it is archived."""
    with st.container(key="fiche_name"):
        st.text(f"{fiche.prenom} {fiche.nom}")
    if fiche.archived_at:
        st.warning(
            f"Cette fiche est archivée depuis le {moment(fiche.archived_at)} : la personne n'est plus dans la liste et "
            "ne peut pas se connecter. Seuls les administrateurs voient cette fiche.",
            icon=":material/inventory_2:",
        )


def _facts(fiche: Personne) -> list[tuple[str, str]]:
    """Each label and its value, as text."""
    found = [
        (FIELDS["nom"], fiche.nom),
        (FIELDS["prenom"], fiche.prenom),
        (FIELDS["role"], ROLES[fiche.role]),
        (FIELDS["email"], fiche.email or "–"),
        (FIELDS["telephone_1"], phone(fiche.telephone_1) or "–"),
        (FIELDS["telephone_2"], phone(fiche.telephone_2) or "–"),
        ("Accès", ACCESS[fiche.access]),
        ("Créée le", moment(fiche.created_at)),
        ("Modifiée le", moment(fiche.updated_at)),
    ]
    return [*found, (FIELDS["note"], fiche.note)] if fiche.note else found


def show(fiche: Personne) -> None:
    """The facts, one a line."""
    facts.show(_facts(fiche), key="fiche", width=120)


def look_alikes(actor: Actor, fiche: Personne) -> None:
    """The fiches that may be of the same person, with the way to each, and to say that it is somebody else."""
    for alike in fiche.alike:
        with st.container(border=True, key=f"alike_{alike.id}"):
            describe(alike)
            with st.container(horizontal=True):
                to_fiche(alike.id, "Ouvrir cette fiche")
                if actor.may(Permission.PERSONNES_WRITE):
                    st.button(
                        "Ce n'est pas un doublon",
                        key=f"apart_{alike.id}",
                        on_click=_tell_apart,
                        args=(fiche.id, alike.id),
                    )
    feedback.tell(_APART)


def describe(alike: Alike) -> None:
    """Why a fiche looks like another one."""
    why = "Même nom" if alike.by_name else "Même téléphone"
    archived = ", archivée" if alike.archived else ""
    name = f"{alike.prenom} {alike.nom}"
    st.text(f"{why} : {name}, {ROLES[alike.role].lower()}{archived}. Est-ce la même personne ?")


def to_fiche(id: UUID, label: str) -> None:
    """The way to the page of a fiche."""
    st.page_link(menu.PERSONNE.page, label=label, query_params={"id": str(id)})


def _tell_apart(one: UUID, other: UUID) -> None:
    feedback.attempt(_APART, lambda: duplicates.tell_apart(frame.office(), frame.actor(), one=one, other=other) or True)


def print_and_link(office: Office, fiche: Personne) -> None:
    """The buttons that print the facts, and that show the link of the fiche as a square."""
    link = f"{office.settings.public_url}/personne?id={fiche.id}"
    name = f"{fiche.prenom} {fiche.nom}"
    with st.container(width="stretch"):
        print_button.show(f"{office.settings.association} – fiche", name, _facts(fiche), link=link)
    with st.popover("Lien", icon=":material/qr_code_2:", width="stretch"):
        st.write("Ce lien n'ouvre la fiche qu'aux personnes connectées qui ont le droit de la voir.")
        st.code(link, language=None, wrap_lines=True)
        square.show(link, label=f"Carré à scanner : fiche de {plain(name)}")
