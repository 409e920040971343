"""Alembic's environment: one advisory lock, short lock waits, the private schema."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from db import credentials, mail, models, people, records  # noqa: F401 (fill the metadata)
from db.base import SCHEMA, Base

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('asso.migrations'))")


def run() -> None:
    """Run the migrations in one transaction; a second migrator waits for the first."""
    engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        # The migrator's search_path is our schema, which Alembic would then take for the unnamed one.
        connection.dialect.default_schema_name = "public"
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            version_table_schema=SCHEMA,
            include_schemas=True,
            include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(text("SET LOCAL search_path = pg_catalog"))
            connection.execute(_LOCK)
            context.run_migrations()


run()
