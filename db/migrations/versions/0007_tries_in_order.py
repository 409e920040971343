"""Tries are given back in the order in which they are counted.

Revision 0007. A new database has it from its first revision.
"""

from alembic import op

from db.migrations import functions

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """The function as it is now."""
    op.execute(functions.GIVE_BACK)
