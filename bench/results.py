"""What a bench has measured, and what it was to reach."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

FAR: Final = 40  # milliseconds to the database and back, as to a hosted one
# scenario -> its name, in the order of the table.
SCENARIOS: Final = {
    "list": "Première page",
    "deep": "Dernière page",
    "dupont": "Recherche « dupont »",
    "jean": "Recherche « jean mich »",
    "sort": "Tri par prénom",
}
# people -> scenario -> our time as a part of Django admin's, on this machine; at 40 ms the same for everything.
TARGETS: Final = {
    100_000: {"list": 0.5, "deep": 0.25, "dupont": 0.17, "jean": 0.17},
    1_000_000: {"list": 0.2, "deep": 0.15, "dupont": 0.08, "jean": 0.08},
}
FAR_TARGET: Final = 0.3
CROWD: Final = 100
CROWD_P95: Final = 300.0
IMPORTED: Final = 50_000
IMPORT_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Pair:
    """Two medians in milliseconds, measured in turn."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """Our part of their time."""
        return self.ours / self.theirs


@dataclass(frozen=True)
class Size:
    """A number of people: pairs by scenario and network, and by scenario once Django has an index of its own."""

    people: int
    pairs: dict[tuple[str, int], Pair]
    indexed: dict[str, Pair] = field(default_factory=dict)


@dataclass(frozen=True)
class Clicks:
    """Many people who click at a steady pace: milliseconds, clicks a second, those that came too late to be made."""

    p50: float
    p95: float
    rate: float
    skipped: int
    memory: int = 0  # bytes of the process

    @classmethod
    def of(cls, times: Iterable[float], *, seconds: float, skipped: int = 0) -> "Clicks":
        """Those that took these milliseconds, in so many seconds."""
        ranked = sorted(times)
        p95 = ranked[round(0.95 * (len(ranked) - 1))]
        return cls(ranked[len(ranked) // 2], p95, len(ranked) / seconds, skipped)


@dataclass(frozen=True)
class Import:
    """A list that went in by the screen: seconds of each step, and what another person's clicks took meanwhile."""

    rows: int
    read: float
    planned: float
    written: float
    clicks: Clicks
    longest: float  # milliseconds

    @property
    def seconds(self) -> float:
        """From the file to the last fiche."""
        return self.read + self.planned + self.written


@dataclass(frozen=True)
class Crowd:
    """The same people with us and with the peer; `session` is the memory that one more of them takes with us."""

    people: int
    ours: Clicks
    theirs: Clicks
    session: int


@dataclass(frozen=True)
class Results:
    """A whole bench."""

    sizes: tuple[Size, ...]
    crowd: Crowd
    sign_in: Pair  # beside the hash alone
    imported: Import


def target(people: int, scenario: str, far: int) -> float | None:
    """The ratio to reach; None where none was set."""
    return FAR_TARGET if far else TARGETS.get(people, {}).get(scenario)
