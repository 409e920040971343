"""Mails: the outbox, written in the deed's transaction, and the delivery events that providers report."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Instant, UuidKey


class Mail(Base):
    """A mail to send or sent; its state is read from its dates, its content is wiped once it is out of our hands."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries_positive"),
        CheckConstraint("expires_at > created_at", name="dates_in_order"),
        CheckConstraint(
            "sealed IS NULL OR (accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL)",
            name="wiped_when_over",
        ),
        CheckConstraint("char_length(reason) <= 40", name="reason_is_a_word"),
        Index(
            "ix_mails_waiting",
            "next_try_at",
            postgresql_where=text("accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL"),
        ),
        Index("ix_mails_created_at", "created_at"),
    )

    id: Mapped[UuidKey]
    kind: Mapped[str]
    personne_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("asso.personnes.ID_PERSONNE", ondelete="SET NULL"), index=True
    )
    # Recipient, subject, text and HTML under AES-GCM, bound to the row.
    sealed: Mapped[bytes | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    # A sender has taken it and has not said yet what came of it; one that died leaves it here.
    claimed_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(unique=True)
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    # A timeout after the mail was handed over: sending again could send it twice.
    unsure_at: Mapped[datetime | None]
    # The last try failed for now: ours, which is made again, or one of the provider's.
    deferred_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    complained_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class MailEvent(Base):
    """A delivery event that was received already (webhooks are sent again until they are answered)."""

    __tablename__ = "mail_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[Instant]
