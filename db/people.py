"""The table of people: what the association knows of somebody, and the keys that make them found and sorted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Instant, UuidKey

ROLES = "('administrateur', 'employé', 'bénévole')"
# Sized so that a name pasted by mistake is kept whole and shown back, yet the table cannot be filled with one field.
NAME_LENGTH = 5000
PHONE_LENGTH = 60
NOTE_LENGTH = 5000


class Personne(Base):
    """A fiche: somebody the association knows, with or without an account."""

    __tablename__ = "personnes"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role_known"),
        CheckConstraint(f"btrim(nom) <> '' AND char_length(nom) <= {NAME_LENGTH}", name="nom_sized"),
        CheckConstraint(f"btrim(prenom) <> '' AND char_length(prenom) <= {NAME_LENGTH}", name="prenom_sized"),
        CheckConstraint(
            f"char_length(telephone_1) <= {PHONE_LENGTH} AND char_length(telephone_2) <= {PHONE_LENGTH}",
            name="telephones_sized",
        ),
        CheckConstraint("char_length(email) BETWEEN 3 AND 254", name="email_sized"),
        CheckConstraint(f"char_length(note) <= {NOTE_LENGTH}", name="note_sized"),
        CheckConstraint("updated_at >= created_at AND archived_at >= created_at", name="dates_in_order"),
        # One for each order of the list: a page far down is read from the index alone, the role being in it too.
        Index("ix_personnes_tri", "archivee", "tri", "ID_PERSONNE", postgresql_include=["role"]),
        Index("ix_personnes_tri_prenom", "archivee", "tri_prenom", "ID_PERSONNE", postgresql_include=["role"]),
        Index("ix_personnes_role", "archivee", "role", "tri", "ID_PERSONNE"),
        Index("ix_personnes_created_at", "archivee", "created_at", "ID_PERSONNE", postgresql_include=["role"]),
        Index("ix_personnes_updated_at", "archivee", "updated_at", "ID_PERSONNE", postgresql_include=["role"]),
        # Both searches go through this one: three letters in a row of any word, found with an exact recheck.
        Index("ix_personnes_trigrammes", text("asso.trigrammes(tout)"), postgresql_using="gin"),
        Index("ix_personnes_telephone_1", text("asso.chiffres(telephone_1)")),
        Index("ix_personnes_telephone_2", text("asso.chiffres(telephone_2)")),
        Index("ix_personnes_import_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    )

    id: Mapped[UuidKey] = mapped_column("ID_PERSONNE")
    nom: Mapped[str]
    prenom: Mapped[str]
    telephone_1: Mapped[str | None]
    telephone_2: Mapped[str | None]
    role: Mapped[str]
    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(Computed("asso.email_key(email)", persisted=True), unique=True)
    note: Mapped[str] = mapped_column(server_default=text("''"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    archived_at: Mapped[datetime | None]
    archivee: Mapped[bool] = mapped_column(Computed("archived_at IS NOT NULL", persisted=True))
    # asso.cle() lowers and strips accents, apostrophes and hyphens, alike on every server locale.
    tri: Mapped[str] = mapped_column(
        Text(collation="C"),
        Computed("left(asso.cle(nom), 200) || ' ' || left(asso.cle(prenom), 200)", persisted=True),
    )
    tri_prenom: Mapped[str] = mapped_column(
        Text(collation="C"),
        Computed("left(asso.cle(prenom), 200) || ' ' || left(asso.cle(nom), 200)", persisted=True),
    )
    # What a bénévole may search, then what those may who read fiches: a search that finds is a way to read.
    recherche: Mapped[str] = mapped_column(Computed("asso.cle(nom || ' ' || prenom)", persisted=True))
    tout: Mapped[str] = mapped_column(
        Computed(
            "asso.cle(nom || ' ' || prenom || ' ' || coalesce(email, '')) || ' ' || asso.chiffres(telephone_1) "
            "|| ' ' || asso.chiffres(telephone_2)",
            persisted=True,
        )
    )
    # The import that made this fiche, so that it can be undone.
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("asso.imports.id", ondelete="SET NULL"))
