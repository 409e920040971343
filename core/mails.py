"""« Courriels »: what became of each mail, for administrateurs; never what it says (R11)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core import invite_mails
from core.carriers import Reason
from core.errors import NotFound, NotSentAgain
from core.figures import PAGE_SIZE
from core.letter import Kind
from core.office import Office
from core.roles import Actor, Permission, requires


class MailState(StrEnum):
    """How far a mail is, read from its dates."""

    EN_ATTENTE = "en attente"
    ACCEPTE = "accepté"
    DISTRIBUE = "distribué"
    ECHEC_PROVISOIRE = "échec provisoire"
    ECHEC = "échec"
    PLAINTE = "plainte"
    INCONNU = "inconnu"


_WELL: Final = frozenset({MailState.ACCEPTE, MailState.DISTRIBUE})


@dataclass(frozen=True)
class MailRow:
    """A line of the list; `at` is the last news of it, in UTC. `personne` is None once erased, or for nobody's mail."""

    id: UUID
    kind: Kind
    personne: str | None
    state: MailState
    reason: Reason | None
    created_at: datetime
    at: datetime
    next_try_at: datetime | None
    can_be_sent_again: bool


@dataclass(frozen=True)
class Page:
    """A page of the list, newest first, and how many mails there are in all."""

    rows: tuple[MailRow, ...]
    total: int


# Of alias m of asso.mails; other lists show it too.
STATE_SQL: Final = """
CASE
  WHEN m.complained_at IS NOT NULL THEN 'plainte'
  WHEN m.failed_at IS NOT NULL THEN 'échec'
  WHEN m.delivered_at IS NOT NULL THEN 'distribué'
  WHEN m.unsure_at IS NOT NULL AND m.accepted_at IS NULL THEN 'inconnu'
  WHEN m.deferred_at IS NOT NULL THEN 'échec provisoire'
  WHEN m.accepted_at IS NOT NULL THEN 'accepté'
  ELSE 'en attente'
END
"""
_LOST: Final = "coalesce(m.reason, '') NOT IN ('replaced', 'withdrawn')"
# A mail that still waits will leave by itself; a Personne with an account needs no code; and what a newer letter or
# the end of its code took back was not lost: to send it again would kill the code that somebody has since.
_PAGE: Final = text(f"""
WITH listed AS (SELECT m.id, {STATE_SQL} AS state FROM asso.mails m),
found AS (SELECT id, state FROM listed WHERE :state IS NULL OR state = :state)
SELECT counted.total, page.* FROM (SELECT count(*) AS total FROM found) AS counted
LEFT JOIN LATERAL (
  SELECT m.id, m.kind, found.state, m.reason, m.created_at, p.prenom || ' ' || p.nom AS personne,
    greatest(m.created_at, m.claimed_at, m.deferred_at, m.accepted_at, m.delivered_at, m.unsure_at, m.failed_at,
      m.complained_at) AS at,
    CASE WHEN m.sealed IS NOT NULL AND m.tries > 0 THEN m.next_try_at END AS next_try_at,
    m.kind = 'invitation' AND m.sealed IS NULL AND {_LOST} AND p.archived_at IS NULL AND p."ID_PERSONNE" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = m.personne_id) AS can_be_sent_again
  FROM found JOIN asso.mails m ON m.id = found.id
  LEFT JOIN asso.personnes p ON p."ID_PERSONNE" = m.personne_id
  ORDER BY m.created_at DESC, m.id LIMIT :size OFFSET :offset
) AS page ON true
""")  # noqa: S608 (made of our own constants)


@requires(Permission.AUDIT_READ)
def page(
    office: Office, _actor: Actor, *, page: int = 1, size: int = PAGE_SIZE, state: MailState | None = None
) -> Page:
    """A page of the mails, those in `state` only when one is named; one round trip."""
    wanted = state.value if state else None
    rows = office.ask(_PAGE, state=wanted, size=size, offset=(max(page, 1) - 1) * size)
    found = tuple(_row(row) for row in rows if row.id is not None)
    return Page(rows=found, total=rows[0].total)


def _row(row: Row[Any]) -> MailRow:
    state = MailState(row.state)
    return MailRow(
        id=row.id,
        kind=Kind(row.kind),
        personne=row.personne,
        state=state,
        reason=Reason(row.reason) if row.reason and state not in _WELL else None,
        created_at=row.created_at,
        at=row.at,
        next_try_at=row.next_try_at,
        can_be_sent_again=row.can_be_sent_again,
    )


# What is sent again is never the old letter, which is wiped, but a new one with a new code. Who asked for a reset
# asks for another one.
_AGAIN: Final[dict[Kind, Callable[..., None]]] = {Kind.INVITATION: invite_mails.send_new}
_FIND: Final = text(f"SELECT kind, personne_id, {_LOST} AS lost FROM asso.mails m WHERE id = :id")  # noqa: S608 (made of our own constants)


@requires(Permission.AUDIT_READ)
def send_again(office: Office, actor: Actor, *, id: UUID, email: str) -> None:
    """Make a new letter, to `email`, in the place of the mail `id`.

    Raises NotFound, NotSentAgain, and what the deed behind the letter raises (invite_mails.send_new).
    """
    found = office.ask(_FIND, id=id)
    if not found or found[0].personne_id is None:
        raise NotFound
    again = _AGAIN.get(Kind(found[0].kind))
    if again is None or not found[0].lost:
        raise NotSentAgain
    again(office, actor, personne_id=found[0].personne_id, email=email)
