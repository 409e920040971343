"""Mail for tests: a letter, a carrier that remembers, and real servers of both kinds on loopback."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from core import outbox
from core.carriers import Outgoing
from core.letter import Kind, Letter
from core.office import Office
from tests.mail.api import Api
from tests.mail.smtp import Smtp


def a_letter(to: str = "jean@exemple.fr", *, kind: Kind = Kind.FACTOR_ON, days: float = 2) -> Letter:
    return Letter(kind, to, "Objet secret", "Texte secret", "<p>HTML secret</p>", timedelta(days=days))


@pytest.fixture
def post(office: Office) -> Callable[..., None]:
    """Post a letter in a transaction of its own."""

    def posted(to: str = "jean@exemple.fr", *, personne_id: UUID | None = None, **about: object) -> None:
        with office.begin() as db:
            outbox.post(db, office, a_letter(to, **about), personne_id=personne_id)

    return posted


class Postman:
    """A carrier that keeps what it is given, and fails as told: `failures` are raised one after the other."""

    def __init__(self) -> None:
        self.carried: list[Outgoing] = []
        self.failures: list[Exception] = []
        self.lock = threading.Lock()

    def carry(self, mail: Outgoing) -> str | None:
        with self.lock:
            if self.failures:
                raise self.failures.pop(0)
            self.carried.append(mail)
            return None


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def state(database):
    """The dates of the only mail that are set, and its reason."""

    def read() -> tuple[set[str], str | None]:
        columns = ("claimed", "accepted", "delivered", "deferred", "unsure", "failed", "complained")
        row = database.run(f"SELECT reason, {', '.join(f'{name}_at' for name in columns)} FROM asso.mails")[0]
        return {name for name, at in zip(columns, row[1:], strict=True) if at}, row[0]

    return read


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as started:
        yield started


@pytest.fixture
def smtp(monkeypatch, tmp_path) -> Iterator[Smtp]:
    """A real SMTP server whose certificate this process trusts."""
    with Smtp(tmp_path) as started:
        monkeypatch.setenv("SSL_CERT_FILE", str(started.authority))
        yield started
