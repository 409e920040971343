"""What is looked for in the journal: as an address says it, as a form says it, as a condition of SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Final, Self
from uuid import UUID

from core import merge_rows, search
from core.french import PARIS
from core.journal_words import DEEDS, Group


@dataclass(frozen=True)
class Wanted:
    """Which entries are looked for; days are those of Paris, both included; `personne` is the one they are about."""

    personne_id: UUID | None = None
    personne: str = ""
    author: str = ""
    group: Group | None = None
    since: date | None = None
    until: date | None = None
    refused: bool = False

    def __post_init__(self) -> None:
        for field in ("personne", "author"):
            object.__setattr__(self, field, search.clean(getattr(self, field)))

    @property
    def narrows(self) -> bool:
        """Whether less is wanted than the whole journal."""
        return self != Wanted()

    def as_query(self) -> dict[str, str]:
        """The parameters of an address that ask for the same; what is as usual is left out."""
        said = {
            "personne": str(self.personne_id or self.personne),
            "auteur": self.author,
            "type": self.group or "",
            "du": self.since.isoformat() if self.since else "",
            "au": self.until.isoformat() if self.until else "",
            "refus": "oui" if self.refused else "",
        }
        return {name: str(value) for name, value in said.items() if value}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> Self:
        """What an address asks for; nonsense in it counts as absent."""
        personne = str(query.get("personne", ""))
        identity = _uuid(personne)
        return cls(
            personne_id=identity,
            personne="" if identity else personne,
            author=str(query.get("auteur", "")),
            group=next((group for group in Group if group == query.get("type")), None),
            since=_day(str(query.get("du", ""))),
            until=_day(str(query.get("au", ""))),
            refused=query.get("refus") == "oui",
        )


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


# An entry is written a moment after the instant that it bears: a transaction, or a clock that is off, lies between.
_AT_MOST_LATE: Final = timedelta(days=1)
# Days become numbers of entries, which every index ends with; the day itself decides.
_SINCE: Final = """e.at >= :since AND e.seq > coalesce(
  (SELECT o.seq FROM asso.audit_log o WHERE o.at < :long_before ORDER BY o.at DESC LIMIT 1), 0)"""
_UNTIL: Final = """e.at < :until AND e.seq < coalesce(
  (SELECT o.seq FROM asso.audit_log o WHERE o.at >= :long_after ORDER BY o.at LIMIT 1), 9223372036854775807)"""
# Beyond so many namesakes the words say nobody, and PostgreSQL would walk through the whole log.
_NAMESAKES: Final = 1000
_COUNTED: Final = "(SELECT count(*) FROM {})"
_NAMED: Final = 'SELECT p."ID_PERSONNE" AS id FROM asso.personnes p WHERE {} LIMIT :namesakes'
_AUTHORS: Final = """SELECT u.id FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
  WHERE {} LIMIT :namesakes"""


@dataclass(frozen=True)
class Search:
    """`found` is a SELECT of the numbers of the entries before :before, newest first, :most of them.

    It stands in a statement that begins with WITH `people`; there `broad` says that the words name too many people
    for all of them to be looked up. `values` are those of both.
    """

    people: str
    found: str
    values: dict[str, Any]

    broad: ClassVar[str] = f"greatest({_COUNTED.format('named')}, {_COUNTED.format('authors')}) > {_NAMESAKES}"


_FOUND: Final = "SELECT e.seq FROM asso.audit_log e WHERE {where} AND e.seq < :before ORDER BY e.seq DESC LIMIT :most"
# Each one's entries come in the order of an index; together they are few.
_FOUND_OF: Final = """SELECT one.seq FROM {people} CROSS JOIN LATERAL (
  SELECT e.seq FROM asso.audit_log e WHERE e.{column} = {people}.id AND {where} AND e.seq < :before
  ORDER BY e.seq DESC LIMIT :most) AS one ORDER BY one.seq DESC LIMIT :most"""


def meaning(wanted: Wanted) -> Search:
    """What `wanted` means in SQL, answered by an index whatever is asked."""
    named, values = _people("named", _NAMED, wanted.personne)
    authors, of_authors = _people("authors", _AUTHORS, wanted.author)
    parts, of_days = _days(wanted)
    values |= of_authors | of_days | {"namesakes": _NAMESAKES + 1}
    people = f"{named}, {authors}"
    if wanted.personne_id:
        people = f"{merge_rows.KEYS}, {people}"
        values["about"] = wanted.personne_id
    if wanted.group:
        parts.append("e.deed = ANY (CAST(:deeds AS text[]))")
        values["deeds"] = [deed.value for deed, words in DEEDS.items() if words.group is wanted.group]
    if wanted.refused:
        parts.append("e.outcome = 'refused'")
    return Search(people, _found(wanted, parts), values)


def _found(wanted: Wanted, parts: list[str]) -> str:
    about = "keys" if wanted.personne_id else "named" if wanted.personne else ""
    if wanted.author and about:
        parts.append("e.actor_id = ANY (ARRAY(SELECT id FROM authors))")
    where = " AND ".join(parts) or "true"
    if about:
        return _FOUND_OF.format(people=about, column="personne_id", where=where)
    if wanted.author:
        return _FOUND_OF.format(people="authors", column="actor_id", where=where)
    return _FOUND.format(where=where)


def _people(name: str, statement: str, typed: str) -> tuple[str, dict[str, Any]]:
    found, words = search.condition(typed, everything=False)
    selected = statement.format(found.replace(":search_", f":{name}_") or "false")
    values = {key.replace("search_", f"{name}_"): word for key, word in words.items()}
    return f"{name} AS MATERIALIZED ({selected})", values


def _days(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.since:
        begin = datetime.combine(wanted.since, time(), PARIS).astimezone(UTC)
        parts.append(_SINCE)
        values |= {"since": begin, "long_before": begin - _AT_MOST_LATE}
    if wanted.until:
        end = datetime.combine(wanted.until + timedelta(days=1), time(), PARIS).astimezone(UTC)
        parts.append(_UNTIL)
        values |= {"until": end, "long_after": end + _AT_MOST_LATE}
    return parts, values
