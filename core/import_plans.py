"""What an import will do, row by row: made for the preview, made again and compared when it is applied (people: C)."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from core.errors import Refusal
from core.import_rows import Read, Unreadable
from core.roles import Role


class Decision(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a fiche that the file changes."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the file, what becomes of it and why; `target` and `version` are those of the fiche it is about."""

    line: int
    decision: Decision
    nom: str
    prenom: str
    read: Read | None = None
    target: UUID | None = None
    version: int | None = None
    changes: tuple[Change, ...] = ()
    reason: Refusal | None = None

    def essence(self) -> tuple[Any, ...]:
        """What must be the same when the plan is made again."""
        return (self.line, self.decision, self.target, self.version, self.changes)


@dataclass(frozen=True)
class Plan:
    """Every row, and what was asked: `duplicates_too` creates the possible duplicates as well."""

    rows: tuple[PlannedRow, ...]
    parsed: tuple[Read | Unreadable, ...]
    duplicates_too: bool = False

    @cached_property
    def counts(self) -> Counter[Decision]:
        """How many rows there are of each kind."""
        return Counter(row.decision for row in self.rows)

    def of(self, *decisions: Decision) -> list[PlannedRow]:
        """The rows of these kinds, in the order of the file."""
        return [row for row in self.rows if row.decision in decisions]

    @property
    def gives_roles(self) -> bool:
        """Whether somebody gets another role than bénévole, or another one than before."""
        created = any(row.read and row.read.role not in {None, Role.BENEVOLE} for row in self.of(Decision.CREATED))
        return created or any(change.field == "role" for row in self.rows for change in row.changes)
