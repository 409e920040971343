"""A chain that finds its last entry by the index, however short the log was when the plan was made.

Revision 0006. A new database has it from its first revision.
"""

from alembic import op

from db.migrations import functions

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The functions as they are now."""
    op.execute(functions.AUDIT_CHAIN)
    op.execute(functions.AUDIT_HEAD)
