"""A long list goes in by the screen « Importer », while somebody else turns the pages of the list."""

import asyncio
import time
from contextlib import suppress
from itertools import count, pairwise
from typing import Final

from bench.people import NOMS, PRENOMS
from bench.results import Clicks, Import
from bench.screen import Screen

FILE: Final = "liste.csv"
PERIOD: Final = 0.5  # seconds between the clicks of the other person
PATIENCE: Final = 300.0


def content(rows: int, *, first: int = 0) -> bytes:
    """A file of so many people whom no database knows: nobody of bench/people.py has such a phone."""
    people = (
        f"{NOMS[n % len(NOMS)]} {n};{PRENOMS[n % len(PRENOMS)]};09{n:08d};liste{n}@exemple.fr;bénévole"
        for n in range(first, first + rows)
    )
    return "\r\n".join(["Nom;Prénom;Téléphone;Email;Rôle", *people]).encode("cp1252", "replace")


async def measure(url: str, cookies: tuple[str, str], *, rows: int) -> Import:
    """The seconds of each step, of the file to the last fiche, and the other's clicks meanwhile.

    Raises NotAsExpected when a screen says something else, TimeoutError when it takes minutes.
    """
    async with Screen(url, "importer", cookies[0]) as screen, Screen(url, "personnes", cookies[1]) as other:
        await screen.open()
        await other.open()
        times: list[float] = []
        turning = asyncio.create_task(_turn(other, times))
        try:
            ends = await _import(screen, rows)
        finally:
            turning.cancel()
        with suppress(asyncio.CancelledError):  # what stopped it before is raised
            await turning
    read, planned, written = (end - begun for begun, end in pairwise(ends))
    return Import(rows, read, planned, written, Clicks.of(times, seconds=ends[-1] - ends[0]), max(times))


async def _import(screen: Screen, rows: int) -> list[float]:
    """When it began, and when each step had ended."""
    ends = [time.perf_counter()]
    run = await screen.give("Fichier", FILE, content(rows))
    await screen.until("^À quoi correspond chaque colonne", run, seconds=PATIENCE)
    ends.append(time.perf_counter())
    run = await screen.change("Voir l'aperçu", True)
    await screen.until("^Aperçu$", run, seconds=PATIENCE)
    ends.append(time.perf_counter())
    run = await screen.change(screen.label(r"^Importer .+ personnes$"), True)
    run = await screen.until("L'import est terminé", run, seconds=PATIENCE)
    ends.append(time.perf_counter())
    grouped = f"{rows:,}".replace(",", r"\s")
    run.expect(rf"terminé\s: {grouped} personnes créées")
    return ends


async def _turn(screen: Screen, times: list[float]) -> None:
    for number in count(2):
        times.append((await screen.change("page", number)).ms)
        await asyncio.sleep(PERIOD)
