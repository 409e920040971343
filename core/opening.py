"""Opening the office of this process: the real database, clock and dice."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core.errors import SetupError
from core.office import Office
from core.settings import Settings
from db import embedded, migrations
from db.engine import open_engine

_LOG: Final = logging.getLogger(__name__)
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class _Opened:
    office: Office
    database: embedded.EmbeddedPostgres | None


_opened: list[_Opened] = []


def open_office(settings: Settings, *, say: Callable[[str], None] = print) -> Office:
    """The office of this process, opened once: database started and migrated where it is ours to do so, then checked.

    Raises SetupError when the database cannot be used; `say` gets French lines about what takes time.
    """
    if _opened:
        return _opened[0].office
    database = _start_embedded(settings, say) if settings.database_url is None else None
    try:
        migrator = database.url("asso_migrator") if database else settings.migrations_url
        if migrator:
            _migrate(migrator)
        engine = open_engine(database.url("asso_app") if database else settings.database_url or "")
        _check(engine)
    except BaseException:
        if database:
            database.stop()
        raise
    _opened.append(_Opened(office_on(engine, settings), database))
    return _opened[0].office


def office_on(engine: Engine, settings: Settings) -> Office:
    """An office on `engine`, with the real clock and dice."""
    return Office(
        settings=settings,
        engine=engine,
        now=lambda: datetime.now(UTC),
        token=lambda: secrets.token_urlsafe(32),
        symbols=lambda count: "".join(secrets.choice(CROCKFORD) for _ in range(count)),
        digits=lambda count: "".join(secrets.choice("0123456789") for _ in range(count)),
        uuid=uuid4,
    )


def current() -> Office | None:
    """The office of this process, if it has been opened."""
    return _opened[0].office if _opened else None


def close() -> None:
    """Close the office; the embedded database stops when this process is the last that uses it."""
    while _opened:
        opened = _opened.pop()
        opened.office.engine.dispose()
        if opened.database:
            opened.database.stop()


def migrate(settings: Settings, *, say: Callable[[str], None] = print) -> str:
    """Bring the schema to the newest revision and return it; raises SetupError. For `manage.py migrate`."""
    if settings.database_url and not settings.migrations_url:
        raise SetupError("Ajoutez [database] migrations_url, l'adresse du rôle asso_migrator, dans les secrets.")
    if settings.migrations_url:
        _migrate(settings.migrations_url)
        return migrations.newest()
    database = _start_embedded(settings, say)
    try:
        _migrate(database.url("asso_migrator"))
    finally:
        database.stop()
    return migrations.newest()


def _start_embedded(settings: Settings, say: Callable[[str], None]) -> embedded.EmbeddedPostgres:
    try:
        return embedded.start(settings.var, say=say)
    except embedded.EmbeddedError as error:
        raise SetupError(str(error)) from error


def _migrate(url: str) -> None:
    engine = open_engine(url, pool_size=1)
    try:
        _refuse_ahead(engine)
    finally:
        engine.dispose()
    try:
        migrations.upgrade(url)
    except SQLAlchemyError as error:
        _LOG.error("migration refused: %s", type(getattr(error, "orig", None) or error).__name__)
        raise SetupError(
            "La base de données n'a pas pu être mise à jour : vérifiez migrations_url et ses droits."
        ) from error


def _check(engine: Engine) -> None:
    """Refuse to serve on a database that is behind, ahead, or open to the public key of Supabase (B1)."""
    revision = _refuse_ahead(engine)
    if revision != migrations.newest():
        raise SetupError("La base de données n'est pas à jour : lancez python3 manage.py migrate.")
    with engine.connect() as connection:
        exposed = connection.scalars(_EXPOSED).all()
    if exposed:
        raise SetupError(f"Le schéma asso est ouvert au rôle public {exposed[0]} : lancez python3 manage.py roles.")


_EXPOSED: Final = text("""
SELECT rolname FROM pg_roles
WHERE rolname IN ('anon', 'authenticated') AND has_schema_privilege(oid, 'asso', 'usage')
""")


def _refuse_ahead(engine: Engine) -> str | None:
    """The revision of the database; raises SetupError when it is unreachable or newer than this code."""
    try:
        with engine.connect() as connection:
            revision = migrations.revision_of(connection)
    except SQLAlchemyError as error:
        host = engine.url.host or "locale"
        raise SetupError(
            f"La base de données ({host}) est injoignable : vérifiez son adresse, le mot de passe et le réseau."
        ) from error
    if revision is not None and not migrations.known(revision):
        raise SetupError(
            f"La base de données (version {revision}) est plus récente que l'application : mettez l'application à jour."
        )
    return revision
