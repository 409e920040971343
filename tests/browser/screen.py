"""A person's gestures on a screen, by the words they see; nothing ever waits a fixed time."""

import re

from playwright.sync_api import Locator, Page, expect

from core.office import Office
from core.roles import Actor
from tests.conftest import PASSWORD, token_of


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
        self.field(label).fill(words)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def click(self, name: str) -> None:
        self.button(name).click()

    def sees(self, *words: str, timeout: float = 30_000) -> None:
        for word in words:
            expect(self.page.get_by_text(word).first).to_be_visible(timeout=timeout)

    def title(self, words: str, timeout: float = 30_000) -> None:
        expect(self.page.get_by_role("heading", name=words, exact=True)).to_be_visible(timeout=timeout)

    def sees_no(self, *words: str) -> None:
        for word in words:
            expect(self.page.get_by_text(word)).to_have_count(0)

    def address(self, pattern: str) -> None:
        expect(self.page).to_have_url(re.compile(pattern))

    def go(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.title("Connexion")
        self.type("Email", email)
        self.type("Mot de passe", password)
        self.click("Se connecter")

    def enter(self, office: Office, actor: Actor, address: str) -> "Screen":
        """Open `address` in a session that `actor` has just begun: signing in is not what every journey is about."""
        session = {"name": office.settings.session_cookie, "value": token_of(office, actor)}
        self.page.context.add_cookies([session | {"url": office.settings.public_url}])
        return self.open(address)

    def sign_out(self) -> None:
        self.click("Se déconnecter")
        self.title("Connexion")

    def activate(self, email: str, password: str = PASSWORD) -> None:
        self.type("Email", email)
        self.type("Mot de passe", password)
        self.type("Confirmer le mot de passe", password)
        self.click("Activer mon accès")
        self.sees("Votre accès est activé.")
