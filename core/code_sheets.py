"""Sheets of codes to hand over: a page for each person, or a list; a code can only be on paper while it is new."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import quote

import segno

from core import audit, downloads, limits, print_page
from core.french import moment
from core.invites import Issued
from core.office import Office
from core.roles import Actor, Permission, requires

KIND: Final = "codes"
HOW: Final = (
    "Ouvrez l'adresse ci-dessous dans un navigateur, ou visez le carré avec l'appareil photo d'un téléphone.",
    "Saisissez le code d'invitation, s'il ne l'est pas déjà.",
    "Choisissez «\u00a0Email / mot de passe\u00a0» ou «\u00a0Google\u00a0», puis «\u00a0Activer mon accès\u00a0».",
)


@requires(Permission.INVITES_MANAGE)
def prepare(office: Office, actor: Actor, *, issued: Iterable[Issued], apart: bool) -> str:
    """The address of a sheet with the codes just `issued`, for five minutes and once; a page each when `apart`.

    Raises TooManyAttempts.
    """
    people = [one._asdict() for one in issued]
    with office.begin() as db:
        limits.count_command(db, office, actor)
        return downloads.prepare_in(db, office, actor, kind=KIND, wanted={"apart": apart}, secret={"people": people})


def _sheet(office: Office, actor: Actor, wanted: downloads.Wanted) -> Iterator[bytes]:
    people, apart = wanted["people"], wanted["apart"]
    address = f"{office.settings.public_url}/activer_mon_acces"
    advice = "Remettez chaque code à la personne elle-même\u00a0: il ne sert qu'une fois, et à elle seule."
    lines = () if apart else (*HOW, address)
    yield print_page.top(f"{office.settings.association} – codes d'invitation", advice, *lines).encode()
    for person in people:
        yield _card(person, address, apart=apart).encode()
    yield print_page.bottom().encode()
    audit.record_alone(office, actor, audit.Deed.CODES_PRINTED, count=len(people))


def _card(person: dict[str, str], address: str, *, apart: bool) -> str:
    """One person, all that was typed as text; the square opens the page with the code filled in."""
    link = f"{address}?code={quote(person['code'])}"
    square = segno.make(link, micro=False).svg_inline(border=2, svgclass="carre", lineclass=None, omitsize=True)
    until = moment(datetime.fromisoformat(person["expires_at"]))
    how = "".join(f"<p>{number}. {escape(line)}</p>" for number, line in enumerate(HOW, 1)) if apart else ""
    where = f"<p>{escape(address)}</p>" if apart else ""
    return (
        f'<div class="{"feuille" if apart else "carte"}"><h2>{escape(person["prenom"])} {escape(person["nom"])}</h2>'
        f'{how}{where}<p>Code d\'invitation\u00a0: <span class="code">{escape(person["code"])}</span></p>'
        f"<p>Valable jusqu'au {until}.</p>{square}</div>"
    )


downloads.register(
    KIND, "Codes d'invitation.html", "text/html; charset=utf-8", _sheet, permission=Permission.INVITES_MANAGE,
    inline=True,
)  # fmt: skip
