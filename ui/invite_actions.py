"""What can be done about invitations, for one person or a selection: asked first, by name; then what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from core import code_sheets, invitations, invite_mails
from core.figures import INVITE_LIFE_DAYS
from core.invitations import Batch, Issued
from core.invites import IssuedCode
from core.office import Office
from ui import code_card, feedback, frame, invite_mail
from ui.people import named, unchanged
from ui.plain import moment

_ASKED: Final = feedback.OF_THIS_PAGE + "invitation_asked"
_DONE: Final = "invitation_done"
_SHEET: Final = "invitation_sheet"
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
    """An action that waits for its « yes », and for whom: fixed by the click, whatever the list shows since."""

    place: str
    action: str
    people: dict[UUID, str]


@dataclass(frozen=True)
class Came:
    """What came of it."""

    asked: Asked
    batch: Batch


def ask(place: str, action: str, people: dict[UUID, str]) -> None:
    """Ask, in a callback, whether to do `action` for `people` (keys and names)."""
    forget()
    st.session_state[_ASKED] = Asked(place, action, people)


def asked(place: str) -> Asked | None:
    """What waits for its « yes » there."""
    waiting = st.session_state.get(_ASKED)
    return waiting if waiting and waiting.place == place else None


def drop() -> None:
    """Nothing is done after all."""
    st.session_state.pop(_ASKED, None)


def forget() -> None:
    """Forget what was asked and what came of it: codes that were shown are gone."""
    for form in (_DONE, _SHEET):
        feedback.forget(form)
    invite_mail.forget()
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
    return Came(waiting, run(frame.office(), frame.actor(), ids=list(waiting.people)))


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
        codes(office, came.batch.done)


def codes(office: Office, issued: tuple[Issued, ...]) -> None:
    if len(issued) == 1:
        one = issued[0]
        with st.container(key="issued_name"):
            st.text(f"{one.prenom} {one.nom}")
        code_card.show(office, IssuedCode(one.code, one.expires_at, one.prenom, one.nom))
        invite_mail.offer(office, one.id, one.code)
        return
    st.text(f"Valables jusqu'au {moment(issued[0].expires_at)}. Ils ne sont affichés qu'une fois.")
    columns = {"Nom": [one.nom for one in issued], "Prénom": [one.prenom for one in issued]}
    st.dataframe(
        columns | {"Code d'invitation": [one.code for one in issued]},
        hide_index=True,
        height="content",
        row_height=44,
        alt="Nouveaux codes d'invitation",
    )
    _sheets(issued)


def _sheets(issued: tuple[Issued, ...]) -> None:
    """The codes on paper; a sheet opens once, and can be prepared again while the codes are on the screen."""
    with st.container(horizontal=True):
        st.button("Préparer une page par personne", icon=":material/print:", on_click=_prepare, args=(issued, True))
        st.button("Préparer une liste", icon=":material/print:", on_click=_prepare, args=(issued, False))
    feedback.tell(_SHEET)
    if address := feedback.done(_SHEET):
        st.link_button("Ouvrir la feuille à imprimer", address, type="primary", icon=":material/open_in_new:")
        st.caption("La feuille s'ouvre une seule fois, dans les cinq minutes.")


def _prepare(issued: tuple[Issued, ...], apart: bool) -> None:
    feedback.forget(_SHEET)
    feedback.attempt(_SHEET, lambda: code_sheets.prepare(frame.office(), frame.actor(), issued=issued, apart=apart))
