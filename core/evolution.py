"""How people evolve: how many there were at the end of each of the last weeks, by role and by state of the access."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import text

from core.dashboard import mondays
from core.french import PARIS
from core.office import Office
from core.roles import Actor, Permission, Role, requires
from core.wanted import Access


@dataclass(frozen=True)
class Moment:
    """The end of a day: how many people were not archived, in all, by role and by state of the access."""

    day: date
    roles: dict[Role, int]
    access: dict[Access, int]


# Moments are numbered from 1 and what is dated lies between two of them: what began after `first` moments and ended
# after `last` of them was there at those between. Each table is then read once, whatever the number of moments.
_AFTER: Final = "width_bucket({}, CAST(:moments AS timestamptz[]))"
_FIRST: Final = _AFTER.format
_COUNT: Final = "cardinality(CAST(:moments AS timestamptz[]))"


def _last(end: str) -> str:
    return f"coalesce({_AFTER.format(end)}, {_COUNT})"


_THERE: Final = "first < m.n AND m.n <= last"
# The role that somebody has today, then what changed it: before its moment, one less of the new role, one more of the
# former. Codes that were prolonged count with the end they have now; of two that a merge brought together, the later.
_EVOLUTION: Final = text(f"""
WITH moments AS (SELECT generate_series(1, {_COUNT}) AS n),
fiches AS (
  SELECT role, {_FIRST("created_at")} AS first, {_last("archived_at")} AS last, count(*) AS people
  FROM asso.personnes GROUP BY 1, 2, 3
), changed AS (
  SELECT {_FIRST("p.created_at")} AS first, least({_last("p.archived_at")}, {_FIRST("c.at")}) AS last,
    c.details ->> 'from' AS before, c.details ->> 'to' AS after
  FROM asso.audit_log c JOIN asso.personnes p ON p."ID_PERSONNE" = c.personne_id
  WHERE c.deed = 'role_changed' AND c.outcome = 'done' AND c.at >= :since AND c.seq >= (
    SELECT coalesce(min(seq), 0) FROM (SELECT seq FROM asso.audit_log WHERE at >= :since ORDER BY at LIMIT 1) AS one)
), accounts AS (
  SELECT greatest({_FIRST("p.created_at")}, {_FIRST("u.created_at")}) AS first, {_last("p.archived_at")} AS last,
    {_last("u.suspended_at")} AS until, count(*) AS people
  FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id GROUP BY 1, 2, 3
), codes AS (
  SELECT greatest({_FIRST("p.created_at")}, {_FIRST("i.created_at")}) AS first,
    least({_last("p.archived_at")}, {_last("i.redeemed_at")}, {_last("i.revoked_at")}, {_last("i.following")},
      {_last("u.created_at")}) AS last,
    {_FIRST("i.expires_at")} AS until, count(*) AS people
  FROM (
    SELECT *, lead(created_at) OVER (PARTITION BY "ID_PERSONNE" ORDER BY created_at) AS following FROM asso.user_invites
  ) AS i JOIN asso.personnes p ON p."ID_PERSONNE" = i."ID_PERSONNE"
  LEFT JOIN asso.users u ON u.personne_id = i."ID_PERSONNE" GROUP BY 1, 2, 3
)
SELECT m.n, role AS name, people FROM moments m JOIN fiches ON {_THERE}
UNION ALL SELECT m.n, before, 1 FROM moments m JOIN changed ON {_THERE}
UNION ALL SELECT m.n, after, -1 FROM moments m JOIN changed ON {_THERE}
UNION ALL SELECT m.n, CASE WHEN m.n <= until THEN 'activé' ELSE 'suspendu' END, people
  FROM moments m JOIN accounts ON {_THERE}
UNION ALL SELECT m.n, CASE WHEN m.n <= until THEN 'code envoyé' ELSE 'expiré' END, people
  FROM moments m JOIN codes ON {_THERE}
""")  # noqa: S608 (made of our own constants)


@requires(Permission.INVITES_MANAGE)
def read(office: Office, _actor: Actor) -> tuple[Moment, ...]:
    """The ends of the last weeks, then now; one round trip.

    Read from what is kept: who was erased since, or has deleted the account, is counted as if it had never been.
    """
    now = office.now()
    ends = [datetime(day.year, day.month, day.day, tzinfo=PARIS) for day in mondays(now)]
    # What happens at the very moment has happened.
    moments = [at + timedelta(microseconds=1) for at in (*ends, now)]
    counts: list[Counter[str]] = [Counter() for _ in moments]
    for row in office.ask(_EVOLUTION, moments=moments, since=ends[0]):
        counts[row.n - 1][row.name] += row.people
    days = [end.date() - timedelta(days=1) for end in ends]
    return tuple(map(_moment, [*days, now.astimezone(PARIS).date()], counts))


def _moment(day: date, counted: Counter[str]) -> Moment:
    roles = {role: counted[role.value] for role in Role}
    access = {state: counted[state.value] for state in Access}
    access[Access.SANS_CODE] = sum(roles.values()) - sum(access.values())
    return Moment(day, roles, access)
