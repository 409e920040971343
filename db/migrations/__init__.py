"""Alembic migrations, run by the role asso_migrator, and the questions one may ask about their state."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

HERE = Path(__file__).parent


def _config(url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    return config


def upgrade(migrator_url: str, revision: str = "head") -> None:
    """Bring the schema to `revision`, or to the newest one, as the role of `migrator_url`."""
    command.upgrade(_config(migrator_url), revision)


def check(migrator_url: str) -> None:
    """Raise alembic's CommandError when the tables differ from the models."""
    command.check(_config(migrator_url))


def newest() -> str:
    """The revision that this code is written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def known(revision: str) -> bool:
    """Whether this code knows `revision`; if not, the database is ahead of the code."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def revision_of(connection: Connection) -> str | None:
    """The revision of the database, None when it has no schema of ours yet."""
    if connection.scalar(text("SELECT to_regclass('asso.alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM asso.alembic_version"))
    return revision
