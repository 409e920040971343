"""« Feuille d'émargement »: names to sign against, on paper."""

from collections.abc import Iterable, Iterator
from html import escape

from core import print_page
from core.export_person import Person, day
from core.office import Office

_ROWS_AT_ONCE = 500
_BLANK = "\u00a0:" + " ." * 28


def write(office: Office, people: Iterable[Person]) -> Iterator[bytes]:
    """The page, with room for what the meeting is; its header comes again on each sheet."""
    lines = (office.settings.association, f"Réunion{_BLANK}", f"Date et lieu{_BLANK}")
    yield print_page.top("Feuille d'émargement", *lines).encode()
    yield (
        '<table><thead><tr><th class="numero">N°</th><th>Nom</th><th>Prénom</th><th class="signature">Signature</th>'
        "</tr></thead><tbody>"
    ).encode()
    yield from _rows(people)
    yield f"</tbody></table><p>Liste du {day(office.now()):%d/%m/%Y}.</p>{print_page.bottom()}".encode()


def _rows(people: Iterable[Person]) -> Iterator[bytes]:
    waiting: list[str] = []
    for number, person in enumerate(people, 1):
        names = f"<td>{escape(person.nom)}</td><td>{escape(person.prenom)}</td>"
        waiting.append(f'<tr><td class="numero">{number}</td>{names}<td></td></tr>')
        if len(waiting) == _ROWS_AT_ONCE:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()
