"""People: email and note, search by an index, history, imports, saved views, prepared downloads.

Revision 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from db.migrations import functions

revision = "0003"
down_revision = "0002"

APP = {
    "personne_changes": "SELECT, INSERT, UPDATE, DELETE",
    "not_duplicates": "SELECT, INSERT, UPDATE, DELETE",
    "imports": "SELECT, INSERT, UPDATE",
    "import_mappings": "SELECT, INSERT, UPDATE, DELETE",
    "saved_views": "SELECT, INSERT, UPDATE, DELETE",
    "downloads": "SELECT, INSERT, DELETE",
}

REASONS = (
    "closed_reason IN ('signed_out', 'closed_elsewhere', 'password_changed', 'replaced', "
    "'credentials_changed', 'not_me', 'account_deleted', 'role_changed', 'archived', 'suspended')"
)

READER = {"imports": ""}


def upgrade() -> None:
    """The function of the index, tables and columns, then who may do what."""
    op.execute(functions.TRIGRAMMES)
    op.execute("REVOKE EXECUTE ON FUNCTION asso.trigrammes FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION asso.trigrammes TO asso_app")
    _create_tables()
    _change_personnes()
    op.add_column("user_invites", sa.Column("reminded_at", sa.DateTime(timezone=True)), schema="asso")
    op.add_column(
        "user_invites",
        sa.Column("replaced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="asso",
    )
    op.create_check_constraint(
        op.f("ck_user_invites_replaced_is_revoked"),
        "user_invites",
        "NOT replaced OR revoked_at IS NOT NULL",
        schema="asso",
    )
    op.create_index(
        "ix_user_invites_revoked",
        "user_invites",
        ["created_at", "ID_INVITE"],
        schema="asso",
        postgresql_where=sa.text("revoked_at IS NOT NULL AND NOT replaced"),
    )
    op.create_index("ix_user_invites_created_at", "user_invites", ["created_at", "ID_INVITE"], schema="asso")
    op.create_index(
        "ix_user_invites_live_until",
        "user_invites",
        ["expires_at"],
        schema="asso",
        postgresql_where=sa.text("redeemed_at IS NULL AND revoked_at IS NULL"),
    )
    op.drop_constraint("ck_user_sessions_closed_reason_known", "user_sessions", schema="asso")
    op.create_check_constraint(op.f("ck_user_sessions_closed_reason_known"), "user_sessions", REASONS, schema="asso")
    op.create_index("ix_audit_log_deed", "audit_log", ["deed", "seq"], schema="asso")
    op.create_index("ix_audit_log_at", "audit_log", ["at"], schema="asso")
    op.create_index(
        "ix_audit_log_refused",
        "audit_log",
        ["seq"],
        schema="asso",
        postgresql_where=sa.text("outcome = 'refused'"),
    )
    for table, rights in APP.items():
        op.execute(f"ALTER TABLE asso.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app ON asso.{table} TO asso_app USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {rights} ON asso.{table} TO asso_app")
    for table, columns in READER.items():
        op.execute(f"CREATE POLICY reader ON asso.{table} FOR SELECT TO asso_ro USING (true)")
        op.execute(f"GRANT SELECT {columns} ON asso.{table} TO asso_ro")


def _create_tables() -> None:
    op.create_table(
        "import_mappings",
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", JSONB(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(header) = 32", name=op.f("ck_import_mappings_header_is_a_digest")),
        sa.PrimaryKeyConstraint("header", name=op.f("pk_import_mappings")),
        schema="asso",
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("created >= 0 AND changed >= 0 AND rejected >= 0", name=op.f("ck_imports_counts_positive")),
        sa.CheckConstraint("undone_at >= at", name=op.f("ck_imports_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        schema="asso",
    )
    op.create_index("ix_imports_at", "imports", ["at"], unique=False, schema="asso")
    op.create_table(
        "not_duplicates",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_not_duplicates_in_order")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["asso.personnes.ID_PERSONNE"], name=op.f("fk_not_duplicates_one_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["asso.personnes.ID_PERSONNE"], name=op.f("fk_not_duplicates_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_not_duplicates")),
        schema="asso",
    )
    op.create_index(op.f("ix_not_duplicates_other_id"), "not_duplicates", ["other_id"], unique=False, schema="asso")
    op.create_table(
        "personne_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("personne_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("before IS DISTINCT FROM after", name=op.f("ck_personne_changes_something_changed")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["asso.imports.id"], name=op.f("fk_personne_changes_import_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["personne_id"],
            ["asso.personnes.ID_PERSONNE"],
            name=op.f("fk_personne_changes_personne_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personne_changes")),
        schema="asso",
    )
    op.create_index(
        op.f("ix_personne_changes_import_id"), "personne_changes", ["import_id"], unique=False, schema="asso"
    )
    op.create_index(
        "ix_personne_changes_of_personne", "personne_changes", ["personne_id", "at"], unique=False, schema="asso"
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", JSONB(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("btrim(name) <> '' AND char_length(name) <= 60", name=op.f("ck_saved_views_name_sized")),
        sa.CheckConstraint("octet_length(query::text) <= 2000", name=op.f("ck_saved_views_query_sized")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["asso.users.id"], name=op.f("fk_saved_views_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        schema="asso",
    )
    op.create_index("uq_saved_views_name_of_owner", "saved_views", ["owner_id", "name"], unique=True, schema="asso")
    op.create_table(
        "downloads",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wanted", JSONB(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '5 minutes'",
            name=op.f("ck_downloads_life_at_most_5_minutes"),
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_downloads_token_is_a_digest")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["asso.user_sessions.id"], name=op.f("fk_downloads_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_downloads")),
        schema="asso",
    )
    op.create_index(op.f("ix_downloads_session_id"), "downloads", ["session_id"], unique=False, schema="asso")


def _index_the_orders() -> None:
    """One index for each order of the list."""
    op.drop_index("ix_personnes_tri", "personnes", schema="asso")
    for name, keys, included in (
        ("tri", ["tri"], ["role"]),
        ("tri_prenom", ["tri_prenom"], ["role"]),
        ("role", ["role", "tri"], []),
        ("created_at", ["created_at"], ["role"]),
        ("updated_at", ["updated_at"], ["role"]),
    ):
        op.create_index(
            f"ix_personnes_{name}",
            "personnes",
            ["archivee", *keys, "ID_PERSONNE"],
            schema="asso",
            postgresql_include=included,
        )


def _change_personnes() -> None:
    op.add_column("personnes", sa.Column("email", sa.Text(), nullable=True), schema="asso")
    op.add_column(
        "personnes",
        sa.Column("email_key", sa.Text(), sa.Computed("asso.email_key(email)", persisted=True), nullable=True),
        schema="asso",
    )
    op.add_column(
        "personnes", sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False), schema="asso"
    )
    op.add_column(
        "personnes",
        sa.Column(
            "tout",
            sa.Text(),
            sa.Computed(
                "asso.cle(nom || ' ' || prenom || ' ' || coalesce(email, '')) || ' ' || asso.chiffres(telephone_1) "
                "|| ' ' || asso.chiffres(telephone_2)",
                persisted=True,
            ),
            nullable=False,
        ),
        schema="asso",
    )
    op.add_column(
        "personnes",
        sa.Column("archivee", sa.Boolean(), sa.Computed("archived_at IS NOT NULL", persisted=True), nullable=False),
        schema="asso",
    )
    op.add_column(
        "personnes",
        sa.Column(
            "tri_prenom",
            sa.Text(collation="C"),
            sa.Computed("left(asso.cle(prenom), 200) || ' ' || left(asso.cle(nom), 200)", persisted=True),
            nullable=False,
        ),
        schema="asso",
    )
    _index_the_orders()
    op.add_column("personnes", sa.Column("import_id", sa.Uuid(), nullable=True), schema="asso")
    op.create_index(
        "ix_personnes_import_id",
        "personnes",
        ["import_id"],
        unique=False,
        schema="asso",
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index(
        "ix_personnes_telephone_1",
        "personnes",
        [sa.literal_column("asso.chiffres(telephone_1)")],
        unique=False,
        schema="asso",
    )
    op.create_index(
        "ix_personnes_telephone_2",
        "personnes",
        [sa.literal_column("asso.chiffres(telephone_2)")],
        unique=False,
        schema="asso",
    )
    op.create_index(
        "ix_personnes_trigrammes",
        "personnes",
        [sa.literal_column("asso.trigrammes(tout)")],
        unique=False,
        schema="asso",
        postgresql_using="gin",
    )
    op.create_unique_constraint(op.f("uq_personnes_email_key"), "personnes", ["email_key"], schema="asso")
    op.create_foreign_key(
        op.f("fk_personnes_import_id"),
        "personnes",
        "imports",
        ["import_id"],
        ["id"],
        source_schema="asso",
        referent_schema="asso",
        ondelete="SET NULL",
    )
    op.drop_column("personnes", "telephones", schema="asso")
