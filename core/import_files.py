"""What an import gives back, once, as a CSV for a French Excel: the rows left out and why, the codes just made."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from core import audit, downloads, export_csv, limits
from core.french import moment
from core.invites import Issued
from core.office import Office
from core.roles import Actor, Permission, requires

REJECTED: Final = "lignes_a_corriger"
CODES: Final = "codes_importes"
_CSV: Final = "text/csv; charset=utf-8"
_HEADER: Final = ("Nom", "Prénom", "Code d'invitation", "Valable jusqu'au", "Adresse d'activation")


@requires(Permission.PERSONNES_WRITE)
def rejected(office: Office, actor: Actor, *, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The address of a file with `rows` under `header`, for five minutes and once. Raises TooManyAttempts.

    They are the importer's own: nothing is in them that was not in the file, but why each was left out.
    """
    return _prepare(office, actor, REJECTED, {"header": list(header), "rows": [list(row) for row in rows]})


@requires(Permission.INVITES_MANAGE)
def codes(office: Office, actor: Actor, *, issued: Iterable[Issued]) -> str:
    """The address of the list of the codes just `issued`, for five minutes and once. Raises TooManyAttempts."""
    return _prepare(office, actor, CODES, {"people": [one._asdict() for one in issued]})


def _prepare(office: Office, actor: Actor, kind: str, secret: downloads.Wanted) -> str:
    with office.begin() as db:
        limits.count_command(db, office, actor)
        return downloads.prepare_in(db, office, actor, kind=kind, wanted={}, secret=secret)


def _rejected(office: Office, actor: Actor, wanted: downloads.Wanted) -> Iterator[bytes]:
    yield from export_csv.table(wanted["header"], wanted["rows"])
    deed = audit.Deed.PERSONNES_EXPORTED
    audit.record_alone(office, actor, deed, rejected_rows=True, count=len(wanted["rows"]))


def _codes(office: Office, actor: Actor, wanted: downloads.Wanted) -> Iterator[bytes]:
    address = f"{office.settings.public_url}/activer_mon_acces"
    until = (moment(datetime.fromisoformat(one["expires_at"])) for one in wanted["people"])
    people = zip(wanted["people"], until, strict=True)
    rows = ((one["nom"], one["prenom"], one["code"], end, address) for one, end in people)
    yield from export_csv.table(_HEADER, rows)
    audit.record_alone(office, actor, audit.Deed.CODES_PRINTED, count=len(wanted["people"]))


downloads.register(REJECTED, "Lignes à corriger.csv", _CSV, _rejected, permission=Permission.PERSONNES_WRITE)
downloads.register(CODES, "Codes d'invitation.csv", _CSV, _codes, permission=Permission.INVITES_MANAGE)
