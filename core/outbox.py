"""The outbox: a mail is written in its deed's transaction, then sent at most once by whoever claims it (R11)."""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from threading import Event
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import Row, event, text
from sqlalchemy.orm import Session

from core import sealing
from core.carriers import Carrier, Outgoing, PermanentFailure, Reason, TemporaryFailure, Unsure
from core.figures import MAIL_FIRST_WAIT, MAIL_LEASE, MAIL_LONGEST_WAIT
from core.letter import Kind, Letter
from core.office import Office
from core.roles import for_operators

_LOG: Final = logging.getLogger(__name__)
_PURPOSE: Final = "mails"

# Set when a mail of this process can leave: its worker need not wait for the next round.
posted: Final = Event()

# The code or link of such a mail kills the one before: a mail that still waits with that one would only mislead.
_ONE_AT_A_TIME: Final = frozenset({Kind.INVITATION, Kind.RESET, Kind.EMAIL_CONFIRM})
_POST: Final = text("""
WITH replaced AS (
  UPDATE asso.mails SET sealed = NULL, failed_at = :now, reason = 'replaced'
  WHERE :alone AND kind = :kind AND personne_id = :personne_id AND claimed_at IS NULL
    AND accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL
)
INSERT INTO asso.mails (id, kind, personne_id, sealed, created_at, expires_at, next_try_at)
VALUES (:id, :kind, :personne_id, :sealed, :now, :expires_at, :now)
""")


def post(db: Session, office: Office, letter: Letter, *, personne_id: UUID | None) -> None:
    """Write `letter` in the transaction of the deed it tells of: it leaves after the commit, or not at all."""
    key, now = office.uuid(), office.now()
    content = {"to": letter.to, "subject": letter.subject, "text": letter.text, "html": letter.html}
    sealed = sealing.encrypt(office, _PURPOSE, json.dumps(content).encode(), bound_to=str(key))
    values = {"id": key, "kind": letter.kind.value, "personne_id": personne_id, "sealed": sealed}
    alone = letter.kind in _ONE_AT_A_TIME
    db.execute(_POST, values | {"now": now, "expires_at": now + letter.life, "alone": alone})
    event.listen(db, "after_commit", lambda _session: posted.set(), once=True)


_UNSENT: Final = "accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL AND claimed_at IS NULL"
_DROP: Final = text(f"""
UPDATE asso.mails SET sealed = NULL, failed_at = :now, reason = 'replaced'
WHERE personne_id = ANY(CAST(:people AS uuid[])) AND {_UNSENT}
""")  # noqa: S608 (made of our own constants)


def drop(db: Session, office: Office, people: Iterable[UUID]) -> None:
    """End what has not left of the mails to `people`, who are about to be erased: their names stand in it."""
    db.execute(_DROP, {"people": list(people), "now": office.now()})


def withdraw_sql(people: str) -> str:
    """The statement that ends what has not left of the invitations of `people`, keys in SQL, whose code is dead."""
    return f"""
UPDATE asso.mails SET sealed = NULL, failed_at = :now, reason = 'withdrawn'
WHERE personne_id IN ({people}) AND kind IN ('invitation', 'invite_reminder') AND {_UNSENT}
"""  # noqa: S608 (made of our own constants)


# What is over without having been sent: too old to be of use, or claimed by somebody who died with it in hand,
# perhaps after handing it over.
_SWEEP: Final = text("""
UPDATE asso.mails SET sealed = NULL, claimed_at = NULL,
  unsure_at = CASE WHEN claimed_at IS NOT NULL THEN CAST(:now AS timestamptz) END,
  failed_at = CASE WHEN claimed_at IS NULL THEN CAST(:now AS timestamptz) END,
  reason = CASE WHEN claimed_at IS NOT NULL THEN 'interrupted' ELSE 'expired' END
WHERE id IN (
  SELECT id FROM asso.mails
  WHERE accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL
    AND (claimed_at <= :lost OR (claimed_at IS NULL AND expires_at <= :now))
  FOR UPDATE SKIP LOCKED)
""")
# Two senders never hold one mail: the second skips the row that the first has locked, then finds it claimed.
# What is worth something for the shortest time goes first: a reset does not wait behind invitations.
_CLAIM: Final = text(f"""
UPDATE asso.mails SET claimed_at = :now, tries = tries + 1 WHERE id = (
  SELECT id FROM asso.mails WHERE {_UNSENT} AND next_try_at <= :now AND expires_at > :now
  ORDER BY expires_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, sealed, tries, created_at
""")  # noqa: S608 (made of our own constants)


@for_operators
def send_due(
    office: Office, carrier: Carrier | None, *, at_most: int = 20, stop: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due, and return how many mails were accepted; without a carrier, only end what is over.

    A mail at a time, claimed in one statement and recorded in another; stops when `stop` says so, and at the first
    failure that is the carrier's, for it would be that of the next mail too. Raises Unavailable.
    """
    now = office.now()
    office.ask(_SWEEP, now=now, lost=now - MAIL_LEASE)
    accepted = 0
    for _ in range(at_most if carrier else 0):
        claimed = () if stop() else office.ask(_CLAIM, now=office.now())
        if not claimed:
            break
        outcome = _carried(office, carrier, claimed[0])  # type: ignore[arg-type] # there is one in this loop
        _record(office, claimed[0], outcome)
        accepted += outcome.get("state") == "accepted"
        if outcome.get("state") == "deferred":
            break
    return accepted


def _carried(office: Office, carrier: Carrier, row: Row[Any]) -> dict[str, Any]:
    """What came of handing the mail over."""
    try:
        plain = sealing.decrypt(office, _PURPOSE, bytes(row.sealed), bound_to=str(row.id))
        return {"state": "accepted", "provider_id": carrier.carry(_outgoing(row, plain))}
    except TemporaryFailure as failure:
        return {"state": "deferred", "reason": failure.reason, "retry_after": failure.retry_after}
    except PermanentFailure as failure:
        return {"state": "failed", "reason": failure.reason}
    except Unsure as doubt:
        return {"state": "unsure", "reason": doubt.reason}
    except InvalidTag:  # another server key: nobody will ever read it
        return {"state": "failed", "reason": Reason.UNREADABLE}


def _outgoing(row: Row[Any], plain: bytes) -> Outgoing:
    return Outgoing(id=row.id, at=row.created_at, **json.loads(plain))


# A webhook may have been faster than we are: what it wrote stays.
_OVER: Final = text("""
UPDATE asso.mails SET sealed = NULL, claimed_at = NULL, provider_id = coalesce(provider_id, :provider_id),
  deferred_at = CASE WHEN accepted_at IS NOT NULL THEN deferred_at END,
  reason = CASE WHEN accepted_at IS NULL THEN :reason ELSE reason END,
  failed_at = CASE WHEN :state = 'failed' AND accepted_at IS NULL THEN :now ELSE failed_at END,
  unsure_at = CASE WHEN :state = 'unsure' AND accepted_at IS NULL THEN CAST(:now AS timestamptz) END,
  accepted_at = CASE WHEN :state = 'accepted' THEN coalesce(accepted_at, :now) ELSE accepted_at END
WHERE id = :id
""")
# A provider that asks to wait is not asked for other mails meanwhile, by any replica. A deed that takes letters back
# holds many rows at once: nobody waits for it here, nor in the sweep, while holding some.
_DEFER: Final = text(f"""
WITH deferred AS (
  UPDATE asso.mails SET claimed_at = NULL, deferred_at = :now, reason = :reason, next_try_at = :next
  WHERE id = :id AND accepted_at IS NULL RETURNING id
)
UPDATE asso.mails SET next_try_at = :until WHERE id IN (
  SELECT id FROM asso.mails WHERE {_UNSENT} AND next_try_at < :until AND id <> :id FOR UPDATE SKIP LOCKED)
""")  # noqa: S608 (made of our own constants)


def _record(office: Office, row: Row[Any], outcome: dict[str, Any]) -> None:
    values = {"id": row.id, "now": office.now(), "reason": outcome.get("reason")}
    if outcome["state"] == "deferred":
        wait = outcome["retry_after"]
        until = office.now() + wait if wait else None
        following = office.now() + max(wait or timedelta(), _back_off(office, row.tries))
        office.ask(_DEFER, **values, next=following, until=until)
    else:
        office.ask(_OVER, **values, state=outcome["state"], provider_id=outcome.get("provider_id"))
    if outcome["state"] != "accepted":
        _LOG.warning("Mail %s, try %s: %s (%s).", row.id, row.tries, outcome["state"], outcome["reason"])


def _back_off(office: Office, tries: int) -> timedelta:
    """Twice as long each time, up to 15 minutes, of which up to a half is chance: replicas do not come back as one."""
    longest = min(MAIL_FIRST_WAIT * (1 << min(tries - 1, 10)), MAIL_LONGEST_WAIT)
    return longest * (0.5 + office.uuid().int % 1000 / 2000)


_WAITING: Final = text(
    "SELECT count(*) AS n FROM asso.mails WHERE accepted_at IS NULL AND failed_at IS NULL AND unsure_at IS NULL"
)


@for_operators
def waiting(office: Office) -> int:
    """How many mails have not left yet."""
    return int(office.ask(_WAITING)[0].n)
