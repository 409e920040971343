"""« Exporter »: the menu of formats, then the dialog where the browser fetches the file, once."""

from typing import Final
from uuid import UUID

import streamlit as st

from core import downloads, exports, own_data
from core.exports import Export, Format
from core.office import Office
from core.roles import Actor, Permission
from core.wanted import Wanted
from ui import feedback, frame
from ui.plain import number

_FORM: Final = "export"
_MENU: Final = "exporter"
_OWN: Final = "own_data"
# The addresses that were clicked: they have served.
_STARTED: Final = feedback.OF_THIS_PAGE + "download_started"
_IN_FOLDER: Final = (
    "Le téléchargement a commencé. Le fichier sera dans le dossier « Téléchargements » de votre appareil."
)
_FETCH: Final = "Télécharger le fichier"
FORMATS: Final = {
    Format.CSV: "CSV (Excel)",
    Format.XLSX: "Classeur Excel (XLSX)",
    Format.VCARD: "Carnet d'adresses (vCard)",
    Format.EMARGEMENT: "Feuille d'émargement",
}
_WHAT_FOR: Final = {
    Format.CSV: "Un tableau que tous les tableurs ouvrent, Excel d'un double-clic.",
    Format.XLSX: "Un tableau pour Excel ou LibreOffice, avec des filtres.",
    Format.VCARD: "Des contacts pour le carnet d'adresses d'un téléphone ou d'une messagerie.",
    Format.EMARGEMENT: "Une page à imprimer, où chaque personne signe en face de son nom.",
}


def offer(office: Office, actor: Actor, wanted: Wanted, selected_ids: tuple[UUID, ...] = ()) -> None:
    """The button « Exporter » for those who may: the people selected, or else all those the list shows.

    The page that calls it also calls step_up.offer.
    """
    if not actor.may(Permission.PERSONNES_EXPORT):
        return
    chosen = len(selected_ids)
    whom = "toutes les personnes de la liste" if not chosen else "la personne sélectionnée"
    st.menu_button(
        f"Exporter ({number(chosen)})" if chosen else "Exporter",
        list(Format),
        key=_MENU,
        format_func=FORMATS.__getitem__,
        icon=":material/download:",
        help=f"Exporter {whom if chosen < 2 else f'les {number(chosen)} personnes sélectionnées'}",
        on_click=_prepare,
        args=(office, wanted, tuple(selected_ids)),
    )
    feedback.tell(_FORM)
    if isinstance(prepared := feedback.done(_FORM), Export):
        _dialog(prepared)


def _prepare(office: Office, wanted: Wanted, ids: tuple[UUID, ...]) -> None:
    kind = st.session_state.get(_MENU)
    if kind in FORMATS:
        prepare = lambda: exports.prepare(office, frame.actor(), kind=kind, wanted=wanted, ids=ids)  # noqa: E731 (four values on one line)
        feedback.attempt(_FORM, prepare)


def _forget() -> None:
    feedback.forget(_FORM)


@st.dialog("Votre export est prêt", on_dismiss=_forget)
def _dialog(prepared: Export) -> None:
    people = "1 personne" if prepared.count == 1 else f"{number(prepared.count)} personnes"
    st.write(f"**{FORMATS[prepared.kind]} : {people}.** {_WHAT_FOR[prepared.kind]}")
    if prepared.kind is Format.EMARGEMENT:
        link("Ouvrir la feuille", prepared.address, in_tab=True)
    else:
        link(_FETCH, prepared.address)
        st.caption("Ce fichier contient des données personnelles : gardez-le en lieu sûr, effacez-le ensuite.")
    if st.button("Fermer"):
        _forget()
        st.rerun()


def link(label: str, path: str, *, in_tab: bool = False) -> bool:
    """The button that fetches a prepared file, in a tab of its own: whatever happens there, this page stays.

    A page to print (`in_tab`) stays open in that tab. True once it has served: the file can be prepared again.
    """
    if path in st.session_state.get(_STARTED, ()):
        where = "La page s'est ouverte dans un nouvel onglet." if in_tab else _IN_FOLDER
        st.success(where, icon=":material/check_circle:")
        return True
    icon = ":material/print:" if in_tab else ":material/download:"
    st.link_button(label, path, type="primary", icon=icon, on_click=_start, args=(path,), width="stretch")
    st.caption("Ce bouton sert une seule fois, dans les cinq minutes.")
    return False


def _start(path: str) -> None:
    st.session_state.setdefault(_STARTED, set()).add(path)


def own_section(office: Office) -> None:
    """« Exporter mes données », on « Mon compte »; the page also calls step_up.offer."""
    st.subheader("Exporter mes données", anchor=False)
    with st.container(border=True):
        st.write(
            "Tout ce que l'application garde sur vous : votre fiche, votre accès, vos appareils, votre journal. "
            "Vous recevez une page à lire et un fichier pour un autre logiciel."
        )
        feedback.tell(_OWN)
        address = feedback.done(_OWN)
        if not address or link("Télécharger mes données", address):
            st.button("Exporter mes données", icon=":material/folder_zip:", on_click=_prepare_own, args=(office,))


def _prepare_own(office: Office) -> None:
    feedback.attempt(_OWN, lambda: downloads.prepare(office, frame.actor(), kind=own_data.KIND, wanted={}))
