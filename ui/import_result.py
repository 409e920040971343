"""What an import did, the files it gives back once, and the way back."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import streamlit as st

from core import import_files
from core.import_plans import Decision, Plan
from core.office import Office
from core.roles import Actor
from core.sheets import Sheet
from ui import exports, feedback, frame, import_draft, menu, past_imports
from ui.import_draft import Draft
from ui.messages import in_french
from ui.plain import number

_REJECTED: Final = "import_rejected"
_CODES: Final = "import_codes_file"
MOTIF: Final = "Motif"


def show(office: Office, actor: Actor, now: Draft) -> None:
    """The end of the import `now`."""
    done = now.done
    if done is None:
        return
    created = f"{number(done.created)} personne{_s(done.created)} créée{_s(done.created)}"
    changed = f"{number(done.changed)} fiche{_s(done.changed)} modifiée{_s(done.changed)}"
    st.success(f"L'import est terminé : {created}, {changed}.", icon=":material/check_circle:")
    _files(rejected=done.rejected, codes=len(done.codes))
    with st.container(horizontal=True):
        st.page_link(menu.PERSONNES.page, label="Voir la liste", icon=":material/groups:")
        st.button("Importer un autre fichier", on_click=_anew)
    past_imports.show(office, actor)


def _s(count: int) -> str:
    """In French zero is singular."""
    return "s" if count > 1 else ""


def _anew() -> None:
    past_imports.forget()
    for form in (_REJECTED, _CODES):
        feedback.forget(form)
    import_draft.forget()


def _files(*, rejected: int, codes: int) -> None:
    if rejected:
        said = (
            "1 ligne n'a pas été importée. Corrigez-la"
            if rejected == 1
            else f"{number(rejected)} lignes n'ont pas été importées. Corrigez-les"
        )
        st.warning(f"{said} dans le fichier ci-dessous, puis importez-le.", icon=":material/rule:")
        _file(_REJECTED, "Préparer les lignes à corriger", "Télécharger les lignes à corriger", _prepare_rejected)
    if codes:
        said = "Les codes d'invitation ne sont donnés qu'ici : téléchargez leur liste avant de fermer cet onglet."
        st.info(said, icon=":material/key:")
        _file(_CODES, "Préparer la liste des codes", "Télécharger la liste des codes", _prepare_codes)


def _file(form: str, prepare: str, fetch: str, command: Callable[[], None]) -> None:
    """The link that fetches the file, once, and the button that prepares it, as often as one was lost."""
    feedback.tell(form)
    if address := feedback.done(form):
        exports.link(fetch, address)
    st.button(prepare, key=f"prepare_{form}", icon=":material/description:", on_click=command)


def _prepare_rejected() -> None:
    now = import_draft.draft()
    if now.sheet is None or now.plan is None:
        return
    header, rows = (*now.sheet.header, MOTIF), list(rejected_rows(now.sheet, now.plan))
    feedback.attempt(_REJECTED, lambda: import_files.rejected(frame.office(), frame.actor(), header=header, rows=rows))


def rejected_rows(sheet: Sheet, plan: Plan) -> Iterator[Sequence[str]]:
    """The rows left out as they stand in the file, each with its reason in French."""
    left_out = {row.line: row.reason for row in plan.of(Decision.REJECTED, Decision.DUPLICATE)}
    for line, cells in sheet.below():
        if line in left_out:
            reason = left_out[line]
            yield (*cells, in_french(reason) if reason else "")


def _prepare_codes() -> None:
    done = import_draft.draft().done
    if done is not None:
        feedback.attempt(_CODES, lambda: import_files.codes(frame.office(), frame.actor(), issued=done.codes))
