"""Invitations for one Personne or many: new codes, revoked and prolonged ones (R2-R4, G).

What cannot be done for one person is no reason to do nothing for the others: a Batch says who, and why not.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core import audit, limits
from core.code_batches import Batch, Failed, Why, issue_many, locked, only_shown, split
from core.codes import state
from core.errors import CodeAtFullLife, NoLiveCode, Refusal
from core.figures import INVITE_LIFE_DAYS, INVITE_LIFE_DAYS_AT_MOST
from core.invites import Issued, revoke_sql
from core.office import Office
from core.roles import Actor, Permission, requires

__all__ = ["extend_many", "issue", "revoke", "state"]


@requires(Permission.INVITES_MANAGE)
def issue(office: Office, actor: Actor, *, ids: Iterable[UUID], shown: Collection[UUID] | None = None) -> Batch:
    """A new code for each of `ids`, as one command, in the place of one of the codes `shown`, if these are given.

    The failures are OtherCode and those of `issue_many`. Raises TooManyAttempts.
    """
    with office.begin() as db:
        limits.count_command(db, office, actor)
        batch = issue_many(db, office, actor, ids, why=only_shown(shown))
        audit.record(db, *batch.entries)
    return batch


_REVOKE: Final = text(revoke_sql('"ID_INVITE" = ANY(CAST(:codes AS uuid[]))'))


@requires(Permission.INVITES_MANAGE)
def revoke(office: Office, actor: Actor, *, ids: Iterable[UUID], shown: Collection[UUID] | None = None) -> Batch:
    """Kill the codes of `ids` that were not used, over or not, so that they wait for nobody any more.

    Only those of `shown`, if they are given. The failures are NotFound, NoLiveCode, OtherCode. Raises TooManyAttempts.
    """

    def why(row: Row[Any]) -> Refusal | None:
        return only_shown(shown)(row) or (None if row.code_id else NoLiveCode())

    return _change(office, actor, ids, _REVOKE, audit.Deed.INVITE_REVOKED, why, replaced=False)


# Hours, not days: a day of the session's time zone may have 23. The constraint has the last word.
_EXTEND: Final = text("""
UPDATE asso.user_invites SET reminded_at = NULL, expires_at = least(
  expires_at + make_interval(hours => 24 * :days), created_at + make_interval(hours => 24 * :at_most))
WHERE "ID_INVITE" = ANY(CAST(:codes AS uuid[])) AND redeemed_at IS NULL AND revoked_at IS NULL AND expires_at > :now
RETURNING "ID_PERSONNE" AS id, expires_at
""")


@requires(Permission.INVITES_MANAGE)
def extend_many(office: Office, actor: Actor, *, ids: Iterable[UUID], shown: Collection[UUID] | None = None) -> Batch:
    """7 days more for the live codes of `ids`, up to 30 days from their creation; a reminder is due again.

    Only those of `shown`, if they are given. The failures are NotFound, NoLiveCode, OtherCode, CodeAtFullLife. Raises
    TooManyAttempts.
    """
    days, at_most = INVITE_LIFE_DAYS, INVITE_LIFE_DAYS_AT_MOST

    def why(row: Row[Any]) -> Refusal | None:
        over = row.expires_at is not None and row.expires_at >= row.created_at + timedelta(days=at_most)
        return only_shown(shown)(row) or _not_live(office)(row) or (CodeAtFullLife(at_most) if over else None)

    return _change(office, actor, ids, _EXTEND, audit.Deed.INVITE_EXTENDED, why, days=days, at_most=at_most)


def _not_live(office: Office) -> Why:
    now = office.now()
    return lambda row: None if row.expires_at is not None and row.expires_at > now else NoLiveCode()


def _change(
    office: Office, actor: Actor, ids: Iterable[UUID], statement: Any, deed: audit.Deed, why: Why, **values: Any
) -> Batch:
    """One UPDATE of live codes, and its audit; a code that was redeemed meanwhile is no longer live."""
    ids = list(ids)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        rows, failed = split(ids, locked(db, ids), why)
        found = db.execute(statement, {"codes": [row.code_id for row in rows], "now": office.now()} | values)
        ends = {row.id: row.expires_at for row in found}
        done = tuple(Issued(row.id, row.nom, row.prenom, "", ends[row.id]) for row in rows if row.id in ends)
        failed += [Failed(row.id, row.nom, row.prenom, NoLiveCode()) for row in rows if row.id not in ends]
        audit.record(db, *(audit.entry(office, actor, deed, personne_id=one.id) for one in done))
    return Batch(done, tuple(failed))
