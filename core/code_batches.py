"""New codes for one Personne or many: who gets one, who does not and why (R2-R4, G)."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, invites, limits
from core.errors import AlreadyActivated, NotFound, OtherCode, Refusal, RoleAboveOwn, TooManyAttempts
from core.figures import INVITE_LIFE_DAYS
from core.invites import REVOKE, Issued
from core.limits import Limit
from core.office import Office
from core.roles import Actor, Permission, Role, refuse


@dataclass(frozen=True)
class Failed:
    """Somebody for whom it was not done, and why; without a name when there is no such Personne."""

    id: UUID
    nom: str
    prenom: str
    why: Refusal


@dataclass(frozen=True)
class Batch:
    """What was done, and for whom not; `entries` are to be audited by the one who opened the transaction, last."""

    done: tuple[Issued, ...]
    failed: tuple[Failed, ...]
    entries: tuple[dict[str, Any], ...] = ()


# Locked in one order, then read: what a redeemer changed while we waited is seen.
_LOCK: Final = text("""
SELECT 1 FROM asso.personnes WHERE "ID_PERSONNE" = ANY(CAST(:ids AS uuid[])) ORDER BY "ID_PERSONNE" FOR UPDATE
""")
_READ: Final = text("""
SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role, p.email, p.version,
  i."ID_INVITE" AS code_id, i.created_at, i.expires_at,
  EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = p."ID_PERSONNE") AS activated,
  EXISTS (SELECT 1 FROM asso.user_invites o WHERE o."ID_PERSONNE" = p."ID_PERSONNE") AS invited
FROM asso.personnes p LEFT JOIN asso.user_invites i
  ON i."ID_PERSONNE" = p."ID_PERSONNE" AND i.redeemed_at IS NULL AND i.revoked_at IS NULL
WHERE p."ID_PERSONNE" = ANY(CAST(:ids AS uuid[])) AND p.archived_at IS NULL
ORDER BY p.tri, p."ID_PERSONNE"
""")
Why = Callable[[Row[Any]], Refusal | None]


def locked(db: Session, ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
    """The Personnes `ids` that are not archived, in the order of names, locked: two deeds about a code wait."""
    wanted = sorted(set(ids))
    db.execute(_LOCK, {"ids": wanted})
    return {row.id: row for row in db.execute(_READ, {"ids": wanted})}


def split(ids: Iterable[UUID], people: dict[UUID, Row[Any]], why: Why) -> tuple[list[Row[Any]], list[Failed]]:
    """Those for whom `why` has no answer, and the others with it."""
    answers = {key: why(row) for key, row in people.items()}
    unknown = [Failed(key, "", "", NotFound()) for key in dict.fromkeys(ids) if key not in people]
    failed = [Failed(key, people[key].nom, people[key].prenom, no) for key, no in answers.items() if no]
    return [people[key] for key, no in answers.items() if not no], failed + unknown


def only_shown(shown: Collection[UUID] | None) -> Why:
    """The answer for whoever has another code than those a screen showed; None showed nothing, and minds none.

    Somebody may have two lines in a list, and a colleague may have given a newer code since it was drawn.
    """
    return lambda row: OtherCode() if shown is not None and row.code_id and row.code_id not in shown else None


def issue_many(
    db: Session,
    office: Office,
    actor: Actor,
    ids: Iterable[UUID],
    *,
    why: Why = lambda _row: None,
    also: tuple[tuple[Limit, str], ...] = (),
) -> Batch:
    """New codes for the Personnes `ids` within a transaction, the old ones dead: five statements for any number.

    Not for those whom `why` refuses; counted against the limits `also` too. The failures are NotFound,
    AlreadyActivated, RoleAboveOwn, TooManyAttempts. The caller audits `entries`, last. Raises NotAllowed.
    """
    if not actor.may(Permission.INVITES_MANAGE):
        refuse(office, actor, Permission.INVITES_MANAGE, "issue_many")
    ids = list(ids)
    rows, failed = split(ids, locked(db, ids), lambda row: _no_code(actor, row) or why(row))
    rows, too_many = _count(db, office, rows, also)
    done = _write(db, office, actor, rows)
    issued, days = audit.Deed.INVITE_ISSUED, INVITE_LIFE_DAYS
    entries = tuple(audit.entry(office, actor, issued, personne_id=one.id, days=days) for one in done)
    return Batch(done, (*failed, *too_many), entries)


def _no_code(actor: Actor, row: Row[Any]) -> Refusal | None:
    if not actor.may_grant(Role(row.role)):
        return RoleAboveOwn()
    return AlreadyActivated() if row.activated else None


# Both limits of one person are counted, or neither.
_COUNT: Final = text("""
SELECT asked.id, counted.wait FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS asked(id uuid, limits jsonb)
CROSS JOIN LATERAL asso.reserve(asked.limits, :now) AS counted
""")


def _count(
    db: Session, office: Office, rows: list[Row[Any]], also: tuple[tuple[Limit, str], ...]
) -> tuple[list[Row[Any]], list[Failed]]:
    """Count a further code of those who had one (figures: 3 in 24 h); who must wait is not in the first list."""
    asked = []
    for row in rows:
        again = ((limits.INVITE_RESEND, str(row.id)),) if row.invited else ()
        if counted := (*again, *also):
            asked.append({"id": str(row.id), "limits": json.loads(limits.as_json(office, *counted))})
    if not asked:
        return rows, []
    found = db.execute(_COUNT, {"asked": json.dumps(asked), "now": office.now()})
    waits = {row.id: row.wait for row in found if row.wait is not None}
    late = [Failed(row.id, row.nom, row.prenom, TooManyAttempts(waits[row.id])) for row in rows if row.id in waits]
    return [row for row in rows if row.id not in waits], late


def _write(db: Session, office: Office, actor: Actor, rows: list[Row[Any]]) -> tuple[Issued, ...]:
    if not rows:
        return ()
    db.execute(REVOKE, {"ids": [row.id for row in rows], "now": office.now(), "replaced": True})
    return invites.add(db, office, ((row.id, row.nom, row.prenom) for row in rows), issued_by=actor.user_id)
