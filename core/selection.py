"""Many fiches under one lock: each person decided alone, whatever is refused to one stops nobody else (T6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, fiche_rows, limits
from core.errors import FicheChanged, LastAdministrator, NotFound, Refusal, TooManyPeople
from core.figures import BULK_AT_MOST
from core.invites import Issued
from core.office import Office
from core.roles import Actor, Permission, Role


@dataclass(frozen=True)
class Picked:
    """A Personne as the screen showed it when the deed was asked for."""

    id: UUID
    nom: str = ""
    prenom: str = ""
    version: int | None = None  # None: whatever it was


@dataclass(frozen=True)
class BulkOutcome:
    """For whom it was done, in the order of the selection, for whom not, and the codes when there are new ones."""

    done: tuple[Picked, ...]
    failed: tuple[tuple[Picked, Refusal], ...]
    codes: tuple[Issued, ...] = ()


@dataclass(frozen=True)
class Act:
    """A bulk deed: the rules for one row, and what is written for those who pass them."""

    already: Callable[[Row[Any]], bool]
    why_not: Callable[[Actor, Row[Any]], Refusal | None]
    takes_right: bool  # an administrateur could not administer any more
    write: Callable[[Session, Office, Actor, list[Row[Any]]], list[dict[str, Any]]]  # returns what to audit
    refused: Callable[[Office, Actor, UUID, Refusal], list[dict[str, Any]]]  # what to audit of one who does not pass


# In the order of the keys, after the turn of those who change who administers; one round trip (core/fiche_rows.py).
_LOCK_IN_TURN: Final = text(f"""
{fiche_rows.TURN};
SELECT "ID_PERSONNE" AS id, role, archived_at, version FROM asso.personnes
WHERE "ID_PERSONNE" = ANY(CAST(:ids AS uuid[])) ORDER BY "ID_PERSONNE" FOR UPDATE
""")  # noqa: S608 (made of our own constants)


def distinct(picked: Sequence[Picked]) -> dict[UUID, Picked]:
    """Everybody once, by key, in the order of the selection; raises TooManyPeople."""
    people = {one.id: one for one in picked}
    if len(people) > BULK_AT_MOST:
        raise TooManyPeople(BULK_AT_MOST, len(people))
    return people


def carry_out(office: Office, actor: Actor, picked: Sequence[Picked], act: Act) -> BulkOutcome:
    """Lock everybody, decide one by one, write for those who pass, audit all of it in one statement."""
    verdicts = _Verdicts(people := distinct(picked))
    with office.begin() as db:
        limits.count_command(db, office, actor)
        rows = {row.id: row for row in db.execute(_LOCK_IN_TURN, {"ids": list(people)})}
        for one in people.values():
            verdicts.judge(actor, one, rows.get(one.id), act)
        if act.takes_right:
            verdicts.keep_an_administrator(db)
        entries = act.write(db, office, actor, verdicts.passed) if verdicts.passed else []
        entries += [entry for one, why in verdicts.failed for entry in act.refused(office, actor, one.id, why)]
        if entries:
            audit.record(db, *entries)
    return verdicts.outcome()


@dataclass
class _Verdicts:
    """What becomes of each of the people; `passed` are the rows to write."""

    people: dict[UUID, Picked]
    passed: list[Row[Any]] = field(default_factory=list)
    failed: list[tuple[Picked, Refusal]] = field(default_factory=list)

    def judge(self, actor: Actor, one: Picked, row: Row[Any] | None, act: Act) -> None:
        if row is None or (row.archived_at is not None and not actor.may(Permission.ARCHIVES_READ)):
            self.failed.append((one, NotFound()))
        elif act.already(row):
            return  # asked twice, done once
        elif why := act.why_not(actor, row) or changed(one, row):
            self.failed.append((one, why))
        else:
            self.passed.append(row)

    def keep_an_administrator(self, db: Session) -> None:
        """Refuse the last of those who would lose the right, when nobody else could administer."""
        losing = [row for row in self.passed if row.role == Role.ADMINISTRATEUR]
        administering = fiche_rows.administering(db) if losing else set()
        last = [row for row in losing if row.id in administering]
        if last and len(last) == len(administering):
            self.passed.remove(last[-1])
            self.failed.append((self.people[last[-1].id], LastAdministrator(own=False)))

    def outcome(self) -> BulkOutcome:
        reasons = {one.id: (one, why) for one, why in self.failed}
        done = tuple(one for key, one in self.people.items() if key not in reasons)
        return BulkOutcome(done, tuple(reasons[key] for key in self.people if key in reasons))


def changed(one: Picked, row: Row[Any]) -> Refusal | None:
    """FicheChanged when the fiche is not as the screen showed it."""
    return None if one.version in {None, row.version} else FicheChanged(row.id)
