"""What one does with the journal: take it away as a file, check that nobody has altered it."""

from collections.abc import Callable
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import audit_check, downloads, journal_export
from core.audit_check import Checked
from core.errors import Refusal
from core.office import Office
from core.roles import Actor
from ui import exports, feedback, frame, journal_filters
from ui.journal_filters import EXPORT
from ui.messages import in_french
from ui.plain import moment, number

_ASKED: Final = feedback.OF_THIS_PAGE + "journal_check"
_VERDICT: Final = feedback.OF_THIS_PAGE + "journal_verdict"


def export() -> None:
    """The button that prepares the file of what is shown, then the one that fetches it; or why there is none."""
    feedback.tell(EXPORT)
    path = feedback.done(EXPORT)
    if not path or exports.link("Télécharger le journal (CSV pour Excel)", path):
        st.button("Exporter", key="journal_export_button", icon=":material/download:", on_click=_prepare)


def _prepare() -> None:
    wanted = journal_filters.wanted().as_query()
    feedback.attempt(
        EXPORT, lambda: downloads.prepare(frame.office(), frame.actor(), kind=journal_export.KIND, wanted=wanted)
    )


@st.fragment
def check(office: Office, now: Callable[[], Actor]) -> None:
    """The button « Vérifier l'intégrité », how far it is, the verdict."""
    actor = now()
    st.caption(
        "Chaque ligne du journal est scellée avec la précédente : une ligne modifiée, ajoutée ou retirée se voit."
    )
    st.button("Vérifier l'intégrité", key="journal_check", icon=":material/verified_user:", on_click=_ask)
    if st.session_state.pop(_ASKED, False):
        bar = st.progress(0.0, "Vérification en cours…")
        try:
            st.session_state[_VERDICT] = audit_check.verify(office, actor, progress=lambda *far: _progress(bar, *far))
        except Refusal as refusal:
            st.session_state[_VERDICT] = in_french(refusal)
        bar.empty()
    if verdict := st.session_state.get(_VERDICT):
        _say(verdict)


def _ask() -> None:
    st.session_state[_ASKED] = True


def _progress(bar: DeltaGenerator, checked: int, rows: int) -> None:
    bar.progress(
        checked / rows if rows else 1.0, f"Vérification en cours : {number(checked)} lignes sur {number(rows)}"
    )


def _say(verdict: Checked | str) -> None:
    if isinstance(verdict, str):
        st.error(verdict, icon=":material/error:")
    elif verdict.first_altered is None:
        lines = "1 ligne vérifiée" if verdict.rows == 1 else f"{number(verdict.rows)} lignes vérifiées"
        st.success(f"Le journal est intact : {lines}.", icon=":material/verified_user:")
    else:
        wrong = f"datée du {moment(verdict.at)}, a été changée" if verdict.at else "manque, ou n'est plus à sa place"
        st.error(
            f"Le journal a été modifié. La première ligne touchée, n° {number(verdict.first_altered)}, {wrong} "
            f"({number(verdict.rows)} lignes en tout). Prévenez sans attendre la personne qui gère l'application : "
            "qu'elle ne change plus rien, mette de côté une copie de la base et compare avec la dernière sauvegarde.",
            icon=":material/gpp_bad:",
        )
