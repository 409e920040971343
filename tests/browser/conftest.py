"""Journeys in Chromium against the real server; a console error anywhere fails the journey."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect, sync_playwright

from core.office import Office
from core.roles import Actor, Role
from tests.browser.screen import Screen
from tests.conftest import PASSWORD, enrol
from tests.machine import CHROMIUM, found
from tests.serving import Server

# Chromium's own background requests would be refused by a closed network, many at a time.
QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


# A busy machine draws a screen in more than the five seconds that Playwright allows.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
        browser = playwright.chromium.launch(executable_path=found(CHROMIUM), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = Server().start()
    yield started
    started.remove()


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

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def unexpected(self) -> list[str]:
        return [error for error in self.errors if not any(re.search(word, error) for word in self.allowed)]


@pytest.fixture
def console() -> Iterator[Console]:
    """Every page of the test is heard; at the end nothing but what the test allows may have been said."""
    heard = Console()
    yield heard
    assert heard.unexpected() == []


@pytest.fixture
def new_browser(chromium: Browser, server: Server, console: Console) -> Iterator[Callable[..., BrowserContext]]:
    """Another browser, with cookies of its own, on a French computer."""
    opened = []

    def open_one(**options: object) -> BrowserContext:
        context = chromium.new_context(base_url=server.url, locale="fr-FR", timezone_id="Europe/Paris", **options)
        context.set_default_timeout(20_000)
        context.on("console", console.hear)
        context.on("weberror", lambda error: console.errors.append(str(error.error)))
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def screen(new_browser: Callable[..., BrowserContext]) -> Screen:
    """A person's first tab."""
    return Screen(new_browser().new_page())


@pytest.fixture
def password() -> str:
    return PASSWORD
