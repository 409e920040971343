"""The frame of every screen: one check of the session per run, who may enter, what is said at the top."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

import streamlit as st

from core import opening, roles, sessions
from core.errors import NotAllowed, NotSignedIn, SessionEnded, Unavailable
from core.office import Office
from core.roles import Actor, Permission, Visitor
from ui import browser, feedback, look, menu, session_cookie, sidebar
from ui.messages import DONE, in_french

NOT_PROTECTED: Final = "Cette page n'est pas protégée ici. Lancez l'application avec : python3 manage.py run"
_ALONE: Final = "alone"


@dataclass(frozen=True)
class Session:
    """Who the cookie belongs to; `ended` when it did belong to somebody."""

    actor: Actor | None = None
    ended: SessionEnded | None = None


@dataclass(frozen=True)
class Visit:
    """A session checked in this run, and the page that goes with it at this address."""

    session: Session
    page: st.Page


# From Home.py to the page of the same run, which takes it: the session is read from the database once.
_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


def office() -> Office:
    """The office of this process; stops the run where nothing protects it (streamlit run Home.py)."""
    opened = opening.current()
    if opened is None or not browser.came_through_edge():
        st.error(NOT_PROTECTED)
        st.stop()
    return opened


def check(opened: Office, *, touch: bool = True) -> Session:
    """Read the session from the database: never from st.session_state (E). Raises Unavailable."""
    token = browser.token(opened)
    if token is None:
        return Session()
    try:
        return Session(sessions.resume(opened, browser.visitor(), token=token, touch=touch))
    except NotSignedIn:
        return Session()
    except SessionEnded as ended:
        return Session(ended=ended)


def actor(*, touch: bool = True) -> Actor:
    """Who is signed in now, for callbacks and fragments; nobody any more: Connexion takes the place of the page.

    Raises Unavailable.
    """
    found = check(office(), touch=touch).actor
    if found is None:
        st.rerun()
    return found


def each_run(entered: Actor, *, touch: bool = True) -> Callable[[], Actor]:
    """`entered` once, then a fresh check at each call: for a fragment, which later runs without Home.py."""
    first = [entered]
    return lambda: first.pop() if first else actor(touch=touch)


def admit(opened: Office) -> Visit:
    """Check the session and draw the frame that goes with it: title, logo, menu, sidebar."""
    try:
        session = check(opened)
    except Unavailable as refusal:
        menu.navigation(None, shown=False)
        _be_patient(refusal)
    page = menu.navigation(session.actor)
    st.set_page_config(page_title=f"{page.title} · {opened.settings.association}")
    look.dress()
    feedback.arrive(page.url_path)
    sidebar.association(opened)
    if session.actor:
        sidebar.person(opened, session.actor, each_run(session.actor, touch=False))
    return Visit(session, page)


def draw(opened: Office) -> None:
    """All that Home.py does: the frame, and in it the page of this address."""
    st.session_state.pop(_ALONE, None)
    run(admit(opened))


def run(visit: Visit) -> None:
    """Run the page of `visit`; a database that stops answering meanwhile is said in French."""
    _visit.set(visit)
    try:
        visit.page.run()
    except Unavailable as refusal:
        _be_patient(refusal)


def enter(permission: Permission) -> tuple[Office, Actor]:
    """First line of a protected page: the office and the actor, who holds `permission`.

    Whoever is not signed in gets Connexion at the same address.
    """
    opened = office()
    visit = _taken() or _alone(opened)
    if visit.session.actor is None:
        run(visit)
        st.stop()
    if visit.session.actor.duties and visit.page.url_path != menu.COMPTE.name:
        st.switch_page(menu.COMPTE.page)
    _notices()
    if not visit.session.actor.may(permission):
        _turn_away(opened, visit.session.actor, permission)
    return opened, visit.session.actor


def visitors_only() -> tuple[Office, Visitor]:
    """First line of a page for people who are not signed in: the office and the visitor; others go to Accueil."""
    opened = office()
    session = (_taken() or _alone(opened)).session
    if session.actor:
        st.switch_page(menu.ACCUEIL.page)
    _notices()
    if session.ended:
        st.warning(in_french(session.ended), icon=":material/lock_clock:")
    return opened, browser.visitor()


def anybody() -> tuple[Office, Visitor]:
    """First line of a page that a mailed link opens, signed in or not: the office and the visitor."""
    opened = office()
    _ = _taken() or _alone(opened)
    _notices()
    return opened, browser.visitor()


def _taken() -> Visit | None:
    visit = _visit.get()
    _visit.set(None)
    return visit


def _alone(opened: Office) -> Visit:
    """What Home.py does, for a file that Streamlit runs without it.

    It does so on a fresh server, because the folder is called pages/, until st.navigation is called: then the run
    starts again, with Home.py.
    """
    if _ALONE not in st.session_state:
        st.session_state[_ALONE] = True
        menu.navigation(None, shown=False)
        st.rerun()
    return admit(opened)


def _turn_away(opened: Office, actor: Actor, permission: Permission) -> NoReturn:
    try:
        roles.refuse(opened, actor, permission, "page")
    except NotAllowed as refusal:
        st.error(in_french(refusal), icon=":material/block:")
    st.stop()


@contextmanager
def patiently() -> Iterator[None]:
    """For a part of a screen: when the database does not answer, say so in its place and offer to try again."""
    try:
        yield
    except Unavailable as refusal:
        _offer_again(refusal, "secondary")


def _offer_again(refusal: Unavailable, kind: Literal["primary", "secondary"]) -> None:
    st.error(in_french(refusal), icon=":material/cloud_off:")
    st.button("Réessayer", icon=":material/refresh:", type=kind)


def _be_patient(refusal: Unavailable) -> NoReturn:
    _offer_again(refusal, "primary")
    st.stop()


def _notices() -> None:
    """What was done just before this page was loaded (?fait=), and why the cookie was not set."""
    said = DONE.get(st.query_params.get("fait", ""))
    if said:
        del st.query_params["fait"]
        feedback.say_above(said)
    feedback.tell_above()
    feedback.tell(session_cookie.FAILURE)
