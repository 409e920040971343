"""The list of « Courriels »: a card for each mail, never its words, and the way to send one again."""

from uuid import UUID

import streamlit as st

from core import carrying, mails
from core.mails import MailRow, MailState
from core.office import Office
from core.roles import Actor
from ui import feedback, frame, paging
from ui.mail_words import KINDS, REASONS, STATES
from ui.plain import moment, number

_AGAIN = "envoyer_a_nouveau"
_CHOSEN = feedback.OF_THIS_PAGE + "courriel"
_PAGE = feedback.OF_THIS_PAGE + "page_courriels"
_EMAIL = "courriel_email"
_ALL = "Tous les états"
_ICON = ":material/forward_to_inbox:"


def introduce(office: Office) -> None:
    """Where mails go, when it is not to people."""
    st.caption("Ce que sont devenus les courriels de l'application. Leur contenu n'est jamais affiché.")
    if office.settings.mail is None:
        st.warning(
            "Aucun fournisseur de courriels n'est configuré : les courriels attendent. "
            "La personne qui gère l'application doit ajouter [mail] dans les réglages.",
            icon=":material/unsubscribe:",
        )
    elif carrying.keeps_mails(office.settings):
        st.info(
            "Sans fournisseur, les courriels arrivent dans la boîte de cette machine : "
            "[ouvrir la boîte](/_courriels) (depuis cette machine seulement).",
            icon=":material/inbox:",
        )


def state() -> MailState | None:
    """The state that is looked for; None for all."""
    wanted = st.selectbox(
        "État",
        [_ALL, *MailState],
        format_func=lambda wanted: wanted if wanted == _ALL else STATES[wanted][0],
        key="etat",
        on_change=_back_to_the_first_page,
    )
    return None if wanted == _ALL else MailState(wanted)


def _back_to_the_first_page() -> None:
    st.session_state[_PAGE] = 1


def show(office: Office, actor: Actor, wanted: MailState | None) -> None:
    """The page of the list that is asked for, or what an empty one means."""
    asked = st.session_state.get(_PAGE, 1)
    found = mails.page(office, actor, page=asked, state=wanted)
    pages = paging.pages(found.total)
    if not found.rows and found.total:
        st.session_state[_PAGE] = pages
        found = mails.page(office, actor, page=pages, state=wanted)
    if not found.rows:
        st.info("Aucun courriel dans cet état." if wanted else "Aucun courriel pour le moment.", icon=":material/mail:")
        return
    st.caption("1 courriel" if found.total == 1 else f"{number(found.total)} courriels, du plus récent au plus ancien")
    for row in found.rows:
        _card(row)
    if pages > 1:
        st.pagination(pages, key=_PAGE, width="stretch")


def _card(row: MailRow) -> None:
    word, colour, icon = STATES[row.state]
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.text(KINDS[row.kind])
            st.badge(word, color=colour, icon=icon)  # type: ignore[arg-type] # one of its colours
        st.text(row.personne or "Personne inconnue ou supprimée")
        st.caption(_times(row))
        if row.reason:
            st.caption(REASONS[row.reason])
        if row.can_be_sent_again:
            st.button("Envoyer à nouveau", key=f"{_AGAIN}_{row.id}", icon=_ICON, on_click=_open, args=(row.id,))


def _times(row: MailRow) -> str:
    said = f"Demandé le {moment(row.created_at)}"
    if moment(row.at) != moment(row.created_at):
        said += f", dernière nouvelle le {moment(row.at)}"
    return f"{said}, prochain essai le {moment(row.next_try_at)}" if row.next_try_at else said


def _open(mail: UUID) -> None:
    feedback.forget(_AGAIN)
    st.session_state[_EMAIL] = ""
    st.session_state[_CHOSEN] = mail


def _close() -> None:
    st.session_state.pop(_CHOSEN, None)


def again() -> None:
    """The dialog for the mail whose button was clicked; then what came of it."""
    if _CHOSEN in st.session_state:
        _dialog(st.session_state[_CHOSEN])
    elif feedback.done(_AGAIN):
        st.success("L'invitation est en route, avec un nouveau code.", icon=":material/check_circle:")


@st.dialog("Envoyer à nouveau", on_dismiss=_close)
def _dialog(mail: UUID) -> None:
    if _CHOSEN not in st.session_state:
        st.rerun()  # sent: the page behind says so
    with st.form(_AGAIN, border=False):
        st.write("Un nouveau code est créé et envoyé ; l'ancien ne sert plus. L'adresse n'est pas gardée ici.")
        st.text_input("Email", type="email", key=_EMAIL, validate="", icon="", placeholder="prenom.nom@asso.org")
        feedback.tell(_AGAIN)
        st.form_submit_button("Envoyer à nouveau", type="primary", on_click=_send, args=(mail,), width="stretch")


def _send(mail: UUID) -> None:
    if st.session_state.get(_CHOSEN) != mail:
        return  # a second click
    typed = st.session_state[_EMAIL]
    if feedback.attempt(_AGAIN, lambda: _sent(mail, typed)):
        _close()


def _sent(mail: UUID, typed: str) -> bool:
    mails.send_again(frame.office(), frame.actor(), id=mail, email=typed)
    return True
