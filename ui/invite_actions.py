"""What can be done about invitations, for one person or a selection: asked first, by name; then what came of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from core import invitations, invite_mails
from core.code_batches import Batch
from core.figures import INVITE_LIFE_DAYS
from core.office import Office
from ui import feedback, frame, new_codes
from ui.people import named, unchanged

_ASKED: Final = feedback.OF_THIS_PAGE + "invitation_asked"
_DONE: Final = "invitation_done"
_CHANGED: Final = feedback.OF_THIS_PAGE + "invitation_changed"


@dataclass(frozen=True)
class Action:
    """A button, the question before it is done, and how what was done is said: {n} of them."""

    label: str
    icon: str
    question: str
    warning: str
    one: str
    many: str
    run: Callable[..., Batch]


ACTIONS: Final = {
    "issue": Action(
        "Créer un nouveau code",
        ":material/key:",
        "Créer un nouveau code pour {whom} ?",
        "Le code d'avant ne servira plus. Le nouveau s'affichera une seule fois, à copier, imprimer ou envoyer.",
        "Le nouveau code est créé.",
        "{n} nouveaux codes sont créés.",
        invitations.issue,
    ),
    "mail": Action(
        "Envoyer un nouveau code",
        ":material/forward_to_inbox:",
        "Envoyer un nouveau code à {whom} ?",
        "Il part par courriel, à l'adresse de la fiche. Le code d'avant ne servira plus.",
        "Le nouveau code est en route.",
        "{n} nouveaux codes sont en route.",
        invite_mails.send_new_to_many,
    ),
    "extend": Action(
        f"Prolonger de {INVITE_LIFE_DAYS} jours",
        ":material/more_time:",
        f"Prolonger de {INVITE_LIFE_DAYS} jours le code donné à {{whom}} ?",
        "Le code reste le même. Un code dure au plus 30 jours.",
        "Le code est prolongé.",
        "{n} codes sont prolongés.",
        invitations.extend_many,
    ),
    "revoke": Action(
        "Annuler le code",
        ":material/key_off:",
        "Annuler le code donné à {whom} ?",
        "Il ne servira plus. Vous pourrez en créer un nouveau plus tard.",
        "Le code est annulé.",
        "{n} codes sont annulés.",
        invitations.revoke,
    ),
}


@dataclass(frozen=True)
class Asked:
    """An action that waits for its « yes », for whom, on which codes: fixed by the click, whatever is shown since."""

    place: str
    action: str
    people: dict[UUID, str]
    codes: frozenset[UUID]


@dataclass(frozen=True)
class Came:
    """What came of it."""

    asked: Asked
    batch: Batch


def ask(place: str, action: str, people: dict[UUID, str], codes: Collection[UUID]) -> None:
    """Ask, in a callback, whether to do `action` for `people` (keys and names) whose `codes` are shown."""
    forget()
    st.session_state[_ASKED] = Asked(place, action, people, frozenset(codes))


def asked(place: str) -> Asked | None:
    """What waits for its « yes » there."""
    waiting = st.session_state.get(_ASKED)
    return waiting if waiting and waiting.place == place else None


def drop() -> None:
    """Nothing is done after all."""
    st.session_state.pop(_ASKED, None)


def forget() -> None:
    """Forget what was asked and what came of it: codes that were shown are gone."""
    feedback.forget(_DONE)
    new_codes.forget()
    drop()


def question(waiting: Asked) -> None:
    """The question with its names, the safe answer first."""
    action = ACTIONS[waiting.action]
    with st.container(key="question"):
        st.text(action.question.format(whom=named(list(waiting.people.values()))))
    st.caption(action.warning)
    with st.container(horizontal=True):
        st.button("Ne rien changer", key=f"{waiting.place}_no", on_click=drop)
        st.button(
            action.label,
            key=f"{waiting.place}_yes",
            type="primary",
            icon=action.icon,
            on_click=confirm,
            args=(waiting,),
        )


def confirm(waiting: Asked) -> None:
    """Do it, once: a second click finds nothing that waits."""
    if st.session_state.pop(_ASKED, None) is not None:
        feedback.attempt(_DONE, lambda: _done(waiting))
        st.session_state[_CHANGED] = st.session_state.get(_CHANGED, 0) + 1


def _done(waiting: Asked) -> Came:
    run = ACTIONS[waiting.action].run
    return Came(waiting, run(frame.office(), frame.actor(), ids=list(waiting.people), shown=waiting.codes))


def changes() -> int:
    """How many actions were done on this page: what was selected before is not any more."""
    return int(st.session_state.get(_CHANGED, 0))


def show(office: Office, place: str) -> None:
    """What came of the last action asked there: the new codes, for the only time, and who got nothing and why."""
    feedback.tell(_DONE)
    came: Came | None = feedback.done(_DONE)
    if came is None or came.asked.place != place:
        return
    action, count = ACTIONS[came.asked.action], len(came.batch.done)
    if count:
        said = action.one if count == 1 else action.many.format(n=count)
        st.success(said, icon=":material/check_circle:")
    if came.batch.failed:
        unchanged((f"{one.prenom} {one.nom}".strip() or "Fiche introuvable", one.why) for one in came.batch.failed)
    if count and came.asked.action == "issue":
        new_codes.show(office, came.batch.done)
