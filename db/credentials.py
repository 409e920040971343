"""What accounts need on top of a password: former passwords, second factors, resets, steps that are under way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Digest, Instant, UuidKey


class FormerPassword(Base):
    """A password that an account had, so that it does not come back; kept two years at most (B6)."""

    __tablename__ = "former_passwords"
    __table_args__ = (Index("ix_former_passwords_of_user", "user_id", "retired_at"),)

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"))
    password_hash: Mapped[str]
    retired_at: Mapped[Instant]


class SecondFactor(Base):
    """The authenticator app of an account (T4); it counts once `confirmed_at` is set."""

    __tablename__ = "second_factors"
    __table_args__ = (
        CheckConstraint("confirmed_at >= created_at", name="dates_in_order"),
        CheckConstraint("last_step >= 0", name="step_positive"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"), primary_key=True)
    # AES-GCM under a key outside the database, bound to the account.
    sealed_seed: Mapped[Digest]
    created_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None]
    # The newest time step that was used: a code is claimed by moving it forward (V6.5.1).
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    # The step of a code that was refused because of a clock: it was as good as announced, so it never serves.
    warned_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class RecoveryCode(Base):
    """One of ten codes for a lost telephone; only its keyed digest is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        CheckConstraint("octet_length(code_hash) = 32", name="code_is_a_digest"),
        CheckConstraint("used_at >= created_at", name="dates_in_order"),
    )

    code_hash: Mapped[Digest] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Instant]
    used_at: Mapped[datetime | None]


class PendingSignIn(Base):
    """A password was right, the second factor is still asked (5 minutes)."""

    __tablename__ = "pending_sign_ins"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_is_a_digest"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '5 minutes'", name="life_at_most_5_minutes"
        ),
    )

    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"), index=True)
    method: Mapped[str]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class PasswordReset(Base):
    """A request to reset a password (R8): a link token and a code, both needed, for 20 minutes."""

    __tablename__ = "password_resets"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32 AND octet_length(otp_hash) = 32", name="secrets_are_digests"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '20 minutes'",
            name="life_at_most_20_minutes",
        ),
        CheckConstraint("attempts BETWEEN 0 AND 5", name="at_most_five_attempts"),
        CheckConstraint("used_at IS NULL OR voided_at IS NULL", name="used_or_voided"),
        CheckConstraint("used_at >= created_at AND voided_at >= created_at", name="dates_in_order"),
        Index(
            "uq_password_resets_one_live_per_user",
            "user_id",
            unique=True,
            postgresql_where=text("used_at IS NULL AND voided_at IS NULL"),
        ),
    )

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"))
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    otp_hash: Mapped[Digest]
    browser_hash: Mapped[Digest]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class EmailChange(Base):
    """A new address that waits for its owner to confirm it (24 hours)."""

    __tablename__ = "email_changes"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_is_a_digest"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '24 hours'", name="life_at_most_24_hours"
        ),
    )

    # One per account: a new request takes the place of the old one.
    user_id: Mapped[UUID] = mapped_column(ForeignKey("asso.users.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    email: Mapped[str]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class OidcFlow(Base):
    """A sign-in with Google under way: state, nonce and PKCE verifier, sealed, bound to the browser (10 minutes)."""

    __tablename__ = "oidc_flows"
    __table_args__ = (
        CheckConstraint("octet_length(state_hash) = 32 AND octet_length(browser_hash) = 32", name="keys_are_digests"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '10 minutes'",
            name="life_at_most_10_minutes",
        ),
    )

    state_hash: Mapped[Digest] = mapped_column(primary_key=True)
    browser_hash: Mapped[Digest]
    sealed: Mapped[Digest]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
