"""The engine: one pool that never spends a round trip to learn that a connection is alive."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

# An idle PostgreSQL connection is silent: anything to read on it is the server's goodbye.
_GOODBYE = select.POLLIN | select.POLLHUP | select.POLLERR | select.POLLNVAL


def open_engine(url: str, *, pool_size: int = 10, wait: float = 5.0) -> Engine:
    """An engine on `url`; `wait` is how long to wait for a connection, in seconds.

    The pool keeps its connections (a new one costs 8 round trips and more over TLS) and is last in, first out.
    Nothing is set per session, so that a transaction-mode pooler in between changes nothing.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=wait,
        pool_recycle=1800,
        pool_use_lifo=True,
        isolation_level="AUTOCOMMIT",  # see transaction()
        use_native_hstore=False,  # no such column; saves two round trips per connection
        hide_parameters=True,  # an error message must not carry people's data into a log
        connect_args=_connect_args(make_url(url), wait),
    )
    event.listen(engine, "checkout", _refuse_the_dead)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection whose statements, up to commit or rollback, are one transaction (READ COMMITTED).

    The pool's connections are otherwise in autocommit, where a lone statement costs one round trip instead of
    three. Only psycopg2 is told: SQLAlchemy's way of going back sends a SET, which costs a trip and, behind a
    transaction-mode pooler, stays on somebody else's connection.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.autocommit = False
        try:
            yield connection
        finally:
            connection.rollback()  # sends nothing after a commit
            if not driver.closed:
                driver.autocommit = True


def _connect_args(url: URL, wait: float) -> dict[str, Any]:
    args: dict[str, Any] = {"connect_timeout": max(2, int(wait)), "application_name": "asso"}
    if url.host:  # over TCP: notice a peer that vanished without a word
        args |= {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    return args


def _refuse_the_dead(connection: Any, _record: Any, _proxy: Any) -> None:
    """Make the pool replace a connection that the server has closed; costs no round trip, unlike pool_pre_ping."""
    poll = select.poll()
    poll.register(connection.fileno(), _GOODBYE)
    if connection.closed or poll.poll(0):
        raise DisconnectionError("the server has closed this connection")
