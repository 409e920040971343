"""Personnes: created, listed, read — each field only for those who may see it (R3, T5)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, invites, limits
from core.errors import AlreadyDone, NotFound, RoleAboveOwn
from core.figures import INVITE_LIFE_DAYS, PAGE_SIZE, SEARCH_LENGTH
from core.invites import IssuedCode
from core.names import parse_name, parse_phone
from core.office import Office
from core.roles import Actor, Permission, Role, refuse, requires


class Access(StrEnum):
    """How far a Personne is on the way to an account, read from the dates of the invitations."""

    SANS_CODE = "sans code"
    CODE_ENVOYE = "code envoyé"
    EXPIRE = "expiré"
    ACTIVE = "activé"


@dataclass(frozen=True)
class PersonneRow:
    """A line of the list; phones and access are None for those who may not see them."""

    id: UUID
    nom: str
    prenom: str
    role: Role
    telephone_1: str | None
    telephone_2: str | None
    access: Access | None


@dataclass(frozen=True)
class Page:
    """A page of the list, in the order of names, and how many Personnes the search found in all."""

    rows: tuple[PersonneRow, ...]
    total: int


@dataclass(frozen=True)
class Personne:
    """A whole fiche; times in UTC."""

    id: UUID
    nom: str
    prenom: str
    role: Role
    telephone_1: str | None
    telephone_2: str | None
    access: Access
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Created:
    """A new Personne as kept, the phone fields that look wrong, and the code when one was asked for."""

    id: UUID
    nom: str
    prenom: str
    telephone_1: str | None
    telephone_2: str | None
    warnings: tuple[str, ...]
    code: IssuedCode | None


_CREATE: Final = text("""
INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, telephone_1, telephone_2, role, created_at, updated_at)
VALUES (:id, :nom, :prenom, :telephone_1, :telephone_2, :role, :now, :now)
""")


@requires(Permission.PERSONNES_WRITE)
def create(
    office: Office,
    actor: Actor,
    *,
    id: UUID,
    nom: str,
    prenom: str,
    telephone_1: str = "",
    telephone_2: str = "",
    role: Role = Role.BENEVOLE,
    with_code: bool = False,
) -> Created:
    """A new Personne under the key `id`, which the form made: sent twice, it makes one and raises AlreadyDone.

    Raises MissingField, TextTooLong, InvalidCharacters, InvalidPhone, RoleAboveOwn, NotAllowed, TooManyAttempts.
    At most 6 round trips.
    """
    names = {"nom": parse_name("nom", nom), "prenom": parse_name("prenom", prenom)}
    phones = {field: parse_phone(field, typed) for field, typed in _typed(telephone_1, telephone_2)}
    kept = names | {field: phone for field, (phone, _) in phones.items()}
    _check_rights(office, actor, role, with_code=with_code)
    try:
        with office.begin() as db:
            code = _write(office, db, actor, id=id, role=role, with_code=with_code, kept=kept)
    except IntegrityError as error:
        if error.orig.diag.constraint_name == "pk_personnes":  # type: ignore[union-attr]
            raise AlreadyDone from error
        raise
    issued = IssuedCode(*code, prenom=names["prenom"], nom=names["nom"]) if code else None
    doubtful = tuple(field for field, (_, valid) in phones.items() if not valid)
    return Created(id=id, **kept, warnings=doubtful, code=issued)  # type: ignore[arg-type]


def _typed(telephone_1: str, telephone_2: str) -> tuple[tuple[str, str], ...]:
    return (("telephone_1", telephone_1), ("telephone_2", telephone_2))


def _check_rights(office: Office, actor: Actor, role: Role, *, with_code: bool) -> None:
    if not actor.may_grant(role):
        audit.record_alone(office, actor, audit.Deed.ROLE_GRANT_REFUSED, outcome="refused", role=role.value)
        raise RoleAboveOwn
    if with_code and not actor.may(Permission.INVITES_MANAGE):
        refuse(office, actor, Permission.INVITES_MANAGE, "create")


def _write(
    office: Office, db: Session, actor: Actor, *, id: UUID, role: Role, with_code: bool, kept: dict[str, Any]
) -> tuple[str, datetime] | None:
    limits.count_command(db, office, actor)
    db.execute(_CREATE, kept | {"id": id, "role": role.value, "now": office.now()})
    entries = [audit.entry(office, actor, audit.Deed.PERSONNE_CREATED, personne_id=id, role=role.value)]
    code = None
    if with_code:
        code = invites.add(db, office, personne_id=id, issued_by=actor.user_id, days=INVITE_LIFE_DAYS)
        issued = audit.entry(office, actor, audit.Deed.INVITE_ISSUED, personne_id=id, days=INVITE_LIFE_DAYS)
        entries.append(issued)
    audit.record(db, *entries)
    return code


_ACCESS: Final = """
CASE
  WHEN EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = p."ID_PERSONNE") THEN 'activé'
  ELSE coalesce((
    SELECT CASE WHEN i.expires_at > :now THEN 'code envoyé' ELSE 'expiré' END FROM asso.user_invites i
    WHERE i."ID_PERSONNE" = p."ID_PERSONNE" AND i.redeemed_at IS NULL AND i.revoked_at IS NULL), 'sans code')
END
"""

# One statement for the page and its total, also when the page is past the end. Phones are neither returned to nor
# searched for those who may not see them: a search that finds is a way to read.
_PAGE: Final = text(f"""
WITH found AS (
  SELECT p."ID_PERSONNE" FROM asso.personnes p
  WHERE p.archived_at IS NULL
    AND (p.recherche LIKE ALL (
        ARRAY(SELECT '%' || asso.cle(word) || '%' FROM unnest(CAST(:words AS text[])) AS word))
      OR (:phones AND p.tout LIKE :number))
)
SELECT counted.total, page.* FROM (SELECT count(*) AS total FROM found) AS counted
LEFT JOIN LATERAL (
  SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role,
    CASE WHEN :phones THEN p.telephone_1 END AS telephone_1,
    CASE WHEN :phones THEN p.telephone_2 END AS telephone_2,
    CASE WHEN :phones THEN {_ACCESS} END AS access
  FROM asso.personnes p WHERE p."ID_PERSONNE" IN (SELECT "ID_PERSONNE" FROM found)
  ORDER BY p.tri, p."ID_PERSONNE" LIMIT :size OFFSET :offset
) AS page ON true
""")  # noqa: S608 (made of our own constants)


@requires(Permission.TEAM_READ)
def page(office: Office, actor: Actor, *, search: str = "", page: int = 1, size: int = PAGE_SIZE) -> Page:
    """A page of the Personnes whose names, or phone, hold every word of `search`; one round trip.

    Words are compared without case, accents, apostrophes, hyphens or order; a phone in any format. Who may not
    read Personnes gets names and roles only.
    """
    words, number = _patterns(search)
    rows = office.ask(
        _PAGE,
        words=words,
        number=number,
        phones=actor.may(Permission.PERSONNES_READ),
        now=office.now(),
        size=size,
        offset=(max(page, 1) - 1) * size,
    )
    return Page(rows=tuple(_row(row) for row in rows if row.id is not None), total=rows[0].total)


def _patterns(search: str) -> tuple[list[str], str | None]:
    """The words of `search`, ready for LIKE, and its pattern as a phone number when it could be one."""
    typed = re.sub(r"([\\%_])", r"\\\1", search.replace("\0", "")[:SEARCH_LENGTH])
    digits = re.sub(r"[\s()./-]", "", typed)
    words = [word for word in re.split(r"[\s'’‘‐‑–—-]+", typed) if word]
    if not re.fullmatch(r"\+?[0-9]{2,}", digits):
        return words, None
    return words, f"%{re.sub(r'^([+]33|0033)0?', '0', digits).removeprefix('+')}%"


def _row(row: Row[Any]) -> PersonneRow:
    return PersonneRow(
        id=row.id,
        nom=row.nom,
        prenom=row.prenom,
        role=Role(row.role),
        telephone_1=row.telephone_1,
        telephone_2=row.telephone_2,
        access=Access(row.access) if row.access else None,
    )


_GET: Final = text(f"""
WITH fiche AS (
  SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role, p.telephone_1, p.telephone_2, p.created_at, p.updated_at,
    {_ACCESS} AS access
  FROM asso.personnes p WHERE p."ID_PERSONNE" = :id
), audited AS ({audit.APPEND.rstrip()} WHERE EXISTS (SELECT 1 FROM fiche))
SELECT * FROM fiche
""")  # noqa: S608 (made of our own constants)


@requires(Permission.ACCOUNT_OWN)
def get(office: Office, actor: Actor, *, id: UUID) -> Personne:
    """The whole fiche `id`, the reading audited (T5); one round trip.

    Raises NotFound when there is none and, audited, when the actor may only see the own one.
    """
    if id != actor.personne_id and not actor.may(Permission.PERSONNES_READ):
        audit.record_alone(office, actor, audit.Deed.PERSONNE_READ, outcome="refused", personne_id=id)
        raise NotFound
    read = audit.entry(office, actor, audit.Deed.PERSONNE_READ, personne_id=id)
    rows = office.ask(_GET, id=id, now=office.now(), entries=audit.as_json(read))
    if not rows:
        raise NotFound
    row = rows[0]
    return Personne(**(dict(row._mapping) | {"role": Role(row.role), "access": Access(row.access)}))
