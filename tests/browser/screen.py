"""A person's gestures on a screen, by the words they see; nothing ever waits a fixed time."""

import re
import time
from contextlib import suppress

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from core.office import Office
from core.roles import Actor
from tests.conftest import PASSWORD, token_of

# Of a table, in pixels.
HEADER, ROW, MARKER = 38, 44, 33


def appears(locator: Locator, timeout: float = 30_000) -> Locator:
    """Wait until what is found is visible, milliseconds at most.

    Waiting for less than two seconds at a time, Playwright looks ten times a second instead of twice; its expectations
    also describe the whole screen, twenty milliseconds of processor, each time they do not find what they look for.
    """
    until = time.monotonic() + timeout / 1000
    while time.monotonic() < until:
        with suppress(TooLate):
            locator.wait_for(timeout=2_000)
            return locator
    expect(locator).to_be_visible(timeout=1)  # it says what was there instead
    return locator


class Screen:
    """One tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> "Screen":
        self.page.goto(address)
        return self

    def tab(self) -> "Screen":
        """A second tab of the same browser."""
        return Screen(self.page.context.new_page())

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def type(self, label: str, words: str) -> None:
        appears(self.field(label)).fill(words)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def click(self, name: str) -> None:
        appears(self.button(name)).click()

    def table(self) -> Locator:
        return self.page.get_by_test_id("stDataFrame").first

    def cell(self, row: int, column: int) -> Locator:
        """What stands in the table, as it is told to those who cannot see it; the first row is 0."""
        return self.page.get_by_test_id(f"glide-cell-{column}-{row}")

    def sees_heads(self, *names: str) -> None:
        """Whether these are the columns of the table, and no other."""
        expect(self.table().locator("canvas [role=columnheader]")).to_have_text(list(names))

    def tick(self, row: int, name: str) -> None:
        """Tick the row of `name`, once it stands there: a table is a canvas, and the one before had other rows."""
        cells = self.page.get_by_test_id(re.compile(rf"^glide-cell-\d+-{row}$"))
        expect(cells.filter(has_text=name).first).to_be_attached()
        self.table().click(position={"x": MARKER / 2, "y": HEADER + ROW * (row + 0.5)})

    def press(self, button: Locator) -> None:
        """Click a button of our own, which is there a little before what it does."""
        wait = "it => new Promise(done => { const look = () => it.onclick ? done() : setTimeout(look, 20); look(); })"
        button.evaluate(wait)
        button.click()

    def settle(self) -> None:
        """Wait until the screen is drawn to its end."""
        appears(self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]"))

    def sees(self, *words: str, timeout: float = 30_000) -> None:
        for word in words:
            appears(self.page.get_by_text(word).first, timeout)

    def title(self, words: str, timeout: float = 30_000) -> None:
        appears(self.page.get_by_role("heading", name=words, exact=True), timeout)

    def sees_no(self, *words: str) -> None:
        for word in words:
            expect(self.page.get_by_text(word)).to_have_count(0)

    def address(self, pattern: str) -> None:
        expect(self.page).to_have_url(re.compile(pattern))

    def go(self, link: str) -> None:
        appears(self.page.get_by_role("link", name=link).first).click()

    def turn_to(self, name: str) -> None:
        """Go to a screen by its entry in the menu, folded or not: half of what a load costs; at first there is none."""
        entry = self.page.locator(f"[data-testid=stSidebarNavLink][href$='/{name}']")
        entry.dispatch_event("click") if entry.count() else self.open(f"/{name}")

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.title("Connexion")
        self.type("Email", email)
        self.type("Mot de passe", password)
        self.click("Se connecter")

    def enter(self, office: Office, actor: Actor, address: str) -> "Screen":
        """Open `address` in a session that `actor` has just begun: signing in is not what every journey is about."""
        return self.become(office, actor).open(address)

    def become(self, office: Office, actor: Actor) -> "Screen":
        """What is opened next is in a session that `actor` has just begun."""
        session = {"name": office.settings.session_cookie, "value": token_of(office, actor)}
        self.page.context.add_cookies([session | {"url": office.settings.public_url}])
        return self

    def sign_out(self) -> None:
        self.click("Se déconnecter")
        self.title("Connexion")

    def activate(self, email: str, password: str = PASSWORD) -> None:
        self.type("Email", email)
        self.type("Mot de passe", password)
        self.type("Confirmer le mot de passe", password)
        self.click("Activer mon accès")
        self.sees("Votre accès est activé.")
