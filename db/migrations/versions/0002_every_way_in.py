"""Every way in: former passwords, second factors, resets, email changes, Google, and the outbox of mails.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

APP = {
    "former_passwords": "SELECT, INSERT, DELETE",
    "second_factors": "SELECT, INSERT, UPDATE, DELETE",
    "recovery_codes": "SELECT, INSERT, UPDATE, DELETE",
    "pending_sign_ins": "SELECT, INSERT, DELETE",
    "password_resets": "SELECT, INSERT, UPDATE, DELETE",
    "email_changes": "SELECT, INSERT, UPDATE, DELETE",
    "oidc_flows": "SELECT, INSERT, DELETE",
    "mails": "SELECT, INSERT, UPDATE, DELETE",
    "mail_events": "SELECT, INSERT, DELETE",
}

# The reader counts mails by state; recipients and contents are sealed anyway.
READER = {
    "second_factors": "(user_id, created_at, confirmed_at)",
    "mails": (
        "(id, kind, created_at, tries, accepted_at, delivered_at, unsure_at, deferred_at, failed_at, complained_at)"
    ),
}

REASONS = (
    "closed_reason IN ('signed_out', 'closed_elsewhere', 'password_changed', 'replaced', 'credentials_changed', "
    "'not_me', 'account_deleted')"
)


def upgrade() -> None:
    """The tables, then who may do what."""
    _create_tables()
    op.drop_constraint("ck_user_sessions_closed_reason_known", "user_sessions", schema="asso")
    op.create_check_constraint(op.f("ck_user_sessions_closed_reason_known"), "user_sessions", REASONS, schema="asso")
    for table, rights in APP.items():
        op.execute(f"ALTER TABLE asso.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app ON asso.{table} TO asso_app USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {rights} ON asso.{table} TO asso_app")
    for table, columns in READER.items():
        op.execute(f"CREATE POLICY reader ON asso.{table} FOR SELECT TO asso_ro USING (true)")
        op.execute(f"GRANT SELECT {columns} ON asso.{table} TO asso_ro")


def _create_tables() -> None:
    op.create_table(
        "mail_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_events")),
        schema="asso",
    )
    op.create_table(
        "oidc_flows",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '10 minutes'",
            name=op.f("ck_oidc_flows_life_at_most_10_minutes"),
        ),
        sa.CheckConstraint(
            "octet_length(state_hash) = 32 AND octet_length(browser_hash) = 32",
            name=op.f("ck_oidc_flows_keys_are_digests"),
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_flows")),
        schema="asso",
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("personne_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deferred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_mails_dates_in_order")),
        sa.CheckConstraint(
            "sealed IS NULL OR (accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL)",
            name=op.f("ck_mails_wiped_when_over"),
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_mails_tries_positive")),
        sa.CheckConstraint("char_length(reason) <= 40", name=op.f("ck_mails_reason_is_a_word")),
        sa.ForeignKeyConstraint(
            ["personne_id"], ["asso.personnes.ID_PERSONNE"], name=op.f("fk_mails_personne_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_mails_provider_id")),
        schema="asso",
    )
    op.create_index("ix_mails_created_at", "mails", ["created_at"], unique=False, schema="asso")
    op.create_index(op.f("ix_mails_personne_id"), "mails", ["personne_id"], unique=False, schema="asso")
    op.create_index(
        "ix_mails_waiting",
        "mails",
        ["next_try_at"],
        unique=False,
        schema="asso",
        postgresql_where=sa.text("accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL"),
    )
    op.create_table(
        "email_changes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '24 hours'",
            name=op.f("ck_email_changes_life_at_most_24_hours"),
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_email_changes_token_is_a_digest")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_email_changes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_email_changes")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_email_changes_token_hash")),
        schema="asso",
    )
    op.create_table(
        "former_passwords",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_former_passwords_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_passwords")),
        schema="asso",
    )
    op.create_index(
        "ix_former_passwords_of_user", "former_passwords", ["user_id", "retired_at"], unique=False, schema="asso"
    )
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("otp_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '20 minutes'",
            name=op.f("ck_password_resets_life_at_most_20_minutes"),
        ),
        sa.CheckConstraint("attempts BETWEEN 0 AND 5", name=op.f("ck_password_resets_at_most_five_attempts")),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32 AND octet_length(otp_hash) = 32",
            name=op.f("ck_password_resets_secrets_are_digests"),
        ),
        sa.CheckConstraint(
            "used_at >= created_at AND voided_at >= created_at", name=op.f("ck_password_resets_dates_in_order")
        ),
        sa.CheckConstraint("used_at IS NULL OR voided_at IS NULL", name=op.f("ck_password_resets_used_or_voided")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_password_resets_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_resets_token_hash")),
        schema="asso",
    )
    op.create_index(
        "uq_password_resets_one_live_per_user",
        "password_resets",
        ["user_id"],
        unique=True,
        schema="asso",
        postgresql_where=sa.text("used_at IS NULL AND voided_at IS NULL"),
    )
    op.create_table(
        "pending_sign_ins",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '5 minutes'",
            name=op.f("ck_pending_sign_ins_life_at_most_5_minutes"),
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_pending_sign_ins_token_is_a_digest")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_pending_sign_ins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pending_sign_ins")),
        schema="asso",
    )
    op.create_index(op.f("ix_pending_sign_ins_user_id"), "pending_sign_ins", ["user_id"], unique=False, schema="asso")
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(code_hash) = 32", name=op.f("ck_recovery_codes_code_is_a_digest")),
        sa.CheckConstraint("used_at >= created_at", name=op.f("ck_recovery_codes_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
        schema="asso",
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"], unique=False, schema="asso")
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("warned_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("confirmed_at >= created_at", name=op.f("ck_second_factors_dates_in_order")),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_second_factors_step_positive")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["asso.users.id"], name=op.f("fk_second_factors_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
        schema="asso",
    )
    op.add_column("session_tickets", sa.Column("replaces", sa.Uuid(), nullable=True), schema="asso")
    op.add_column(
        "session_tickets",
        sa.Column("method", sa.Text(), server_default=sa.text("'password'"), nullable=False),
        schema="asso",
    )
    op.add_column(
        "user_sessions",
        sa.Column("method", sa.Text(), server_default=sa.text("'password'"), nullable=False),
        schema="asso",
    )
    op.add_column("user_sessions", sa.Column("stepped_up_at", sa.DateTime(timezone=True), nullable=True), schema="asso")
    op.add_column(
        "users", sa.Column("password_change_required_at", sa.DateTime(timezone=True), nullable=True), schema="asso"
    )
