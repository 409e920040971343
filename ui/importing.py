"""« Importer des personnes »: a file, its columns, what it would do, then what it did."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from core import step_up
from core.columns import FIELDS as KNOWN
from core.columns import Mapping
from core.errors import StepUpNeeded
from core.office import Office
from core.roles import Actor, Permission
from core.sheets import HEADER_WITHIN, Sheet
from ui import feedback, frame, import_draft, import_preview, import_result, past_imports
from ui.import_draft import Draft
from ui.messages import FIELDS
from ui.plain import number, plain

_FILE: Final = "import_file"
_ROUND: Final = feedback.OF_THIS_PAGE + "import_round"
_SHEET: Final = "import_sheet"
_HEADING: Final = "import_heading"
_COLUMN: Final = "import_column"
_SKIP: Final = "Ne pas importer"
_SAMPLED: Final = 30
_STAGES: Final = {
    "reading": "Lecture du fichier…",
    "planning": "Comparaison avec les fiches existantes…",
    "writing": "Import en cours… Vous pouvez quitter cette page : il ira à son terme.",
}
_WITH_CODES: Final = "Import en cours… Gardez cet onglet ouvert : les codes d'invitation ne seront donnés qu'ici."


def show(office: Office, actor: Actor) -> None:
    """The step that this import has reached."""
    now = import_draft.draft()
    if now.work:
        _wait(frame.each_run(actor, touch=False))
    elif now.done:
        import_result.show(office, actor, now)
    elif now.plan:
        import_preview.show(actor, now)
    elif now.sheet:
        _columns(actor, now, now.sheet)
    else:
        _file(office, actor, now)


@st.fragment(run_every="1s")
def _wait(now: Callable[[], Actor]) -> None:
    """How far the work is, looked at every second; the rest of the screen stays as it is."""
    draft = import_draft.draft()
    now()  # whoever is signed out meanwhile gets Connexion
    if draft.work is None or draft.work.ended():
        import_draft.settle()
        st.rerun()
    done, total = draft.work.done, draft.work.total
    stage = _WITH_CODES if draft.with_codes and draft.stage == "writing" else _STAGES[draft.stage]
    said = f"{stage} {number(done)} / {number(total)}" if total else stage
    st.progress(done / total if total else 0.0, text=said)


def _file(office: Office, actor: Actor, now: Draft) -> None:
    st.write(
        "Choisissez la liste de vos adhérents, enregistrée en CSV ou en classeur Excel (.xlsx), de 5 Mo au plus. "
        "Rien n'est enregistré avant que vous ayez vu l'aperçu."
    )
    _proof_first(office, actor)
    key = f"{_FILE}_{st.session_state.get(_ROUND, 0)}"
    st.file_uploader("Fichier", type=["csv", "txt", "xlsx"], key=key, on_change=_received, args=(key,))
    _said(now)
    past_imports.show(office, actor)


def _received(key: str) -> None:
    """Take the file out of Streamlit's hands: another key, and it lets go of it."""
    given = st.session_state.get(key)
    if given is not None:
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        past_imports.forget()
        import_draft.read(given.name, given.getvalue())


def _proof_first(office: Office, actor: Actor) -> None:
    """Who may give roles by a file proves it before the file is chosen: the proof loads the page again."""
    if not actor.may(Permission.ROLES_GRANT):
        return
    try:
        step_up.require_recent(office, actor)
    except StepUpNeeded:
        st.info("Si votre fichier change des rôles, confirmez d'abord votre identité.", icon=":material/badge:")
        st.button("Confirmer mon identité", on_click=_prove, args=(office,))


def _prove(office: Office) -> None:
    feedback.attempt("import_proof", lambda: step_up.require_recent(office, frame.actor()))


def _said(now: Draft) -> None:
    if now.refused:
        st.error(now.refused, icon=":material/error:")


def _columns(actor: Actor, now: Draft, sheet: Sheet) -> None:
    st.subheader("À quoi correspond chaque colonne ?", anchor=False)
    rows = sheet.below()
    with st.container(key="import_file_name"):
        st.text(f"{sheet.file_name} : {number(len(rows))} ligne{'s' if len(rows) > 1 else ''}")
    _sheet_choice(sheet)
    _heading_choice(sheet)
    offered = [field for field in KNOWN if field != "role" or actor.may(Permission.ROLES_GRANT)]
    if "role" not in offered:
        st.caption("Les rôles du fichier ne sont pas repris : seul un administrateur en donne.")
    for at in range(len(sheet.header)):
        _column(sheet, at, [row[at] for _, row in rows[:_SAMPLED]], now.mapping[at], offered)
    st.caption("Une case vide du fichier n'efface rien. « Nom » et « Prénom » sont obligatoires.")
    _said(now)
    with st.container(horizontal=True):
        st.button("Voir l'aperçu", type="primary", icon=":material/preview:", on_click=_plan)
        st.button("Choisir un autre fichier", on_click=import_draft.forget)


def _column(sheet: Sheet, at: int, cells: list[str], field: str, offered: list[str]) -> None:
    samples = [cell[:60] for cell in cells if cell][:3]
    key = _column_key(sheet, at)
    if key not in st.session_state:
        st.session_state[key] = field if field in offered else ""
    with st.container(border=True, gap="xsmall"):
        st.selectbox(
            plain(sheet.header[at])[:200] or f"Colonne {at + 1}",
            ["", *offered],
            format_func=lambda field: FIELDS[field] if field else _SKIP,
            key=key,
        )
        st.text(" · ".join(samples) or "Colonne vide")


def _column_key(sheet: Sheet, at: int) -> str:
    return feedback.OF_THIS_PAGE + f"{_COLUMN}_{sheet.sheet}_{sheet.heading}_{at}"


def _chosen(sheet: Sheet) -> Mapping:
    return tuple(st.session_state.get(_column_key(sheet, at), "") for at in range(len(sheet.header)))


def _plan() -> None:
    sheet = import_draft.draft().sheet
    if sheet is not None:
        import_draft.plan(_chosen(sheet))


def _sheet_choice(sheet: Sheet) -> None:
    if len(sheet.sheets) > 1:
        at = sheet.sheets.index(sheet.sheet)
        st.selectbox("Feuille", sheet.sheets, index=at, key=_SHEET, on_change=_other_sheet, format_func=str)


def _other_sheet() -> None:
    now = import_draft.draft()
    if now.sheet is not None:
        import_draft.read(now.sheet.file_name, now.content, st.session_state[_SHEET])


def _heading_choice(sheet: Sheet) -> None:
    rows = sheet.rows[:HEADER_WITHIN]
    options = [None, *(at for at, row in enumerate(rows) if any(row))]
    st.selectbox(
        "Ligne des titres",
        options,
        index=options.index(sheet.heading) if sheet.heading in options else 0,
        format_func=lambda at: _heading_words(sheet, at),
        key=f"{_HEADING}_{sheet.sheet}",
        on_change=_other_heading,
        args=(f"{_HEADING}_{sheet.sheet}",),
    )


def _heading_words(sheet: Sheet, at: int | None) -> str:
    if at is None:
        return "Aucune : le fichier commence par des personnes"
    return f"Ligne {at + 1} : {', '.join(cell for cell in sheet.rows[at] if cell)[:80]}"


def _other_heading(key: str) -> None:
    now = import_draft.draft()
    if now.sheet is not None:
        import_draft.head(st.session_state[key])
