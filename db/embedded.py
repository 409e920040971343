"""The embedded PostgreSQL: started with its first user, stopped with its last, whatever died in between."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg2

from db import embedded_server, roles
from db.embedded_place import EmbeddedError, Place, Say, choose

__all__ = ["EmbeddedError", "EmbeddedPostgres", "start"]

DATABASE = "asso"
REASONS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "lecture seule",
    errno.ENOSPC: "plus de place sur le disque",
}


class EmbeddedPostgres:
    """A running PostgreSQL that this process uses until `stop`."""

    def __init__(self, place: Place, users: int) -> None:
        self._place = place
        self._users: int | None = users

    @property
    def data_dir(self) -> Path:
        return self._place.data

    @property
    def socket_dir(self) -> Path:
        return self._place.sockets

    @property
    def pid(self) -> int:
        """The process number of PostgreSQL; EmbeddedError when it does not run."""
        process = embedded_server.postmaster(self._place.data)
        if process is None:
            raise EmbeddedError("La base embarquée ne fonctionne plus.")
        return process.pid

    def url(self, role: str, database: str = DATABASE) -> str:
        """The SQLAlchemy address of the database for that role, without a password: the folder is private."""
        where = {"host": str(self._place.sockets), "port": embedded_server.PORT}
        return f"postgresql+psycopg2://{role}@/{database}?{urlencode(where, quote_via=quote)}"

    def stop(self) -> None:
        """Give up our use; PostgreSQL stops when nobody else uses it. A second call does nothing."""
        with _one_at_a_time(self._place):
            self._leave()

    def _leave(self) -> None:
        if self._users is None:
            return
        os.close(self._users)
        self._users = None
        alone = _users_lock(self._place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if alone is not None:
            embedded_server.shut_down(self._place)
            os.close(alone)

    def _furnish(self) -> None:
        """The database and its roles, unless they are there already."""
        with closing(embedded_server.connect(self._place)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        roles.create(self.url("postgres"))


def start(var: Path, *, say: Say) -> EmbeddedPostgres:
    """The database of the folder `var`, made at the first call; EmbeddedError says why it cannot run."""
    try:
        place = choose(var, say=say)
        with _one_at_a_time(place):
            return _started(place, say)
    except OSError as error:
        reason = f"{REASONS.get(error.errno or 0, error.strerror)} ({error.filename})"
        raise EmbeddedError(f"La base embarquée est inutilisable : {reason}.") from error
    except psycopg2.Error as error:
        raise EmbeddedError(f"La base embarquée ne répond pas : {error}".splitlines()[0]) from error


def _started(place: Place, say: Say) -> EmbeddedPostgres:
    users = _users_lock(place, fcntl.LOCK_SH)
    assert users is not None  # noqa: S101 (it is only taken alone by a stop, which waits for us)
    server = EmbeddedPostgres(place, users)
    try:
        embedded_server.bring_up(place, say)
        server._furnish()
    except BaseException:
        server._leave()
        raise
    return server


@contextmanager
def _one_at_a_time(place: Place) -> Iterator[None]:
    """Starts and stops never overlap; the kernel releases the lock of a process that dies."""
    lock = os.open(place.beside(".start.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _users_lock(place: Place, kind: int) -> int | None:
    """An open file that holds the lock of the database's users, or None when others hold it."""
    lock = os.open(place.beside(".users.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, kind)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
