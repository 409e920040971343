"""The database of a bench: an embedded PostgreSQL of its own, its people, and a team whose members are signed in."""

import os
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text

from bench import people
from core import hashing, opening, sessions
from core.office import Office
from core.roles import Role, Visitor
from core.settings import Settings
from db import embedded, migrations
from db.engine import open_engine

PASSWORD: Final = "Quatre chevaux bleus galopent"  # noqa: S105 (of a database thrown away at the end)
VISITOR: Final = Visitor(ip="127.0.0.1", user_agent="bench")


@dataclass(frozen=True)
class World:
    """The database, and the house behind the screens."""

    database: embedded.EmbeddedPostgres
    office: Office
    password_hash: str

    @property
    def key(self) -> str:
        """The key of the server, as its environment has it."""
        return b64encode(self.office.settings.key).decode()

    def fill(self, count: int) -> int:
        """Add made-up people until there are `count`; how many of them the list shows."""
        present = self.office.ask(text("SELECT count(*) AS n FROM asso.personnes WHERE email LIKE '%@exemple.fr'"))[0].n
        assert not present, "one database, one crowd"  # noqa: S101 (the generator numbers them from one)
        people.make(self.database.url("postgres"), count, self.office.now())
        return int(self.office.ask(text("SELECT count(*) AS n FROM asso.personnes WHERE NOT archivee"))[0].n)

    def hire(self, number: int) -> str:
        """The email of administrateur `number`, made when needed."""
        values = {"p": self.office.uuid(), "u": self.office.uuid(), "now": self.office.now()}
        values |= {"email": f"equipe{number}@bench.test", "nom": f"Équipe {number}", "role": Role.ADMINISTRATEUR.value}
        known = self.office.ask(text("SELECT 1 FROM asso.users WHERE email = :email"), email=values["email"])
        if not known:
            self.office.ask(_FICHE, **values)
            self.office.ask(_ACCOUNT, **values, hash=self.password_hash)
        return str(values["email"])

    def cookie(self, number: int) -> str:
        """The cookie of a new session of administrateur `number`."""
        account = self.office.ask(text("SELECT id FROM asso.users WHERE email = :email"), email=self.hire(number))[0]
        with self.office.begin() as db:
            ticket = sessions.issue_ticket(db, self.office, account.id)
        token = sessions.open(self.office, VISITOR, ticket=ticket).token
        return f"{self.office.settings.session_cookie}={token}"


_FICHE: Final = text(
    'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
    "VALUES (:p, :nom, 'Marie', :role, :now, :now)"
)
_ACCOUNT: Final = text(
    "INSERT INTO asso.users (id, personne_id, email, password_hash, created_at, password_changed_at) "
    "VALUES (:u, :p, :email, :hash, :now, :now)"
)


@contextmanager
def opened() -> Iterator[World]:
    """An empty world in a temporary folder; everything of it is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="asso-bench-", dir="/tmp"))  # a socket needs a short path
    folder.chmod(0o711)  # PostgreSQL, which runs under another account for root, must reach its data
    try:
        database = embedded.start(folder, say=lambda _: None)
        try:
            migrations.upgrade(database.url("asso_migrator"))
            settings = Settings(key=os.urandom(32), var=folder, database_url=database.url("asso_app"))
            engine = open_engine(database.url("asso_app"), pool_size=2)
            office = opening.office_on(engine, settings)
            yield World(database, office, hashing.hash_password(office, PASSWORD))
            engine.dispose()
        finally:
            database.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
