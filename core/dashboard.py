"""Accueil: how many people there are and, for administrateurs, what needs doing and how it went, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text

from core import archives
from core.figures import (
    ARCHIVES_COUNTED_AT_MOST,
    CODES_COUNTED_AT_MOST,
    DASHBOARD_MAILS,
    DASHBOARD_TWINS,
    DASHBOARD_WEEKS,
    INVITE_REMINDER,
)
from core.french import PARIS
from core.office import Office
from core.roles import Actor, Permission, Role, requires


@dataclass(frozen=True)
class Todo:
    """What waits for somebody; all but accounts and mails are counted up to a figure (core/figures.py)."""

    ending: int  # codes that end within 48 h
    ended: int  # codes that were not used in time
    twins: int  # names that several fiches share
    twin: str  # one of them, as « Nom Prénom »; empty when there is none
    bare: int  # accounts without second factor
    bare_administrateurs: int
    failed_mails: int  # in the last 30 days
    outdated: int  # fiches archived so long ago that it may be time to erase them


@dataclass(frozen=True)
class Week:
    """A week, by its Monday in Paris: accesses that were activated, and sign-ins."""

    monday: date
    activations: int
    sign_ins: int


@dataclass(frozen=True)
class Dashboard:
    """What Accueil shows; `todo` and `weeks` for administrateurs only. `phone` and `email`: on the own fiche."""

    people: dict[Role, int]
    phone: bool
    email: bool
    todo: Todo | None = None
    weeks: tuple[Week, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.people.values())


_EVERYBODY: Final = """
SELECT (SELECT jsonb_object_agg(role, n) FROM (
    SELECT role, count(*) AS n FROM asso.personnes WHERE NOT archivee GROUP BY role) AS counted) AS people,
  p.telephone_1 IS NOT NULL OR p.telephone_2 IS NOT NULL AS phone, p.email IS NOT NULL AS email
"""
# An open code of somebody who has no account and is not archived.
_OPEN: Final = """
(SELECT count(*) FROM (
  SELECT 1 FROM asso.user_invites i JOIN asso.personnes o ON o."ID_PERSONNE" = i."ID_PERSONNE"
  WHERE i.redeemed_at IS NULL AND i.revoked_at IS NULL AND {end} AND o.archived_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM asso.users u WHERE u.personne_id = i."ID_PERSONNE") LIMIT :counted) AS some_codes)
"""
# Names are read in the order of their index, which brings equal ones together, until enough are found.
_TWINS: Final = """
(SELECT jsonb_build_object('count', count(*), 'name', coalesce(min(name), '')) FROM (
  SELECT name FROM (
    SELECT tri FROM asso.personnes WHERE NOT archivee GROUP BY archivee, tri HAVING count(*) > 1
  ) AS shared CROSS JOIN LATERAL (
    SELECT one.nom || ' ' || one.prenom AS name FROM asso.personnes one JOIN asso.personnes other
      ON other.tri = one.tri AND NOT other.archivee AND other."ID_PERSONNE" > one."ID_PERSONNE"
    WHERE one.tri = shared.tri AND NOT one.archivee AND NOT EXISTS (
      SELECT 1 FROM asso.not_duplicates n
      WHERE n.one_id = one."ID_PERSONNE" AND n.other_id = other."ID_PERSONNE")
    LIMIT 1
  ) AS pair LIMIT :twins) AS found)
"""
# The log is read by deed from the first row of those weeks on: it is far longer than what is counted.
_TODO: Final = f"""
, {_OPEN.format(end="i.expires_at > :now AND i.expires_at <= :soon")} AS ending,
  {_OPEN.format(end="i.expires_at <= :now")} AS ended,
  {_TWINS} AS twins,
  (SELECT jsonb_build_object('all', count(*), 'administrateurs', count(*) FILTER (WHERE h.role = 'administrateur'))
    FROM asso.users u JOIN asso.personnes h ON h."ID_PERSONNE" = u.personne_id
    WHERE u.suspended_at IS NULL AND h.archived_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM asso.second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)) AS bare,
  (SELECT count(*) FROM asso.mails m WHERE m.created_at >= :mails_since
    AND (m.failed_at IS NOT NULL AND m.reason NOT IN ('replaced', 'withdrawn')
      OR m.complained_at IS NOT NULL)) AS failed_mails,
  (SELECT count(*) FROM (
    SELECT 1 FROM asso.personnes p WHERE {archives.OUTDATED} LIMIT :archives_counted) AS some_archived) AS outdated,
  (SELECT jsonb_object_agg(week, jsonb_build_array(activations, sign_ins)) FROM (
    SELECT CAST(date_trunc('week', a.at AT TIME ZONE 'Europe/Paris') AS date) AS week,
      count(*) FILTER (WHERE a.deed = 'account_activated') AS activations,
      count(*) FILTER (WHERE a.deed <> 'account_activated') AS sign_ins
    FROM unnest(ARRAY['account_activated', 'sign_in', 'google_sign_in']) AS wanted(deed)
    JOIN asso.audit_log a ON a.deed = wanted.deed AND a.outcome = 'done' AND a.seq >= (
      SELECT coalesce(min(seq), 0) FROM (SELECT seq FROM asso.audit_log WHERE at >= :since ORDER BY at LIMIT 1) AS one)
    GROUP BY 1) AS counted) AS weeks
"""  # noqa: S608 (made of our own constants)
_OWN: Final = """FROM asso.personnes p WHERE p."ID_PERSONNE" = :id"""
_FOR_ALL: Final = text(_EVERYBODY + _OWN)
_FOR_ADMINISTRATEURS: Final = text(_EVERYBODY + _TODO + _OWN)


@requires(Permission.ACCOUNT_OWN)
def read(office: Office, actor: Actor) -> Dashboard:
    """What Accueil shows to the actor; one round trip."""
    if not actor.may(Permission.INVITES_MANAGE):
        return Dashboard(**_people(office.ask(_FOR_ALL, id=actor.personne_id)[0]))
    now = office.now()
    weeks = mondays(now)
    since = datetime(weeks[0].year, weeks[0].month, weeks[0].day, tzinfo=PARIS)
    values: dict[str, Any] = {
        "now": now,
        "soon": now + INVITE_REMINDER,
        "since": since,
        "mails_since": now - DASHBOARD_MAILS,
    }
    values |= {"counted": CODES_COUNTED_AT_MOST, "twins": DASHBOARD_TWINS, "id": actor.personne_id}
    values["archives_counted"] = ARCHIVES_COUNTED_AT_MOST
    row = office.ask(_FOR_ADMINISTRATEURS, **values)[0]
    return Dashboard(**_people(row), todo=_todo(row), weeks=_weeks(weeks, row.weeks or {}))


def mondays(now: datetime) -> list[date]:
    """The Mondays of the last weeks, this one's last."""
    today = now.astimezone(PARIS).date()
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in reversed(range(DASHBOARD_WEEKS))]


def _people(row: Row[Any]) -> dict[str, Any]:
    counted = row.people or {}
    return {"people": {role: counted.get(role.value, 0) for role in Role}, "phone": row.phone, "email": row.email}


def _todo(row: Row[Any]) -> Todo:
    return Todo(
        ending=row.ending,
        ended=row.ended,
        twins=row.twins["count"],
        twin=row.twins["name"],
        bare=row.bare["all"],
        bare_administrateurs=row.bare["administrateurs"],
        failed_mails=row.failed_mails,
        outdated=row.outdated,
    )


def _weeks(mondays: list[date], counted: dict[str, list[int]]) -> tuple[Week, ...]:
    return tuple(Week(monday, *counted.get(monday.isoformat(), (0, 0))) for monday in mondays)
