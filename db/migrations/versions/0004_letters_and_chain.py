"""Letters on every server locale, and a chain that grows with its entries alone.

Revision 0004. A new database has both from its first revision.
"""

from alembic import op

from db.migrations import functions

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The functions as they are now; what was computed by the former ones is computed again."""
    for function in (*functions.TEXT, functions.AUDIT_CHAIN, functions.AUDIT_HEAD):
        op.execute(function)
    op.execute("REVOKE EXECUTE ON FUNCTION asso.audit_head_follows FROM PUBLIC")
    op.execute(functions.HEAD_FOLLOWS)
    op.execute("UPDATE asso.personnes SET nom = nom, prenom = prenom")
    op.execute("UPDATE asso.users SET email = email")
