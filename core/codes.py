"""What became of invitation codes: the last one of a Personne, and all of them in a list (R2-R4, E)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core import mails, search
from core.figures import CODES_COUNTED_AT_MOST, INVITE_REMINDER, PAGE_SIZE
from core.mails import MailState
from core.office import Office
from core.roles import Actor, Permission, requires


class InviteState(StrEnum):
    """What became of a code, read from its dates."""

    EN_ATTENTE = "en attente"
    BIENTOT = "expire bientôt"
    EXPIRE = "expiré"
    ACTIVE = "activé"
    REVOQUE = "révoqué"
    REMPLACE = "remplacé"


LIVE: Final = frozenset({InviteState.EN_ATTENTE, InviteState.BIENTOT})


@dataclass(frozen=True)
class CodeState:
    """The last code of a Personne; times in UTC. `mail` is None when it was not mailed, `issued_by` for operators."""

    id: UUID
    state: InviteState
    created_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None
    revoked_at: datetime | None
    reminded_at: datetime | None
    issued_by: str | None
    mail: MailState | None
    has_account: bool

    @property
    def live(self) -> bool:
        """Whether it can still be used."""
        return self.state in LIVE


@dataclass(frozen=True)
class CodeRow:
    """A line of the list: a code and the Personne it was issued to."""

    personne_id: UUID
    nom: str
    prenom: str
    email: str | None
    code: CodeState


@dataclass(frozen=True)
class Page:
    """A page of the list, newest first, and how many are found in all; `capped` when there are more than `total`."""

    rows: tuple[CodeRow, ...]
    total: int
    capped: bool


# Of aliases i (asso.user_invites) and, for its mail, the mails of its Personne while it was the live one.
STATE_SQL: Final = """
CASE
  WHEN i.redeemed_at IS NOT NULL THEN 'activé'
  WHEN i.replaced THEN 'remplacé'
  WHEN i.revoked_at IS NOT NULL THEN 'révoqué'
  WHEN i.expires_at <= :now THEN 'expiré'
  WHEN i.expires_at <= :soon THEN 'expire bientôt'
  ELSE 'en attente'
END
"""
MAIL_SQL: Final = f"""
(SELECT {mails.STATE_SQL} FROM asso.mails m
 WHERE m.personne_id = i."ID_PERSONNE" AND m.kind = 'invitation' AND m.created_at >= i.created_at
   AND (i.revoked_at IS NULL OR m.created_at < i.revoked_at)
 ORDER BY m.created_at DESC, m.id LIMIT 1)
"""  # noqa: S608 (made of our own constants)
ISSUER_SQL: Final = """
(SELECT a.prenom || ' ' || a.nom FROM asso.users u
 JOIN asso.personnes a ON a."ID_PERSONNE" = u.personne_id WHERE u.id = i.issued_by)
"""
_COLUMNS: Final = f"""i."ID_INVITE" AS id, {STATE_SQL} AS state, i.created_at, i.expires_at, i.redeemed_at,
  i.revoked_at, i.reminded_at,
  {ISSUER_SQL} AS issued_by, {MAIL_SQL} AS mail,
  EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = i."ID_PERSONNE") AS has_account"""  # noqa: S608 (made of our own constants)
_LAST: Final = f"""
SELECT {_COLUMNS} FROM asso.user_invites i WHERE i."ID_PERSONNE" = :id
ORDER BY (i.redeemed_at IS NULL AND i.revoked_at IS NULL) DESC, i.created_at DESC, i."ID_INVITE" LIMIT 1
"""  # noqa: S608 (made of our own constants)


def _times(office: Office) -> dict[str, datetime]:
    """The values that STATE_SQL needs."""
    return {"now": office.now(), "soon": office.now() + INVITE_REMINDER}


@requires(Permission.INVITES_MANAGE)
def state(office: Office, _actor: Actor, *, personne_id: UUID) -> CodeState | None:
    """What became of the last code of a Personne; None when it never had one. One round trip."""
    rows = office.ask(text(_LAST), id=personne_id, **_times(office))
    return _state(rows[0]._asdict()) if rows else None


def _state(row: Mapping[str, Any]) -> CodeState:
    known = {name: row[name] for name in CodeState.__dataclass_fields__}
    return CodeState(**(known | {"state": InviteState(row["state"]), "mail": row["mail"] and MailState(row["mail"])}))


_OPEN: Final = "i.redeemed_at IS NULL AND i.revoked_at IS NULL"
# The codes that a state means; without one, all but those that a newer code has replaced.
_WHERE: Final = {
    None: "NOT i.replaced",
    InviteState.EN_ATTENTE: f"{_OPEN} AND i.expires_at > :soon",
    InviteState.BIENTOT: f"{_OPEN} AND i.expires_at > :now AND i.expires_at <= :soon",
    InviteState.EXPIRE: f"{_OPEN} AND i.expires_at <= :now",
    InviteState.ACTIVE: "i.redeemed_at IS NOT NULL",
    InviteState.REVOQUE: "i.revoked_at IS NOT NULL AND NOT i.replaced",
    InviteState.REMPLACE: "i.replaced",
}
# One statement for the page and its total, also when the page is past the end.
_PAGE: Final = """
SELECT counted.total, page.* FROM (
  SELECT count(*) AS total FROM (SELECT 1 FROM {found} ORDER BY i.created_at DESC LIMIT :counted + 1) AS few
) AS counted LEFT JOIN LATERAL (
  SELECT i."ID_PERSONNE" AS personne_id, p.nom, p.prenom, p.email, {columns}
  FROM (
    SELECT i."ID_INVITE" AS id FROM {found}
    ORDER BY i.created_at DESC, i."ID_INVITE" DESC LIMIT :size OFFSET :offset
  ) AS wanted JOIN asso.user_invites i ON i."ID_INVITE" = wanted.id
  JOIN asso.personnes p ON p."ID_PERSONNE" = i."ID_PERSONNE"
  ORDER BY i.created_at DESC, i."ID_INVITE" DESC
) AS page ON true
"""
_FOUND: Final = """asso.user_invites i JOIN asso.personnes p ON p."ID_PERSONNE" = i."ID_PERSONNE"
  WHERE p.archived_at IS NULL AND {conditions}"""


@requires(Permission.INVITES_MANAGE)
def page(
    office: Office,
    _actor: Actor,
    *,
    typed: str = "",
    state: InviteState | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page:
    """A page of the codes of people who are not archived: in one state, of those that `typed` finds. One round trip."""
    searched, values = _found(typed, state)
    values |= _times(office) | {"counted": CODES_COUNTED_AT_MOST, "size": size}
    statement = text(_PAGE.format(found=searched, columns=_COLUMNS))
    rows = office.ask(statement, **values, offset=(max(page, 1) - 1) * size)
    found = tuple(_row(row) for row in rows if row.id is not None)
    return Page(found, min(rows[0].total, CODES_COUNTED_AT_MOST), capped=rows[0].total > CODES_COUNTED_AT_MOST)


@requires(Permission.INVITES_MANAGE)
def count(office: Office, _actor: Actor, *, typed: str = "", state: InviteState | None = None) -> int:
    """How many codes `page` would find, all counted; one round trip, that takes its time when they are many."""
    searched, values = _found(typed, state)
    return int(office.ask(text(f"SELECT count(*) AS n FROM {searched}"), **values | _times(office))[0].n)  # noqa: S608 (made of our own constants)


def _found(typed: str, state: InviteState | None) -> tuple[str, dict[str, Any]]:
    searched, values = search.condition(search.clean(typed), everything=True)
    conditions = " AND ".join(part for part in (_WHERE[state], searched) if part)
    return _FOUND.format(conditions=conditions), values


def _row(row: Row[Any]) -> CodeRow:
    return CodeRow(row.personne_id, row.nom, row.prenom, row.email, _state(row._asdict()))
