"""A history that nobody rewrites, and where each change was made; shared views outlive their author's account; phones.

Revision 0005.
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import functions

revision = "0005"
down_revision = "0004"

# The address stands in the audit already: in the next entry of the author, a moment after the line.
ADDRESSES = """
UPDATE asso.personne_changes c SET ip = (
  SELECT e.ip FROM asso.audit_log e
  WHERE e.at BETWEEN c.at AND c.at + interval '5 seconds' AND e.actor_id = c.actor_id ORDER BY e.at LIMIT 1)
"""

# Phones of the overseas departments were kept as they had been typed, or as numbers of the mainland: now that they are
# kept with their country, the same number must be found to be the same.
OVERSEAS = {
    "+262": ("0262", "0263", "0269", "0639", "0692", "0693"),
    "+590": ("0590", "0690", "0691"),
    "+594": ("0594", "0694"),
    "+596": ("0596", "0696", "0697"),
}
PHONES = """
UPDATE asso.personnes SET {column} = '{country}' || substr(asso.chiffres({column}), {kept})
WHERE left(asso.chiffres({column}), 4) = ANY ('{{{starts}}}') AND length(asso.chiffres({column})) = 10
"""


def upgrade() -> None:
    """The column with what is known for it, who may do what; then the views, and the phones."""
    op.add_column("personne_changes", sa.Column("ip", sa.Text(), nullable=True), schema="asso")
    op.execute(ADDRESSES)
    # A merge hands the lines of one fiche to the other. They go with their fiche, by ON DELETE CASCADE, which the
    # owner carries out.
    op.execute("REVOKE UPDATE, DELETE ON asso.personne_changes FROM asso_app")
    op.execute("GRANT UPDATE (personne_id) ON asso.personne_changes TO asso_app")
    _let_shared_views_stay()
    for column in ("telephone_1", "telephone_2"):
        for country, starts in OVERSEAS.items():
            op.execute(PHONES.format(column=column, country=country, starts=",".join(starts), kept=2))
        op.execute(PHONES.format(column=column, country="+508", starts="0508", kept=5))


def _let_shared_views_stay() -> None:
    op.drop_constraint("fk_saved_views_owner_id", "saved_views", schema="asso")
    op.alter_column("saved_views", "owner_id", nullable=True, schema="asso")
    op.create_foreign_key(
        op.f("fk_saved_views_owner_id"),
        "saved_views",
        "users",
        ["owner_id"],
        ["id"],
        source_schema="asso",
        referent_schema="asso",
        ondelete="SET NULL",
    )
    op.create_check_constraint(
        op.f("ck_saved_views_private_has_owner"), "saved_views", "shared OR owner_id IS NOT NULL", schema="asso"
    )
    op.execute(functions.PRIVATE_VIEWS_GO)
    op.execute("REVOKE EXECUTE ON FUNCTION asso.private_views_go FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER private_views_go BEFORE DELETE ON asso.users "
        "FOR EACH ROW EXECUTE FUNCTION asso.private_views_go()"
    )
