"""« Vérifier l'intégrité »: the walk of audit.verify in portions, so that a screen can say how far it is (T7)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from core import audit, limits
from core.figures import JOURNAL_CHECKED_AT_ONCE
from core.office import Office
from core.roles import Actor, Permission, requires

_LOG: Final = logging.getLogger(__name__)
_NOTHING_YET: Final = -(2**63)


@dataclass(frozen=True)
class Checked:
    """How many lines there are; the number of the first one that is not as it was written, and when it says it was.

    `at` is None for a line that is missing.
    """

    rows: int
    first_altered: int | None
    at: datetime | None


# The rules of audit.verify on a portion: `position` counts from the beginning, `previous` is the digest before. Head
# and portion are of one instant: behind the last portion nothing can have been appended meanwhile.
_PORTION: Final = text("""
WITH portion AS (
  SELECT seq, at, digest, content_digest,
    asso.audit_content(seq, at, deed, outcome, actor_id, personne_id, ip, details) AS actual
  FROM asso.audit_log WHERE seq > :after ORDER BY seq LIMIT :size
), chain AS (
  SELECT *, :rows + row_number() OVER (ORDER BY seq) AS position,
    lag(digest, 1, CAST(:digest AS bytea)) OVER (ORDER BY seq) AS previous
  FROM portion
), altered AS (
  SELECT position, CASE WHEN seq = position THEN at END AS at FROM chain
  WHERE seq <> position OR content_digest <> actual OR digest <> sha256(previous || content_digest)
  ORDER BY position LIMIT 1
), newest AS (SELECT seq, at, digest FROM portion ORDER BY seq DESC LIMIT 1)
SELECT (SELECT count(*) FROM portion) AS rows, newest.seq, newest.at, newest.digest,
  altered.position AS altered, altered.at AS altered_at, head.seq AS head_seq, head.digest AS head_digest
FROM (SELECT 1) AS one LEFT JOIN newest ON true LEFT JOIN altered ON true LEFT JOIN asso.audit_head head ON true
""")
_REST: Final = text("SELECT count(*) AS rows FROM asso.audit_log WHERE seq > :after")


@requires(Permission.AUDIT_READ)
def verify(office: Office, actor: Actor, *, progress: Callable[[int, int], None]) -> Checked:
    """The verdict of audit.verify; `progress` hears how many lines are checked, of how many. Itself audited, last.

    Raises TooManyAttempts, and Unavailable when the database goes away meanwhile.
    """
    limits.reserve(office, (limits.COMMANDS, str(actor.user_id)))
    found = _walk(office, progress)
    facts = {"rows": found.rows, "first_altered": found.first_altered}
    try:
        audit.record_alone(office, actor, audit.Deed.JOURNAL_CHECKED, **facts)
    except IntegrityError:  # somebody has added a line under the next number: that is the verdict already
        _LOG.exception("The journal cannot be written any more.")
    return found


def _walk(office: Office, progress: Callable[[int, int], None]) -> Checked:
    rows, after, at, digest = 0, _NOTHING_YET, None, bytes(32)
    while True:
        values = {"after": after, "size": JOURNAL_CHECKED_AT_ONCE, "rows": rows, "digest": digest}
        portion = office.ask(_PORTION, **values)[0]
        rows += portion.rows
        if portion.rows:
            after, at, digest = portion.seq, portion.at, bytes(portion.digest)
        if portion.altered is not None:
            rest = office.ask(_REST, after=after)[0].rows
            return Checked(rows + rest, portion.altered, portion.altered_at)
        progress(rows, max(rows, portion.head_seq or 0))
        if portion.rows < JOURNAL_CHECKED_AT_ONCE:
            return _at_the_end(portion, rows, after, at, digest)


def _at_the_end(portion: Row[Any], rows: int, last: int, at: datetime | None, digest: bytes) -> Checked:
    """Compare the end of the chain with its head: nothing was cut off."""
    if portion.head_seq != (last if rows else 0):
        return Checked(rows, rows + 1, None)
    if rows and bytes(portion.head_digest) != digest:
        return Checked(rows, last, at)
    return Checked(rows, None, None)
