"""Codes just made, on the screen for the only time: to copy, mail or print."""

from typing import Final

import streamlit as st

from core import code_sheets
from core.invites import Issued
from core.office import Office
from ui import code_card, exports, feedback, frame, invite_mail
from ui.plain import moment

_SHEET: Final = "invitation_sheet"


def show(office: Office, issued: tuple[Issued, ...]) -> None:
    """One code on a card, to mail too; several in a table, to print."""
    if len(issued) == 1:
        one = issued[0]
        with st.container(key="issued_name"):
            st.text(f"{one.prenom} {one.nom}")
        code_card.show(office, one)
        invite_mail.offer(office, one.id, one.code)
        return
    st.text(f"Valables jusqu'au {moment(issued[0].expires_at)}. Ils ne sont affichés qu'une fois.")
    codes, names = zip(*((one.code, f"{one.prenom} {one.nom}") for one in issued), strict=True)
    st.dataframe(
        {"Code d'invitation": codes, "Personne": names},  # a telephone shows what comes first
        hide_index=True,
        height="content",
        row_height=44,
        alt="Nouveaux codes d'invitation",
    )
    _sheets(issued)


def forget() -> None:
    """Forget the sheet and the mail of the codes before these."""
    feedback.forget(_SHEET)
    invite_mail.forget()


def _sheets(issued: tuple[Issued, ...]) -> None:
    """The codes on paper; a sheet opens once, and can be prepared again while the codes are on the screen."""
    with st.container(horizontal=True):
        st.button("Préparer une page par personne", icon=":material/print:", on_click=_prepare, args=(issued, True))
        st.button("Préparer une liste", icon=":material/print:", on_click=_prepare, args=(issued, False))
    feedback.tell(_SHEET)
    if address := feedback.done(_SHEET):
        exports.link("Ouvrir la feuille à imprimer", address, in_tab=True)


def _prepare(issued: tuple[Issued, ...], apart: bool) -> None:
    feedback.forget(_SHEET)
    feedback.attempt(_SHEET, lambda: code_sheets.prepare(frame.office(), frame.actor(), issued=issued, apart=apart))
