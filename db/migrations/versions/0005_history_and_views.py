"""A history that nobody rewrites, and where each change was made.

Revision 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# The address stands in the audit already: in the next entry of the author, a moment after the line.
ADDRESSES = """
UPDATE asso.personne_changes c SET ip = (
  SELECT e.ip FROM asso.audit_log e
  WHERE e.at BETWEEN c.at AND c.at + interval '5 seconds' AND e.actor_id = c.actor_id ORDER BY e.at LIMIT 1)
"""


def upgrade() -> None:
    """The column with what is known for it, then who may do what."""
    op.add_column("personne_changes", sa.Column("ip", sa.Text(), nullable=True), schema="asso")
    op.execute(ADDRESSES)
    # A merge hands the lines of one fiche to the other. They go with their fiche, by ON DELETE CASCADE, which the
    # owner carries out.
    op.execute("REVOKE UPDATE, DELETE ON asso.personne_changes FROM asso_app")
    op.execute("GRANT UPDATE (personne_id) ON asso.personne_changes TO asso_app")
