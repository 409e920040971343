"""The preview of an import: how many of each, which rows and why, then the button that does it."""

from collections import Counter
from typing import Any, Final

import pandas as pd
import streamlit as st

from core import imports
from core.import_plans import Change, Decision, Plan, PlannedRow
from core.roles import Actor, Permission, Role
from ui import feedback, frame, import_draft
from ui.import_draft import Draft
from ui.messages import FIELDS, ROLES, in_french
from ui.plain import number, phone

_SHOWN: Final = 200
_REASONS: Final = 5
_TAB: Final = feedback.OF_THIS_PAGE + "import_tab"
_TOO: Final = feedback.OF_THIS_PAGE + "import_duplicates_too"
_CODES: Final = feedback.OF_THIS_PAGE + "import_codes"
_FORM: Final = "import_check"
# (one, several, the heading of the rows)
WORDS: Final = {
    Decision.CREATED: ("créée", "créées", "Créées"),
    Decision.CHANGED: ("modifiée", "modifiées", "Modifiées"),
    Decision.UNCHANGED: ("inchangée", "inchangées", "Inchangées"),
    Decision.DUPLICATE: ("doublon possible", "doublons possibles", "Doublons possibles"),
    Decision.REJECTED: ("rejetée", "rejetées", "Rejetées"),
}


def summary(plan: Plan) -> str:
    """« 2 créées, 1 modifiée, 0 inchangée, 3 doublons possibles, 1 rejetée »."""
    counts = plan.counts
    return ", ".join(
        f"{number(counts[kind])} {one if counts[kind] < 2 else many}" for kind, (one, many, _) in WORDS.items()
    )


def show(actor: Actor, now: Draft) -> None:
    """The preview of `now.plan`."""
    plan = now.plan
    if plan is None:
        return
    st.subheader("Aperçu", anchor=False)
    if now.refused:
        st.error(now.refused, icon=":material/error:")
    st.write(f"**{summary(plan)}.** Rien n'est encore enregistré.")
    _rows(plan)
    if now.duplicates_too or plan.counts[Decision.DUPLICATE]:
        _duplicates(now)
    if actor.may(Permission.INVITES_MANAGE) and plan.counts[Decision.CREATED]:
        st.checkbox("Créer un code d'invitation pour chaque personne créée", key=_CODES)
    _buttons(plan)


def _duplicates(now: Draft) -> None:
    if _TOO not in st.session_state:
        st.session_state[_TOO] = now.duplicates_too
    st.checkbox("Créer aussi les doublons possibles, car ce sont d'autres personnes", key=_TOO, on_change=_again)


def _again() -> None:
    import_draft.plan(import_draft.draft().mapping, duplicates_too=st.session_state[_TOO])


def _rows(plan: Plan) -> None:
    kinds = [kind for kind in WORDS if plan.counts[kind]]
    if not kinds:
        return
    if st.session_state.get(_TAB) not in kinds:
        st.session_state[_TAB] = kinds[0]
    kind = st.segmented_control("Lignes", kinds, format_func=lambda kind: WORDS[kind][2], key=_TAB, required=True)
    rows = plan.of(Decision(kind))
    _reasons(rows)
    st.dataframe(pd.DataFrame([_cells(row) for row in rows[:_SHOWN]]), hide_index=True, width="stretch")
    if len(rows) > _SHOWN:
        st.caption(f"Les {_SHOWN} premières lignes sur {number(len(rows))}.")


def _reasons(rows: list[PlannedRow]) -> None:
    """The reasons that come up most: on a narrow screen the table shows only their beginning."""
    counts = Counter(in_french(row.reason) for row in rows if row.reason)
    for reason, count in counts.most_common(_REASONS):
        lines = "1 ligne" if count == 1 else f"{number(count)} lignes"
        st.markdown(f"- {lines}\u00a0: {reason}")


def _cells(row: PlannedRow) -> dict[str, Any]:
    cells: dict[str, Any] = {"Ligne": row.line, "Nom": row.nom, "Prénom": row.prenom}
    if row.reason:
        return cells | {"Motif": in_french(row.reason)}
    if row.decision is Decision.CHANGED:
        return cells | {"Changements": " ; ".join(map(_change, row.changes))}
    read = row.read
    if read is None:
        return cells
    facts = {
        "Téléphone": phone(read.telephone_1),
        "Email": read.email or "",
        "Rôle": ROLES[Role(read.role or "bénévole")],
    }
    doubts = ", ".join(FIELDS[field] for field in read.doubts)
    return cells | facts | ({"À vérifier": doubts} if doubts else {"À vérifier": ""})


def _change(change: Change) -> str:
    def words(value: str | None) -> str:
        if change.field == "role":
            return ROLES[Role(value)] if value else "vide"
        return (phone(value) if change.field.startswith("telephone") else value) or "vide"

    return f"{FIELDS[change.field]} : {words(change.before)} → {words(change.after)}"


def _buttons(plan: Plan) -> None:
    feedback.tell(_FORM)
    people = plan.counts[Decision.CREATED] + plan.counts[Decision.CHANGED]
    with st.container(horizontal=True):
        if people:
            st.button(
                "Importer 1 personne" if people == 1 else f"Importer {number(people)} personnes",
                type="primary",
                icon=":material/upload:",
                on_click=_import,
            )
        else:
            st.info("Il n'y a rien à créer ni à modifier.", icon=":material/check_circle:")
        st.button("Revenir aux colonnes", on_click=_back)
        st.button("Choisir un autre fichier", on_click=import_draft.forget)


def _back() -> None:
    now = import_draft.draft()
    now.plan, now.refused = None, ""


def _import() -> None:
    plan, codes = import_draft.draft().plan, bool(st.session_state.get(_CODES))
    if plan is not None and feedback.attempt(_FORM, lambda: _checked(plan, with_codes=codes)):
        import_draft.write(with_codes=codes)


def _checked(plan: Plan, *, with_codes: bool) -> bool:
    imports.check(frame.office(), frame.actor(), plan, with_codes=with_codes)
    return True
