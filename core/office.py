"""The office: everything a use case gets from outside — database, clock, chance, keys."""

import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Executable, Row
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from core.errors import Unavailable
from core.settings import Settings
from db.engine import transaction


@dataclass(frozen=True)
class Office:
    """Opened once per process by core/opening.py; tests open their own with a clock they move by hand."""

    settings: Settings
    engine: Engine
    now: Callable[[], datetime]  # aware, UTC
    token: Callable[[], str]  # 256 random bits, URL-safe
    symbols: Callable[[int], str]  # that many random symbols of Crockford's base32
    digits: Callable[[int], str]  # that many random digits
    uuid: Callable[[], UUID]

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back by an exception.

        Raises Unavailable when the database does not answer; nothing is then done.
        """
        with reachable(), transaction(self.engine) as connection, Session(connection) as db, db.begin():
            yield db

    def ask(self, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
        """The rows of one statement, which is a transaction by itself: one network round trip.

        For reads, and for writes that fit in one statement. Raises Unavailable.
        """
        with reachable(), self.engine.connect() as connection:
            result = connection.execute(statement, values)
            return result.all() if result.returns_rows else ()

    def stream(self, statement: Executable, **values: Any) -> Iterator[Row[Any]]:
        """The rows of one SELECT, a thousand at a time from a cursor of the database: as many as there are.

        They are those of one instant, and nothing can be written meanwhile. Raises Unavailable.
        """
        with reachable(), transaction(self.engine) as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield from connection.execute(statement, values, execution_options={"yield_per": 1000})

    def seal(self, purpose: str, text: str) -> bytes:
        """The 32 bytes kept instead of a secret: HMAC-SHA-256 under a key of its own for each purpose."""
        return hmac.digest(self.key_for(purpose), text.encode(), "sha256")

    def key_for(self, purpose: str) -> bytes:
        """A 256-bit key derived from the server key; one purpose learns nothing about another (RFC 5869's idea)."""
        return hmac.digest(self.settings.key, b"asso/" + purpose.encode(), "sha256")


def digest(token: str) -> bytes:
    """SHA-256 of a random 256-bit token: enough where nothing can be guessed."""
    return sha256(token.encode()).digest()


@contextmanager
def reachable() -> Iterator[None]:
    """Turn what the driver says of a database that does not answer into Unavailable."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise Unavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable from error
        raise
