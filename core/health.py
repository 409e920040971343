"""Whether the house is well: the question behind /healthz."""

from typing import Final

from sqlalchemy import text

from core.office import Office
from core.roles import open_to_visitors

_REVISION: Final = text("SELECT version_num FROM asso.alembic_version")


@open_to_visitors
def schema(office: Office) -> str:
    """The revision of the database's schema; raises Unavailable when the database does not answer."""
    return str(office.ask(_REVISION)[0].version_num)
