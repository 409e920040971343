"""The house for tests: a real PostgreSQL, a clock moved by hand, and a named cast with real sessions."""

import fcntl
import gc
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import psycopg2
import pytest
import slipcover
from slipcover import pytest_plugin
from sqlalchemy import Engine, text

from core import hashing, invitations, opening, personnes, sealing, sessions
from core.code_batches import Batch
from core.invites import Issued
from core.office import Office
from core.roles import Actor, Role, Visitor
from core.settings import Settings
from db import embedded, migrations, roles
from db.engine import open_engine
from tests.machine import scratch

PASSWORD = "Quatre chevaux bleus galopent"
KEY = b"k" * 32
# Folders of many short files, begun when the others are under way: no worker ends alone with a long one.
LAST = ("core", "pages", "mail", "db", "tests")
VISITOR = Visitor(ip="203.0.113.7", user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")


def pytest_configure(config: pytest.Config) -> None:
    """One folder for the embedded database of the whole run; its workers inherit the variable."""
    os.environ.setdefault("ASSO_TEST_VAR", f"{scratch()}/asso-tests-{os.getpid()}")
    os.environ["ASSO_EMBEDDED_FAST"] = "1"
    # A hundred processes import the project, and each worker every test: they compile it once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if measuring := pytest_plugin._slipcover_instance:
        # Alembic loads migrations by their files' names: SlipCover 1.1 sees this in its first process, not in workers.
        slipcover.wrap_spec_from_file_location(measuring, pytest_plugin._file_matcher)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind, once the last worker has stopped the database."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["ASSO_TEST_VAR"], ignore_errors=True)
        shutil.rmtree(os.environ["ASSO_TEST_VAR"] + "-model", ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first; those of one folder keep their order."""
    items.sort(key=lambda item: LAST.index(folder) if (folder := item.path.parent.name) in LAST else -1)


def pytest_collection_finish() -> None:
    """Keep what was imported and collected from the collector, which would walk all of it again and again: a tenth of
    the time of the tests."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Database:
    """This worker's own database in the embedded PostgreSQL of the run."""

    server: embedded.EmbeddedPostgres
    name: str

    def url(self, role: str = "asso_app") -> str:
        return self.server.url(role, self.name)

    def connect(self, role: str = "asso_app") -> "psycopg2.extensions.connection":
        return psycopg2.connect(self.url(role).replace("+psycopg2", ""))

    def run(self, statement: str, *values: object, role: str = "postgres") -> list[tuple]:
        with closing(self.connect(role)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    @cached_property
    def _kept(self) -> "psycopg2.extensions.connection":
        return self.connect("postgres")

    def empty(self) -> None:
        """Make it as it was just after its migrations."""
        with self._kept, self._kept.cursor() as cursor:
            cursor.execute(EMPTY)


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.EmbeddedPostgres]:
    """The embedded PostgreSQL that all workers share."""
    started = embedded.start(Path(os.environ["ASSO_TEST_VAR"]), say=lambda line: None)
    yield started
    started.stop()


def new_database(server: embedded.EmbeddedPostgres, name: str, options: str = "", revision: str = "head") -> Database:
    """A migrated database called `name`; roles are the whole server's, so workers make them one after the other."""
    database = Database(server, name)
    with closing(psycopg2.connect(server.url("postgres", "postgres").replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name} {options}")
    with Path(os.environ["ASSO_TEST_VAR"], "roles.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        roles.create(database.url("postgres"))
    migrations.upgrade(database.url("asso_migrator"), revision)
    return database


@pytest.fixture(scope="session")
def database(server: embedded.EmbeddedPostgres) -> Database:
    return new_database(server, "test_" + os.environ.get("PYTEST_XDIST_WORKER", "one"))


@pytest.fixture(scope="session")
def engine(database: Database) -> Iterator[Engine]:
    opened = open_engine(database.url(), pool_size=5, wait=30)  # races have many more threads than connections
    yield opened
    opened.dispose()


class Clock:
    """A clock that only moves when a test says so."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


# Deeds are really committed (several of them are one statement on an autocommit connection, and races need real
# transactions), so each test begins by emptying the tables, which only the superuser can do to the audit log.
# Few rows are deleted twenty times quicker than their tables are truncated.
EMPTY = """
SET LOCAL session_replication_role = replica;
DO $$ DECLARE found regclass; BEGIN
  FOR found IN SELECT oid FROM pg_class WHERE relnamespace = 'asso'::regnamespace AND relkind = 'r'
    AND relname NOT IN ('alembic_version', 'audit_head')
  LOOP
    EXECUTE (CASE WHEN pg_relation_size(found) > 500000 THEN 'TRUNCATE ' || found || ' CASCADE'
      ELSE 'DELETE FROM ' || found END);
  END LOOP;
END $$;
UPDATE asso.audit_head SET seq = 0, digest = decode(repeat('00', 32), 'hex');
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(key=KEY, var=tmp_path, password_cost=4)


@pytest.fixture
def office(database: Database, engine: Engine, clock: Clock, settings: Settings) -> Office:
    database.empty()
    return replace(opening.office_on(engine, settings), now=clock.now)


_HASHED: dict[object, str] = {}


def hashed(office: Office) -> str:
    """PASSWORD as this office keeps it: the same for everybody of the cast, hashed once."""
    settings = office.settings
    way = (settings.key, settings.password_cost, settings.password_scheme)
    if way not in _HASHED:
        _HASHED[way] = hashing.hash_password(office, PASSWORD)
    return _HASHED[way]


def enrol(office: Office, prenom: str, nom: str, role: Role, visitor: Visitor = VISITOR) -> Actor:
    """Somebody with a fiche, an account (`prenom`@exemple.fr, PASSWORD) and an open session."""
    values = {"p": office.uuid(), "u": office.uuid(), "now": office.now(), "role": role.value}
    values |= {"nom": nom, "prenom": prenom, "hash": hashed(office)}
    with office.begin() as db:
        db.execute(_FICHE, values)
        db.execute(_ACCOUNT, values | {"email": f"{prenom.lower()}@exemple.fr"})
        ticket = sessions.issue_ticket(db, office, values["u"])
    return sessions.resume(office, visitor, token=sessions.open(office, visitor, ticket=ticket).token)


def token_of(office: Office, actor: Actor) -> str:
    """The token of another open session of `actor`."""
    with office.begin() as db:
        ticket = sessions.issue_ticket(db, office, actor.user_id)
    return sessions.open(office, VISITOR, ticket=ticket).token


_FICHE = text(
    'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, telephone_1, role, created_at, updated_at) '
    "VALUES (:p, :nom, :prenom, '+33611223344', :role, :now, :now)"
)
_ACCOUNT = text(
    "INSERT INTO asso.users (id, personne_id, email, password_hash, created_at, password_changed_at) "
    "VALUES (:u, :p, :email, :hash, :now, :now)"
)


@pytest.fixture
def marie(office: Office) -> Actor:
    return enrol(office, "Marie", "Dupont", Role.ADMINISTRATEUR)


@pytest.fixture
def karim(office: Office) -> Actor:
    return enrol(office, "Karim", "Benali", Role.EMPLOYE)


@pytest.fixture
def lucie(office: Office) -> Actor:
    return enrol(office, "Lucie", "Martin", Role.BENEVOLE)


@pytest.fixture
def visitor() -> Visitor:
    return VISITOR


@pytest.fixture
def deeds(database: Database):
    """The audit log so far: (deed, outcome) in order."""
    return lambda: database.run("SELECT deed, outcome FROM asso.audit_log ORDER BY seq")


@pytest.fixture
def jean(office: Office, database: Database) -> UUID:
    """A Personne without account."""
    key = office.uuid()
    office.ask(_FICHE, p=key, nom="Michel", prenom="Jean", role=Role.BENEVOLE.value, now=office.now())
    return key


def only(batch: Batch) -> Issued:
    """What a deed about codes did for the one person it was asked for; raises why it did not."""
    if batch.failed:
        raise batch.failed[0].why
    return batch.done[0]


def code_for(office: Office, actor: Actor, personne_id: UUID) -> Issued:
    """A new code of one Personne, as the screens issue it."""
    return only(invitations.issue(office, actor, ids=[personne_id]))


@pytest.fixture
def double(office: Office, marie: Actor) -> UUID:
    """Another fiche of Jean, under another name and with another phone."""
    key = office.uuid()
    personnes.create(office, marie, id=key, nom="Michel", prenom="Jean-Paul", telephone_1="06 99 88 77 66")
    return key


@pytest.fixture
def code(office: Office, marie: Actor, jean: UUID) -> str:
    """Jean's invitation code."""
    return code_for(office, marie, jean).code


@pytest.fixture
def letters(office: Office):
    """The mails that wait in the outbox, opened, oldest first: {kind, to, subject, text, html} by attribute."""

    def read():
        rows = office.ask(
            text("SELECT id, kind, sealed FROM asso.mails WHERE sealed IS NOT NULL ORDER BY created_at, id")
        )
        opened = [json.loads(sealing.decrypt(office, "mails", bytes(row.sealed), bound_to=str(row.id))) for row in rows]
        return [SimpleNamespace(kind=row.kind, **mail) for row, mail in zip(rows, opened, strict=True)]

    return read
