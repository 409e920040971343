"""A whole fiche: all that its screen shows, in one statement, each field only for those who may see it (T5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn
from uuid import UUID

from sqlalchemy import Row, text

from core import archives, audit, duplicates
from core.directory import ACCESS_SQL
from core.duplicates import Alike
from core.errors import NotFound
from core.office import Office
from core.roles import Actor, Permission, Role, requires
from core.wanted import Access


@dataclass(frozen=True)
class Account:
    """The account of a Personne, for those who manage accounts; times in UTC."""

    user_id: UUID
    email: str
    created_at: datetime
    last_sign_in_at: datetime | None
    suspended_at: datetime | None
    has_password: bool
    google_linked: bool
    factor_since: datetime | None
    password_change_required_at: datetime | None


@dataclass(frozen=True)
class Personne:
    """A whole fiche; times in UTC. What the reader may not see is empty (`note`, `alike`) or None (`account`)."""

    id: UUID
    nom: str
    prenom: str
    role: Role
    email: str | None
    telephone_1: str | None
    telephone_2: str | None
    note: str
    access: Access
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    account: Account | None
    alike: tuple[Alike, ...]


# All that the screen shows, in one statement: the fiche, its account and what looks like it, for those who may.
_GET: Final = text(f"""
WITH fiche AS (
  SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role, p.email, p.telephone_1, p.telephone_2, p.version,
    p.created_at, p.updated_at, p.archived_at, CASE WHEN :whole THEN p.note ELSE '' END AS note,
    {ACCESS_SQL} AS access
  FROM asso.personnes p WHERE p."ID_PERSONNE" = :id AND {archives.seen("p")}
), audited AS ({audit.APPEND.rstrip()} WHERE EXISTS (SELECT 1 FROM fiche))
SELECT fiche.*, account.*, (
  SELECT coalesce(jsonb_agg(to_jsonb(found) ORDER BY found.by_name DESC, found.id), '[]') FROM (
    SELECT * FROM ({duplicates.alike_sql("fiche.nom", "fiche.prenom", "fiche.telephone_1", "fiche.telephone_2")}) AS d
    WHERE :whole AND (:archives OR NOT d.archived) AND d.id <> fiche.id
      AND NOT EXISTS (SELECT FROM asso.not_duplicates n
      WHERE n.one_id = least(d.id, fiche.id) AND n.other_id = greatest(d.id, fiche.id))
    ORDER BY d.by_name DESC, d.id LIMIT {duplicates.SHOWN}) AS found) AS alike
FROM fiche LEFT JOIN LATERAL (
  SELECT u.id AS user_id, u.email AS account_email, u.created_at AS activated_at, u.last_sign_in_at, u.suspended_at,
    u.password_hash IS NOT NULL AS has_password, u.google_sub IS NOT NULL AS google_linked,
    u.password_change_required_at,
    (SELECT f.confirmed_at FROM asso.second_factors f WHERE f.user_id = u.id) AS factor_since
  FROM asso.users u WHERE u.personne_id = fiche.id AND :accounts
) AS account ON true
""")  # noqa: S608 (made of our own constants)


@requires(Permission.ACCOUNT_OWN)
def get(office: Office, actor: Actor, *, id: UUID, again: bool = False) -> Personne:
    """The whole fiche `id`, the reading audited (T5); one round trip. `again`: the same reading, drawn once more.

    Raises NotFound when there is none and, audited, when the actor may only see the own one, or no archived one.
    """
    if id != actor.personne_id and not actor.may(Permission.PERSONNES_READ):
        _refuse(office, actor, id)
    read = audit.entry(office, actor, audit.Deed.PERSONNE_READ, personne_id=id)
    whole, accounts = actor.may(Permission.PERSONNES_READ), actor.may(Permission.ACCOUNTS_MANAGE)
    values = {"entries": audit.as_json(*[] if again else [read]), "whole": whole, "accounts": accounts}
    rows = office.ask(_GET, id=id, now=office.now(), **values, **archives.values(actor))
    if not rows and not actor.may(Permission.ARCHIVES_READ):
        _refuse(office, actor, id)  # unknown or archived: it takes the same time
    if not rows:
        raise NotFound
    return _whole(rows[0])


def _refuse(office: Office, actor: Actor, id: UUID) -> NoReturn:
    audit.record_alone(office, actor, audit.Deed.PERSONNE_READ, outcome="refused", personne_id=id)
    raise NotFound


_OF_FICHE: Final = ("id", "nom", "prenom", "email", "telephone_1", "telephone_2", "note", "version")
_OF_ACCOUNT: Final = ("user_id", "last_sign_in_at", "suspended_at", "has_password", "google_linked", "factor_since")


def _whole(row: Row[Any]) -> Personne:
    return Personne(
        **{name: row._mapping[name] for name in (*_OF_FICHE, "created_at", "updated_at", "archived_at")},
        role=Role(row.role),
        access=Access(row.access),
        account=_account(row) if row.user_id else None,
        alike=tuple(duplicates.of(found) for found in row.alike),
    )


def _account(row: Row[Any]) -> Account:
    return Account(
        **{name: row._mapping[name] for name in _OF_ACCOUNT},
        email=row.account_email,
        created_at=row.activated_at,
        password_change_required_at=row.password_change_required_at,
    )
