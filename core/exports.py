"""Personnes as a file: the selection, or everybody the list shows, for a spreadsheet, a telephone or a printer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text

from core import (
    archives,
    audit,
    directory,
    downloads,
    export_csv,
    export_print,
    export_vcard,
    export_xlsx,
    limits,
    step_up,
)
from core.export_person import Person
from core.office import Office
from core.roles import Actor, Permission, requires
from core.wanted import Wanted


class Format(StrEnum):
    """What the file is for."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"
    EMARGEMENT = "emargement"


@dataclass(frozen=True)
class Export:
    """A prepared file: where the browser fetches it, and how many Personnes are in it now."""

    address: str
    kind: Format
    count: int


_COUNT: Final = "SELECT count(*) FROM asso.personnes p WHERE {sought}"
# The columns in the order of Person: by their names they took a quarter of the time of a CSV.
_ROWS: Final = f"""
SELECT p."ID_PERSONNE" AS id, p.nom, p.prenom, p.role, coalesce(p.email, '') AS email,
  coalesce(p.telephone_1, '') AS telephone_1, coalesce(p.telephone_2, '') AS telephone_2, p.note,
  {directory.ACCESS_SQL} AS access, p.created_at, p.updated_at
FROM asso.personnes p WHERE {{sought}} ORDER BY {{order}}
"""  # noqa: S608 (made of our own constants)


@requires(Permission.PERSONNES_EXPORT)
def prepare(office: Office, actor: Actor, *, kind: Format, wanted: Wanted, ids: tuple[UUID, ...] = ()) -> Export:
    """A file of those who are `wanted`, or of the selection `ids` alone, which downloads.fetch then gives (people.md).

    Raises StepUpNeeded, NotAllowed, TooManyAttempts. It is audited when it leaves, with what is in it then.
    """
    step_up.require_recent(office, actor)
    asked = {"query": directory.within_rights(actor, wanted).as_query(), "ids": [str(id) for id in ids]}
    with office.begin() as db:
        limits.count_command(db, office, actor)
        statement, values = _statement(office, actor, _COUNT, asked)
        count = db.execute(statement, values).scalar_one()
        address = downloads.prepare_in(db, office, actor, kind=f"personnes_{kind}", wanted=asked)
    return Export(address, kind, count)


def _statement(office: Office, actor: Actor, sql: str, asked: downloads.Wanted) -> tuple[TextClause, dict[str, Any]]:
    """`sql` for what was asked, by the actor as they are now."""
    wanted = Wanted.from_query(asked["query"])
    sought, values = directory.condition(office, actor, wanted)
    if asked["ids"]:
        sought = f'p."ID_PERSONNE" = ANY(:ids) AND {archives.seen("p")}'
        values = {"ids": list(map(UUID, asked["ids"])), "now": office.now()} | archives.values(actor)
    return text(sql.format(sought=sought, order=directory.order(wanted))), values


class _Counted:
    """People, counted while they pass by."""

    def __init__(self, people: Iterator[Person]) -> None:
        self.people = people
        self.count = 0

    def __iter__(self) -> Iterator[Person]:
        for person in self.people:
            self.count += 1
            yield person


def _producer(kind: Format, write: Callable[[Office, _Counted], Iterator[bytes]]) -> downloads.Producer:
    def produce(office: Office, actor: Actor, asked: downloads.Wanted) -> Iterator[bytes]:
        statement, values = _statement(office, actor, _ROWS, asked)
        people = _Counted(Person(*tuple(row)) for row in office.stream(statement, **values))
        yield from write(office, people)
        facts = {"format": kind.value, "count": people.count} | _facts(asked)
        audit.record_alone(office, actor, audit.Deed.PERSONNES_EXPORTED, **facts)

    return produce


def _facts(asked: downloads.Wanted) -> dict[str, Any]:
    """What narrowed the list, for the journal: never the words that were searched, which may be somebody's name."""
    if asked["ids"]:
        return {"selection": True}
    told = {name: value for name, value in asked["query"].items() if name not in {"recherche", "tri", "sens"}}
    return told | ({"recherche": True} if asked["query"].get("recherche") else {})


_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES: Final = {
    Format.CSV: ("Personnes.csv", "text/csv; charset=utf-8", export_csv.write),
    Format.XLSX: ("Personnes.xlsx", _SHEET, export_xlsx.write),
    Format.VCARD: ("Personnes.vcf", "text/vcard; charset=utf-8", export_vcard.write),
    Format.EMARGEMENT: ("Feuille d'émargement.html", "text/html; charset=utf-8", export_print.write),
}
for _format, (_name, _type, _write) in _FILES.items():
    downloads.register(
        f"personnes_{_format}",
        _name,
        _type,
        _producer(_format, _write),
        permission=Permission.PERSONNES_EXPORT,
        inline=_format is Format.EMARGEMENT,
    )
