"""The house: people, accounts, invitations, sessions, counters and the chained audit log.

Revision 0001. Grants are written table by table: what is not said here, nobody may do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from db.migrations import functions

revision = "0001"
down_revision = None

TABLES = (
    "personnes",
    "users",
    "user_invites",
    "user_sessions",
    "session_tickets",
    "rate_counters",
    "audit_log",
    "audit_head",
)

APP = {
    "personnes": "SELECT, INSERT, UPDATE, DELETE",
    "users": "SELECT, INSERT, UPDATE, DELETE",
    "user_invites": "SELECT, INSERT, UPDATE, DELETE",
    "user_sessions": "SELECT, INSERT, UPDATE, DELETE",
    "session_tickets": "SELECT, INSERT, DELETE",
    "rate_counters": "SELECT, INSERT, UPDATE, DELETE",
    "audit_log": "SELECT, INSERT",
    "audit_head": "SELECT",
}

# The reader makes statistics: no password hash, no token, no counter.
READER = {
    "personnes": "",
    "users": "(id, personne_id, email, created_at, password_changed_at, last_sign_in_at, suspended_at)",
    "user_invites": '("ID_INVITE", "ID_PERSONNE", issued_by, created_at, expires_at, redeemed_at, revoked_at)',
    "user_sessions": "(id, user_id, created_at, last_seen_at, expires_at, closed_at, closed_reason)",
    "audit_log": "",
    "audit_head": "",
}


def upgrade() -> None:
    """Functions, tables, triggers, then who may do what."""
    for function in functions.TEXT:
        op.execute(function)
    _create_tables()
    for function in functions.LATER:
        op.execute(function)
    op.execute(functions.TRIGGERS)
    op.execute("INSERT INTO asso.audit_head (id, seq, digest) VALUES (1, 0, decode(repeat('00', 32), 'hex'))")
    _grant()


def _grant() -> None:
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA asso FROM PUBLIC")
    for table in TABLES:
        op.execute(f"ALTER TABLE asso.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app ON asso.{table} TO asso_app USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {APP[table]} ON asso.{table} TO asso_app")
    for table, columns in READER.items():
        op.execute(f"CREATE POLICY reader ON asso.{table} FOR SELECT TO asso_ro USING (true)")
        op.execute(f"GRANT SELECT {columns} ON asso.{table} TO asso_ro")
    op.execute("GRANT SELECT ON asso.alembic_version TO asso_app, asso_ro")
    op.execute("ALTER TABLE asso.alembic_version ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY everyone ON asso.alembic_version FOR SELECT TO asso_app, asso_ro USING (true)")
    op.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA asso FROM PUBLIC")
    op.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA asso TO asso_app")


def _create_tables() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
        schema="asso",
    )
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("personne_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("details", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_audit_log_outcome_known")),
        sa.CheckConstraint("octet_length(details::text) <= 20000", name=op.f("ck_audit_log_details_sized")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_log")),
        schema="asso",
    )
    op.create_index("ix_audit_log_actor", "audit_log", ["actor_id", "seq"], unique=False, schema="asso")
    op.create_index("ix_audit_log_personne", "audit_log", ["personne_id", "seq"], unique=False, schema="asso")
    op.create_table(
        "personnes",
        sa.Column("ID_PERSONNE", sa.Uuid(), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("prenom", sa.Text(), nullable=False),
        sa.Column("telephone_1", sa.Text(), nullable=True),
        sa.Column("telephone_2", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "tri",
            sa.Text(collation="C"),
            sa.Computed("left(asso.cle(nom), 200) || ' ' || left(asso.cle(prenom), 200)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "recherche", sa.Text(), sa.Computed("asso.cle(nom || ' ' || prenom)", persisted=True), nullable=False
        ),
        sa.Column(
            "telephones",
            sa.Text(),
            sa.Computed("asso.chiffres(telephone_1) || ' ' || asso.chiffres(telephone_2)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("btrim(nom) <> '' AND char_length(nom) <= 5000", name=op.f("ck_personnes_nom_sized")),
        sa.CheckConstraint(
            "btrim(prenom) <> '' AND char_length(prenom) <= 5000", name=op.f("ck_personnes_prenom_sized")
        ),
        sa.CheckConstraint("role IN ('administrateur', 'employé', 'bénévole')", name=op.f("ck_personnes_role_known")),
        sa.CheckConstraint(
            "char_length(telephone_1) <= 60 AND char_length(telephone_2) <= 60",
            name=op.f("ck_personnes_telephones_sized"),
        ),
        sa.CheckConstraint(
            "updated_at >= created_at AND archived_at >= created_at", name=op.f("ck_personnes_dates_in_order")
        ),
        sa.PrimaryKeyConstraint("ID_PERSONNE", name=op.f("pk_personnes")),
        schema="asso",
    )
    op.create_index("ix_personnes_tri", "personnes", ["tri", "ID_PERSONNE"], unique=False, schema="asso")
    op.create_table(
        "rate_counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("grows", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("forgotten_at > started_at", name=op.f("ck_rate_counters_dates_in_order")),
        sa.CheckConstraint(
            "hits >= 0 AND allowed > 0 AND (grows OR hits <= allowed)", name=op.f("ck_rate_counters_at_most_allowed")
        ),
        sa.CheckConstraint("octet_length(key) = 32", name=op.f("ck_rate_counters_key_is_a_digest")),
        sa.PrimaryKeyConstraint("name", "key", name=op.f("pk_rate_counters")),
        schema="asso",
    )
    op.create_index("ix_rate_counters_forgotten_at", "rate_counters", ["forgotten_at"], unique=False, schema="asso")
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("personne_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), sa.Computed("asso.email_key(email)", persisted=True), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("google_sub", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(email) BETWEEN 3 AND 254", name=op.f("ck_users_email_sized")),
        sa.CheckConstraint(
            "password_changed_at >= created_at AND last_sign_in_at >= created_at AND suspended_at >= created_at",
            name=op.f("ck_users_dates_in_order"),
        ),
        sa.CheckConstraint("password_hash IS NOT NULL OR google_sub IS NOT NULL", name=op.f("ck_users_has_a_way_in")),
        sa.ForeignKeyConstraint(
            ["personne_id"], ["asso.personnes.ID_PERSONNE"], name=op.f("fk_users_personne_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("google_sub", name=op.f("uq_users_google_sub")),
        sa.UniqueConstraint("personne_id", name=op.f("uq_users_personne_id")),
        schema="asso",
    )
    op.create_table(
        "session_tickets",
        sa.Column("ticket_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '30 seconds'",
            name=op.f("ck_session_tickets_life_at_most_30_seconds"),
        ),
        sa.CheckConstraint("octet_length(ticket_hash) = 32", name=op.f("ck_session_tickets_ticket_is_a_digest")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_session_tickets_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_session_tickets")),
        schema="asso",
    )
    op.create_index(op.f("ix_session_tickets_user_id"), "session_tickets", ["user_id"], unique=False, schema="asso")
    op.create_table(
        "user_invites",
        sa.Column("ID_INVITE", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("ID_PERSONNE", sa.Uuid(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '720 hours'",
            name=op.f("ck_user_invites_life_at_most_30_days"),
        ),
        sa.CheckConstraint("octet_length(token) = 32", name=op.f("ck_user_invites_token_is_a_digest")),
        sa.CheckConstraint(
            "redeemed_at >= created_at AND redeemed_at < expires_at", name=op.f("ck_user_invites_redeemed_while_alive")
        ),
        sa.CheckConstraint(
            "redeemed_at IS NULL OR revoked_at IS NULL", name=op.f("ck_user_invites_redeemed_or_revoked")
        ),
        sa.CheckConstraint("revoked_at >= created_at", name=op.f("ck_user_invites_revoked_after_creation")),
        sa.ForeignKeyConstraint(
            ["ID_PERSONNE"],
            ["asso.personnes.ID_PERSONNE"],
            name=op.f("fk_user_invites_ID_PERSONNE"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["asso.users.id"], name=op.f("fk_user_invites_issued_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("ID_INVITE", name=op.f("pk_user_invites")),
        sa.UniqueConstraint("token", name=op.f("uq_user_invites_token")),
        schema="asso",
    )
    op.create_index(op.f("ix_user_invites_ID_PERSONNE"), "user_invites", ["ID_PERSONNE"], unique=False, schema="asso")
    op.create_index(
        "uq_user_invites_one_live_per_personne",
        "user_invites",
        ["ID_PERSONNE"],
        unique=True,
        schema="asso",
        postgresql_where=sa.text("redeemed_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "closed_reason IN ('signed_out', 'closed_elsewhere', 'password_changed')",
            name=op.f("ck_user_sessions_closed_reason_known"),
        ),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '8 hours'",
            name=op.f("ck_user_sessions_life_at_most_8_hours"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason IS NULL)", name=op.f("ck_user_sessions_closed_with_a_reason")
        ),
        sa.CheckConstraint(
            "last_seen_at >= created_at AND closed_at >= created_at", name=op.f("ck_user_sessions_dates_in_order")
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_user_sessions_token_is_a_digest")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_user_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
        schema="asso",
    )
    op.create_index("ix_user_sessions_of_user", "user_sessions", ["user_id", "created_at"], unique=False, schema="asso")
