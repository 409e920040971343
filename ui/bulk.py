"""What can be done with the people selected in the list: asked first, by name; then who could not be, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from core import bulk
from core.bulk import BulkOutcome, Picked
from core.directory import PersonneRow
from core.office import Office
from core.roles import Actor, Permission, Role
from ui import feedback, frame, new_codes
from ui.messages import MAY, ROLES
from ui.people import named, unchanged
from ui.plain import number

_FORM: Final = "groupe"
_CHOSEN: Final = feedback.OF_THIS_PAGE + "groupe_choisi"
_ROLE: Final = "groupe_nouveau_role"
_CHANGED: Final = feedback.OF_THIS_PAGE + "groupe_faits"


@dataclass(frozen=True)
class Deed:
    """A button, the question before it is done, and how what was done is said: {n} people."""

    label: str
    icon: str
    permission: Permission
    question: str
    warning: str
    one: str
    many: str
    run: Callable[..., BulkOutcome]


DEEDS: Final = {
    "role": Deed(
        "Changer le rôle",
        ":material/badge:",
        Permission.ROLES_GRANT,
        "Changer le rôle de {whom} ?",
        "Les personnes dont le rôle change devront se reconnecter.",
        "Le rôle d'une personne est à jour.",
        "Le rôle de {n} personnes est à jour.",
        bulk.set_role,
    ),
    "archive": Deed(
        "Archiver",
        ":material/archive:",
        Permission.PERSONNES_WRITE,
        "Archiver {whom} ?",
        "Une fiche archivée quitte la liste et son accès est fermé. Seul un administrateur peut la restaurer.",
        "Une personne est archivée.",
        "{n} personnes sont archivées.",
        bulk.archive,
    ),
    "restore": Deed(
        "Restaurer",
        ":material/unarchive:",
        Permission.ARCHIVES_READ,
        "Restaurer {whom} ?",
        "Les fiches reviennent dans la liste, et les accès sont rouverts.",
        "Une personne est restaurée.",
        "{n} personnes sont restaurées.",
        bulk.restore,
    ),
    "codes": Deed(
        "Générer des codes",
        ":material/key:",
        Permission.INVITES_MANAGE,
        "Générer un code d'invitation pour {whom} ?",
        "Un code donné auparavant ne servira plus. Les nouveaux s'afficheront une seule fois.",
        "Un code est créé.",
        "{n} codes sont créés.",
        bulk.issue_codes,
    ),
}


@dataclass(frozen=True)
class Chosen:
    """A deed and its people, fixed by the click: whatever the list shows since, nobody else is meant."""

    deed: str
    picked: tuple[Picked, ...]


def offer(office: Office, actor: Actor, rows: tuple[PersonneRow, ...]) -> None:
    """The buttons for `rows`, and the dialog of the deed that was asked for; call it without rows as well."""
    wanted = _possible(actor, rows) if rows else []
    if wanted:
        picked = tuple(Picked(row.id, row.nom, row.prenom, row.version) for row in rows)
        with st.container(border=True, key="bulk"):
            st.text(_selected(len(rows)))
            with st.container(horizontal=True):
                for name in wanted:
                    deed = DEEDS[name]
                    st.button(deed.label, key=f"groupe_{name}", icon=deed.icon, on_click=_open, args=(name, picked))
    chosen = st.session_state.get(_CHOSEN)
    if chosen and not feedback.wants_proof():
        st.dialog(DEEDS[chosen.deed].label, width="medium", on_dismiss=close)(_draw)(office, actor)


def changes() -> int:
    """How many deeds were done on this page: for the key of the grid, so that what was selected is not any more."""
    return int(st.session_state.get(_CHANGED, 0))


def _possible(actor: Actor, rows: tuple[PersonneRow, ...]) -> list[str]:
    """The deeds that the actor may do and that make sense for somebody in `rows`."""
    archived = {row.archived_at is not None for row in rows}
    kept = False in archived
    sense = {"role": kept, "archive": kept, "restore": True in archived, "codes": kept}
    return [name for name, deed in DEEDS.items() if sense[name] and actor.may(deed.permission)]


def _selected(count: int) -> str:
    return "1 personne sélectionnée" if count == 1 else f"{number(count)} personnes sélectionnées"


def _open(deed: str, picked: tuple[Picked, ...]) -> None:
    close()
    st.session_state.pop(_ROLE, None)
    st.session_state[_CHOSEN] = Chosen(deed, picked)


def close() -> None:
    """Nothing more is asked or shown; codes that were shown are gone."""
    if outcome := feedback.done(_FORM):
        st.session_state[_CHANGED] = changes() + 1
        if outcome.codes:
            new_codes.forget()
    feedback.forget(_FORM)
    st.session_state.pop(_CHOSEN, None)


def _draw(office: Office, actor: Actor) -> None:
    chosen: Chosen | None = st.session_state.get(_CHOSEN)
    if chosen is None or feedback.wants_proof():
        st.rerun()  # closed, or the page asks for the proof first
    if outcome := feedback.done(_FORM):
        _result(office, DEEDS[chosen.deed], outcome)
    else:
        _question(actor, chosen)


def _question(actor: Actor, chosen: Chosen) -> None:
    deed, people = DEEDS[chosen.deed], [_name(one) for one in chosen.picked]
    with st.container(key="question"):
        st.text(deed.question.format(whom=named(people)))
    if len(people) > 3:
        with st.expander("Voir tous les noms"):
            st.text("\n".join(people))
    if chosen.deed == "role":
        _roles(actor)
    st.caption(deed.warning)
    feedback.tell(_FORM)
    with st.container(horizontal=True):
        st.button("Annuler", key="groupe_non", on_click=close)
        st.button(deed.label, key="groupe_oui", type="primary", icon=deed.icon, on_click=_carry_out, args=(chosen,))


def _roles(actor: Actor) -> None:
    roles = [role for role in Role if actor.may_grant(role)]
    captions = [MAY[role].capitalize() for role in roles]
    st.radio("Nouveau rôle", roles, index=None, format_func=ROLES.__getitem__, captions=captions, key=_ROLE)


def _carry_out(chosen: Chosen) -> None:
    """Do it once: a second click finds it done, or another question."""
    if st.session_state.get(_CHOSEN) != chosen or feedback.done(_FORM):
        return
    facts: dict[str, Any] = {"picked": chosen.picked}
    if chosen.deed == "role":
        if st.session_state.get(_ROLE) is None:
            feedback.say_later(_FORM, "Choisissez d'abord le nouveau rôle.")
            return
        facts["role"] = st.session_state[_ROLE]
    feedback.attempt(_FORM, lambda: DEEDS[chosen.deed].run(frame.office(), frame.actor(), **facts))


def _result(office: Office, deed: Deed, outcome: BulkOutcome) -> None:
    if count := len(outcome.done):
        said = deed.one if count == 1 else deed.many.format(n=number(count))
        st.success(said, icon=":material/check_circle:")
    if outcome.failed:
        unchanged((_name(one), why) for one, why in outcome.failed)
    if outcome.codes:
        new_codes.show(office, outcome.codes)
    st.button("Fermer", key="groupe_fermer", on_click=close)


def _name(one: Picked) -> str:
    return f"{one.prenom} {one.nom}"
