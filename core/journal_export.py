"""The journal as a file for a French Excel: what the screen shows of it, all pages, in the same words."""

from collections.abc import Iterable, Iterator
from typing import Final

from core import audit, downloads, export_csv
from core.french import PARIS
from core.journal import Entry, walk
from core.journal_details import in_words
from core.journal_filters import Wanted
from core.journal_sentences import sentence, who, whom
from core.journal_words import DEEDS, GROUPS
from core.office import Office
from core.roles import Actor, Permission

KIND: Final = "journal"
HEADER: Final = (
    "N°", "Date", "Heure", "Événement", "Type", "Issue", "Auteur", "Personne concernée", "Adresse IP", "Détails",
)  # fmt: skip


def _cells(entry: Entry) -> Iterable[str]:
    local = entry.at.astimezone(PARIS)
    words = DEEDS.get(entry.deed)  # type: ignore[call-overload] # a Deed is a string
    return (
        str(entry.seq),
        f"{local:%d/%m/%Y}",
        f"{local:%H:%M:%S}",
        sentence(entry),
        GROUPS[words.group] if words else "",
        "refusé" if entry.refused else "fait",
        who(entry),
        whom(entry) or "",
        entry.ip,
        ", ".join(f"{label} {value}" for label, value in in_words(entry.details).values()),
    )


def _produce(office: Office, actor: Actor, asked: downloads.Wanted) -> Iterator[bytes]:
    wanted, count = Wanted.from_query(asked), 0

    def rows() -> Iterator[Iterable[str]]:
        nonlocal count
        for portion in walk(office, wanted):
            count += len(portion)
            yield from map(_cells, portion)

    yield from export_csv.table(HEADER, rows())
    narrowed = {name: value for name, value in wanted.as_query().items() if name not in {"personne", "auteur"}}
    facts = narrowed | ({"recherche": True} if wanted.personne or wanted.author else {})
    exported = audit.Deed.JOURNAL_EXPORTED
    audit.record_alone(office, actor, exported, personne_id=wanted.personne_id, count=count, **facts)


downloads.register(KIND, "Journal.csv", "text/csv; charset=utf-8", _produce, permission=Permission.AUDIT_READ)
