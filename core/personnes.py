"""Personnes: created, alone or with a code (R3); reading one is core/whole_fiches.py, listing core/directory.py."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import archives, audit, duplicates, fiche_fields, invites, step_up
from core.errors import RoleAboveOwn
from core.figures import INVITE_LIFE_DAYS
from core.invites import Issued
from core.office import Office
from core.roles import Actor, Permission, Role, refuse, requires
from core.wanted import Access
from core.whole_fiches import Account, Personne, get

__all__ = ["Access", "Account", "Created", "Personne", "create", "get"]


@dataclass(frozen=True)
class Created:
    """A new Personne as kept, the phone fields that look wrong, and the code when one was asked for."""

    id: UUID
    nom: str
    prenom: str
    email: str | None
    telephone_1: str | None
    telephone_2: str | None
    note: str
    warnings: tuple[str, ...]
    code: Issued | None


_CREATE: Final = text(f"""
WITH told_apart AS ({duplicates.TELL_APART} RETURNING one_id)
INSERT INTO asso.personnes
  ("ID_PERSONNE", nom, prenom, email, telephone_1, telephone_2, note, role, created_at, updated_at)
VALUES (:id, :nom, :prenom, :email, :telephone_1, :telephone_2, :note, :role, :now, :now)
""")  # noqa: S608 (made of our own constants)


@dataclass(frozen=True)
class _Wish:
    """What is asked besides the fields."""

    id: UUID
    role: Role
    with_code: bool
    apart: tuple[UUID, ...]
    hidden_too: bool


@requires(Permission.PERSONNES_WRITE)
def create(
    office: Office,
    actor: Actor,
    *,
    id: UUID,
    nom: str,
    prenom: str,
    email: str = "",
    telephone_1: str = "",
    telephone_2: str = "",
    note: str = "",
    role: Role = Role.BENEVOLE,
    with_code: bool = False,
    apart: tuple[UUID, ...] = (),
    hidden_too: bool = False,
) -> Created:
    """A new Personne under the key `id`, which the form made: sent twice, it makes one and raises AlreadyDone.

    `apart` holds the fiches that were shown as alike and declared other people, which is kept of those who are alike;
    others who are alike are always looked for. `hidden_too`: the author was told that archived fiches, which they may
    not see, are alike as well. At most 6 round trips. Raises MissingField, TextTooLong,
    InvalidCharacters, InvalidPhone, InvalidEmail, EmailOnAnotherFiche, PerhapsDuplicate, RoleAboveOwn, NotAllowed,
    TooManyAttempts and, for a role above bénévole, StepUpNeeded.
    """
    typed = {"nom": nom, "prenom": prenom, "email": email, "note": note}
    parsed = fiche_fields.parse(typed | {"telephone_1": telephone_1, "telephone_2": telephone_2})
    _check_rights(office, actor, role, with_code=with_code)
    try:
        with office.begin() as db:
            issued = _write(office, db, actor, _Wish(id, role, with_code, apart, hidden_too), parsed.kept)
    except IntegrityError as error:
        raise fiche_fields.why(office, actor, error, parsed.kept["email"]) from error
    kept: dict[str, Any] = parsed.kept
    return Created(id=id, **kept, warnings=parsed.doubtful, code=issued)


def _check_rights(office: Office, actor: Actor, role: Role, *, with_code: bool) -> None:
    if not actor.may_grant(role):
        audit.record_alone(office, actor, audit.Deed.ROLE_GRANT_REFUSED, outcome="refused", role=role.value)
        raise RoleAboveOwn
    if with_code and not actor.may(Permission.INVITES_MANAGE):
        refuse(office, actor, Permission.INVITES_MANAGE, "create")
    if role is not Role.BENEVOLE:
        step_up.require_recent(office, actor)


def _write(office: Office, db: Session, actor: Actor, wish: _Wish, kept: dict[str, Any]) -> Issued | None:
    told = duplicates.count_and_look(db, office, actor, wish.id, kept, apart=wish.apart, hidden_too=wish.hidden_too)
    apart = {"apart": [str(key) for key in told], "actor_id": actor.user_id} | archives.values(actor)
    db.execute(_CREATE, kept | apart | {"id": wish.id, "role": wish.role.value, "now": office.now()})
    facts: dict[str, Any] = {"personne_id": wish.id}
    entries = [audit.entry(office, actor, audit.Deed.PERSONNE_CREATED, **facts, role=wish.role.value)]
    issued = None
    if wish.with_code:
        [issued] = invites.add(db, office, [(wish.id, kept["nom"], kept["prenom"])], issued_by=actor.user_id)
        entries.append(audit.entry(office, actor, audit.Deed.INVITE_ISSUED, **facts, days=INVITE_LIFE_DAYS))
    audit.record(db, *entries)
    return issued
