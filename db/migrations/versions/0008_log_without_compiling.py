"""A chain that PostgreSQL does not compile anew for each entry.

Revision 0008. A new database has it from its first revision.
"""

from alembic import op

from db.migrations import functions

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """The functions as they are now."""
    op.execute(functions.AUDIT_CHAIN)
    op.execute(functions.AUDIT_HEAD)
