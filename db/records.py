"""What is kept around the fiches: their history, imports, views of the list, prepared downloads."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Digest, Instant, Json, UuidKey


class PersonneChange(Base):
    """One field of one fiche, before and after; it goes when the fiche is erased, which the audit log never does.

    The application writes lines and changes none: a merge alone gives them another `personne_id`.
    """

    __tablename__ = "personne_changes"
    __table_args__ = (
        CheckConstraint("before IS DISTINCT FROM after", name="something_changed"),
        Index("ix_personne_changes_of_personne", "personne_id", "at"),
    )

    id: Mapped[UuidKey]
    personne_id: Mapped[UUID] = mapped_column(ForeignKey("asso.personnes.ID_PERSONNE", ondelete="CASCADE"))
    at: Mapped[Instant]
    # No foreign key: who changed it may be gone.
    actor_id: Mapped[UUID | None]
    # Where from; not known for a line whose entry in the audit was not found again.
    ip: Mapped[str | None]
    field: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("asso.imports.id", ondelete="SET NULL"), index=True)


class NotDuplicate(Base):
    """Two fiches that somebody looked at and declared to be two people; the smaller key first."""

    __tablename__ = "not_duplicates"
    __table_args__ = (CheckConstraint("one_id < other_id", name="in_order"),)

    one_id: Mapped[UUID] = mapped_column(ForeignKey("asso.personnes.ID_PERSONNE", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(
        ForeignKey("asso.personnes.ID_PERSONNE", ondelete="CASCADE"), primary_key=True, index=True
    )
    actor_id: Mapped[UUID | None]
    at: Mapped[Instant]


class Import(Base):
    """A file of people that was imported, so that it can be undone as a whole."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("created >= 0 AND changed >= 0 AND rejected >= 0", name="counts_positive"),
        CheckConstraint("undone_at >= at", name="dates_in_order"),
        Index("ix_imports_at", "at"),
    )

    id: Mapped[UuidKey]
    at: Mapped[Instant]
    actor_id: Mapped[UUID | None]
    file_name: Mapped[str]
    created: Mapped[int]
    changed: Mapped[int]
    rejected: Mapped[int]
    undone_at: Mapped[datetime | None]


class ImportMapping(Base):
    """Which column of a file became which field, remembered for the next file with the same header."""

    __tablename__ = "import_mappings"
    __table_args__ = (CheckConstraint("octet_length(header) = 32", name="header_is_a_digest"),)

    header: Mapped[Digest] = mapped_column(primary_key=True)
    mapping: Mapped[Json]
    used_at: Mapped[Instant]


VIEW_NAME_LENGTH = 60


class SavedView(Base):
    """A search, filters and an order of the list under a name, for its owner or for everybody.

    With the account of its owner a private view goes (trigger private_views_go); a shared one stays, nobody's.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        CheckConstraint(f"btrim(name) <> '' AND char_length(name) <= {VIEW_NAME_LENGTH}", name="name_sized"),
        CheckConstraint("octet_length(query::text) <= 2000", name="query_sized"),
        CheckConstraint("shared OR owner_id IS NOT NULL", name="private_has_owner"),
        Index("uq_saved_views_name_of_owner", "owner_id", "name", unique=True),
    )

    id: Mapped[UuidKey]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("asso.users.id", ondelete="SET NULL"))
    name: Mapped[str]
    query: Mapped[Json]
    shared: Mapped[bool]
    created_at: Mapped[Instant]


class Download(Base):
    """Personal data that may be fetched once, by the session that asked for it (house decision 9)."""

    __tablename__ = "downloads"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_is_a_digest"),
        CheckConstraint(
            "expires_at > created_at AND expires_at <= created_at + interval '5 minutes'", name="life_at_most_5_minutes"
        ),
    )

    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("asso.user_sessions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    # What was asked: filters, selection, format. Never the data itself.
    wanted: Mapped[Json]
    # AES-GCM: what cannot be found again (codes just issued, rejected rows); it goes with the row.
    sealed: Mapped[bytes | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
