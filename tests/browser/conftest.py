"""Journeys in Chromium against the real server; a console error anywhere fails the journey."""

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect, sync_playwright

from core import invites
from core.office import Office
from core.roles import Actor, Role
from db.embedded import DATABASE
from tests.browser.screen import Screen
from tests.conftest import PASSWORD, Database, enrol
from tests.machine import CHROMIUM, found
from tests.serving import Server

# Chromium's own background requests would be refused by a closed network, many at a time.
QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
# A page of a journey ends before code made faster for it has paid, or its memory is worth tidying often.
SHORT = ["--js-flags=--no-opt --invocation-count-for-maglev=4000 --min-semi-space-size=64"]
# What a tab is given unless a test asks for another: set on the tab, so that all of them are of one kind.
WINDOW = {"width": 1280, "height": 720}

# A busy machine draws a screen in more than the five seconds that Playwright allows.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = [*QUIET, *SHORT, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=found(CHROMIUM), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Server]:
    """Each start costs some five seconds of the processor: one server is enough for most journeys of a worker."""
    yield from _started()


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that only this file's journeys have seen, for those that begin with the first start."""
    yield from _started()


def _started() -> Iterator[Server]:
    started = Server().start()
    yield started
    started.remove()


@pytest.fixture(scope="module")
def server(shared_server: Server) -> Server:
    """The shared one, with the database and the mailbox as they were at its first start."""
    Database(shared_server.database, DATABASE).empty()
    office = shared_server.office()
    invites.first_administrator(office)
    office.engine.dispose()
    shutil.rmtree(shared_server.var / "courriels", ignore_errors=True)
    return shared_server


@pytest.fixture(scope="module")
def office(server: Server) -> Iterator[Office]:
    """The house behind the server."""
    opened = server.office()
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def marie(office: Office) -> Actor:
    """An administratrice who has activated her access already."""
    return enrol(office, "Marie", "Dupont", Role.ADMINISTRATEUR)


class Console:
    """The errors that pages wrote in the console, and what may stand there."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.allowed: list[str] = []

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", self._hear_error)

    def leave(self, context: BrowserContext) -> None:
        context.remove_listener("console", self._hear)
        context.remove_listener("weberror", self._hear_error)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _hear_error(self, error: WebError) -> None:
        self.errors.append(str(error.error))

    def unexpected(self) -> list[str]:
        return [error for error in self.errors if not any(re.search(word, error) for word in self.allowed)]


@pytest.fixture
def console() -> Iterator[Console]:
    """Every page of the test is heard; at the end nothing but what the test allows may have been said."""
    heard = Console()
    yield heard
    assert heard.unexpected() == []


def french(chromium: Browser, server: Server) -> BrowserContext:
    """A browser of a French computer, whose owner wants no animation: each of its pictures costs the processor."""
    place = {"locale": "fr-FR", "timezone_id": "Europe/Paris"}
    context = chromium.new_context(base_url=server.url, viewport=WINDOW, reduced_motion="reduce", **place)
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def new_browser(chromium: Browser, server: Server, console: Console) -> Iterator[Callable[..., BrowserContext]]:
    """A browser that has never seen the server."""
    opened = []

    def open_one() -> BrowserContext:
        context = french(chromium, server)
        console.listen(context)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def idle() -> Iterator[dict[str, list[Page]]]:
    """Tabs that have served: in them a screen is there in half the time that a new one takes."""
    pages: dict[str, list[Page]] = defaultdict(list)
    yield pages
    for page in chain.from_iterable(pages.values()):
        page.context.close()


@pytest.fixture
def new_screen(
    chromium: Browser, server: Server, console: Console, idle: dict[str, list[Page]]
) -> Iterator[Callable[..., Screen]]:
    """Another person's first tab, in a browser with cookies of its own."""
    free, used = idle[server.url], []

    def open_one(viewport: dict[str, int] = WINDOW, color_scheme: str = "null") -> Screen:
        page = free.pop() if free else french(chromium, server).new_page()
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        console.listen(page.context)
        used.append(page)
        return Screen(page)

    yield open_one
    for page in used:
        console.leave(page.context)
        forget(page)
        free.append(page)


def forget(page: Page) -> None:
    """Leave nothing in the browser of `page` of who used it, and `page` alone."""
    for other in page.context.pages:
        if other != page:
            other.close()
    page.unroute_all()
    page.goto("/_stcore/health")  # not about:blank, for which Chromium takes another process
    page.evaluate("localStorage.clear(); sessionStorage.clear();")
    page.emulate_media(media="screen")
    page.mouse.move(0, 0)
    page.context.clear_cookies()


@pytest.fixture
def screen(new_screen: Callable[..., Screen]) -> Screen:
    """A person's first tab."""
    return new_screen()


@pytest.fixture
def personnes(screen: Screen, office: Office, marie: Actor) -> Screen:
    """Marie's tab, on Personnes."""
    screen.enter(office, marie, "/personnes").title("Personnes")
    return screen


@pytest.fixture
def password() -> str:
    return PASSWORD
