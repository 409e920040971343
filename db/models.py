"""The tables of every way in: accounts, invitations, sessions, the counters and the audit log.

The constraints are the law (the services only check out of courtesy); the functions, triggers, grants and
row-level security that go with them stand in the migration.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Digest, Instant, Json, UuidKey


class User(Base):
    """An account: the way in of one Personne, whose role it takes."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("password_hash IS NOT NULL OR google_sub IS NOT NULL", name="has_a_way_in"),
        CheckConstraint("char_length(email) BETWEEN 3 AND 254", name="email_sized"),
        CheckConstraint(
            "password_changed_at >= created_at AND last_sign_in_at >= created_at AND suspended_at >= created_at",
            name="dates_in_order",
        ),
    )

    id: Mapped[UuidKey]
    personne_id: Mapped[UUID] = mapped_column(
        ForeignKey("asso.personnes.ID_PERSONNE", ondelete="RESTRICT"), unique=True
    )
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(Computed("asso.email_key(email)", persisted=True), unique=True)
    password_hash: Mapped[str | None]
    google_sub: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    password_changed_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    # Set by an administrateur: the next sign-in leads to a new password (B6).
    password_change_required_at: Mapped[datetime | None]


class UserInvite(Base):
    """An invitation code (R2); its state is read from its dates, the code itself is never kept."""

    __tablename__ = "user_invites"
    __table_args__ = (
        CheckConstraint("octet_length(token) = 32", name="token_is_a_digest"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '720 hours'", name="life_at_most_30_days"
        ),
        CheckConstraint("redeemed_at >= created_at AND redeemed_at < expires_at", name="redeemed_while_alive"),
        CheckConstraint("revoked_at >= created_at", name="revoked_after_creation"),
        CheckConstraint("redeemed_at IS NULL OR revoked_at IS NULL", name="redeemed_or_revoked"),
        Index(
            "uq_user_invites_one_live_per_personne",
            "ID_PERSONNE",
            unique=True,
            postgresql_where=text("redeemed_at IS NULL AND revoked_at IS NULL"),
        ),
        CheckConstraint("NOT replaced OR revoked_at IS NOT NULL", name="replaced_is_revoked"),
        Index("ix_user_invites_created_at", "created_at", "ID_INVITE"),
        Index(
            "ix_user_invites_revoked",
            "created_at",
            "ID_INVITE",
            postgresql_where=text("revoked_at IS NOT NULL AND NOT replaced"),
        ),
        Index(
            "ix_user_invites_live_until",
            "expires_at",
            postgresql_where=text("redeemed_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[UuidKey] = mapped_column("ID_INVITE")
    token: Mapped[Digest] = mapped_column(unique=True)
    personne_id: Mapped[UUID] = mapped_column(
        "ID_PERSONNE", ForeignKey("asso.personnes.ID_PERSONNE", ondelete="CASCADE"), index=True
    )
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("asso.users.id", ondelete="SET NULL"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    redeemed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    # Revoked because a newer code was issued, not because somebody wanted none.
    replaced: Mapped[bool] = mapped_column(server_default=text("false"))
    # The reminder 48 hours before the end was posted.
    reminded_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in browser (T3); only the digest of its token is kept."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_is_a_digest"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '8 hours'", name="life_at_most_8_hours"
        ),
        CheckConstraint("last_seen_at >= created_at AND closed_at >= created_at", name="dates_in_order"),
        CheckConstraint("(closed_at IS NULL) = (closed_reason IS NULL)", name="closed_with_a_reason"),
        CheckConstraint(
            "closed_reason IN ('signed_out', 'closed_elsewhere', 'password_changed', 'replaced', "
            "'credentials_changed', 'not_me', 'account_deleted', 'role_changed', 'archived', 'suspended')",
            name="closed_reason_known",
        ),
        Index("ix_user_sessions_of_user", "user_id", "created_at"),
    )

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"))
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    ip: Mapped[str]
    user_agent: Mapped[str]
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]
    # password, google, activation, reset: how this session began, or was stepped up.
    method: Mapped[str] = mapped_column(server_default=text("'password'"))
    # The last time the person proved again who they are (figures: 10 minutes).
    stepped_up_at: Mapped[datetime | None]


class SessionTicket(Base):
    """A one-time ticket that a page hands to POST /session, where it becomes a cookie."""

    __tablename__ = "session_tickets"
    __table_args__ = (
        CheckConstraint("octet_length(ticket_hash) = 32", name="ticket_is_a_digest"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '30 seconds'",
            name="life_at_most_30_seconds",
        ),
    )

    ticket_hash: Mapped[Digest] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"), index=True)
    # The session that ends when this ticket is used: a token is new at each sign-in and step-up (V7.2.4).
    replaces: Mapped[UUID | None]
    method: Mapped[str] = mapped_column(server_default=text("'password'"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class RateCounter(Base):
    """How often something was tried by one address, one account or one person."""

    __tablename__ = "rate_counters"
    __table_args__ = (
        CheckConstraint("hits >= 0 AND allowed > 0 AND (grows OR hits <= allowed)", name="at_most_allowed"),
        CheckConstraint("forgotten_at > started_at", name="dates_in_order"),
        CheckConstraint("octet_length(key) = 32", name="key_is_a_digest"),
        Index("ix_rate_counters_forgotten_at", "forgotten_at"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[Digest] = mapped_column(primary_key=True)
    hits: Mapped[int]
    allowed: Mapped[int]
    grows: Mapped[bool]
    started_at: Mapped[Instant]
    blocked_until: Mapped[datetime | None]
    forgotten_at: Mapped[Instant]


class AuditEntry(Base):
    """One deed or refusal; append-only, each row holds the digest of the one before (house decision 7)."""

    __tablename__ = "audit_log"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'refused')", name="outcome_known"),
        CheckConstraint("octet_length(details::text) <= 20000", name="details_sized"),
        Index("ix_audit_log_actor", "actor_id", "seq"),
        Index("ix_audit_log_personne", "personne_id", "seq"),
        Index("ix_audit_log_deed", "deed", "seq"),
        Index("ix_audit_log_at", "at"),
        Index("ix_audit_log_refused", "seq", postgresql_where=text("outcome = 'refused'")),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    deed: Mapped[str]
    outcome: Mapped[str]
    # No foreign keys: the log outlives the people it speaks of.
    actor_id: Mapped[UUID | None]
    personne_id: Mapped[UUID | None]
    ip: Mapped[str]
    details: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    content_digest: Mapped[Digest]
    digest: Mapped[Digest]


class AuditHead(Base):
    """The end of the chain, one row: a lock for those who append, and the proof that no tail was cut off."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[Digest]
