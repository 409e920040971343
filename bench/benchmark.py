"""The whole bench, from an empty folder to its page (manage.py bench)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import psutil

from bench import contest, crowd, entrance, importing, peer, programs, report, world
from bench.peer import Peer
from bench.results import CROWD, FAR, IMPORTED, Crowd, Import, Pair, Results, Size
from bench.screen import Screen
from bench.world import World

Say = Callable[[str], None]
Ours = Mapping[int, tuple[str, psutil.Process]]
SIZES: Final = (100_000, 1_000_000)


@dataclass(frozen=True)
class Effort:
    """How much is measured: people of each database, rounds, people who click and for how long."""

    sizes: Sequence[int] = SIZES
    rounds: int = 11
    crowd: int = CROWD
    seconds: float = 30.0
    sign_ins: int = 7
    imported: int = IMPORTED


QUICK: Final = Effort(sizes=(2000,), rounds=2, crowd=10, seconds=4.0, sign_ins=1, imported=500)


def run(say: Say, *, people: int | None, quick: bool) -> int:
    """Measure, print and, when everything was measured, write docs/performances.md."""
    effort = QUICK if quick else Effort()
    if people:
        effort = replace(effort, sizes=(people,))
    python = peer.install(say)
    found = measure(effort, python, say)
    say(report.besides(found))
    if effort == Effort():
        report.PAGE.write_text(report.as_page(found, day=f"{_today():%d/%m/%Y}"), "utf-8")
        say("docs/performances.md est écrite.")
    else:
        say("Mesure partielle : docs/performances.md n'est pas changée.")
    return 0


def _today() -> date:
    return date.today()  # noqa: DTZ011, TID251 (the day of the person who runs the bench)


def measure(effort: Effort, python: Path, say: Say) -> Results:
    """Every size in a database of its own; the crowd and the sign-ins in the first one."""
    sizes: list[Size] = []
    found: list[tuple[Crowd, Pair, Import]] = []
    for people in effort.sizes:
        with world.opened() as made:
            say(f"{report.number(people)} personnes inventées…")
            last = made.fill(people) // contest.PAGE
            with ExitStack() as stack:
                ours = {far: stack.enter_context(programs.application(made, far)) for far in (0, FAR)}
                theirs = {far: stack.enter_context(peer.served(made, python, far)) for far in (0, FAR)}
                programs.settle(process for _, process in ours.values())
                say("Chacun son tour…")
                sizes.append(asyncio.run(_compare(made, ours, theirs, people, last, effort.rounds)))
                say(report.in_columns(sizes[-1]))
                if not found:
                    say(f"{effort.crowd} personnes à la fois, des connexions, une longue liste importée…")
                    found.append(asyncio.run(_besides(made, ours, theirs, effort)))
    return Results(tuple(sizes), *found[0])


async def _compare(made: World, ours: Ours, theirs: Mapping[int, Peer], people: int, last: int, rounds: int) -> Size:
    async with AsyncExitStack() as stack:
        screens = {}
        for number, (far, (url, _)) in enumerate(ours.items()):
            screens[far] = await stack.enter_async_context(Screen(url, "personnes", made.cookie(number)))
        pairs = await contest.compare(screens, theirs, last=last, rounds=rounds)
        peer.index(made, present=True)
        ordered = await contest.compare(
            {0: screens[0]}, {0: theirs[0]}, last=last, rounds=rounds, scenarios=("list", "deep")
        )
        peer.index(made, present=False)
    return Size(people, pairs, {scenario: pair for (scenario, _), pair in ordered.items()})


async def _besides(made: World, ours: Ours, theirs: Mapping[int, Peer], effort: Effort) -> tuple[Crowd, Pair, Import]:
    url, server = ours[0]
    cookies = [made.cookie(number) for number in range(effort.crowd)]
    crowded = await crowd.measure(url, server, theirs[0], cookies, seconds=effort.seconds)
    sign_in = await entrance.measure(url, made.hire(0), rounds=effort.sign_ins)
    two = (made.cookie(0), made.cookie(1))
    return crowded, sign_in, await importing.measure(url, two, rows=effort.imported)
