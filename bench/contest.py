"""The same gestures on our screen and in Django admin, in turn, so that a busy machine slows both alike."""

import asyncio
import gc
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.peer import THREADS, Peer, Tab
from bench.results import SCENARIOS, Pair
from bench.screen import NotAsExpected, Run, Screen

PAGE: Final = 25
WARM_UP: Final = 2


@dataclass(frozen=True)
class Gesture:
    """What a person does on our screen, the first words they then read, and the same page of the peer."""

    ours: Callable[[Screen, int], Awaitable[Run]]
    first: Callable[[int], str]
    theirs: Callable[[int], str]


async def _sort(screen: Screen, _: int) -> Run:
    await screen.open()
    return await screen.change("Trier par", "Prénom, de A à Z")


GESTURES: Final[Mapping[str, Gesture]] = {
    "list": Gesture(lambda screen, _: screen.open(), lambda _: "1à", lambda _: ""),
    "deep": Gesture(
        lambda screen, last: screen.open(f"page={last}"),
        lambda last: f"{(last - 1) * PAGE + 1}à",
        lambda last: f"?p={last}",
    ),
    "dupont": Gesture(lambda screen, _: screen.change("recherche", "dupont"), lambda _: "1à", lambda _: "?q=dupont"),
    "jean": Gesture(
        lambda screen, _: screen.change("recherche", "jean mich"), lambda _: "1à", lambda _: "?q=jean+mich"
    ),
    "sort": Gesture(_sort, lambda _: "1à", lambda _: "?o=2"),
}


async def ours(screen: Screen, scenario: str, last: int) -> float:
    """The milliseconds of a gesture on our screen; raises NotAsExpected unless it shows what it should."""
    gesture = GESTURES[scenario]
    run = await gesture.ours(screen, last)
    texts = [re.sub(r"\s", "", text) for text in run.texts]
    if not run.tables or not any(text.startswith(gesture.first(last)) for text in texts):
        raise NotAsExpected(f"{scenario} : {run.texts}")
    return run.ms


async def compare(
    screens: Mapping[int, Screen],
    peers: Mapping[int, Peer],
    *,
    last: int,
    rounds: int,
    scenarios: Iterable[str] = SCENARIOS,
) -> dict[tuple[str, int], Pair]:
    """The medians of every scenario at every distance of `screens` and `peers`; `last` is the last page."""
    times: dict[tuple[str, int], tuple[list[float], list[float]]] = {}
    async with AsyncExitStack() as tabs:
        theirs = {far: await tabs.enter_async_context(Tab(peer)) for far, peer in peers.items()}
        for peer in peers.values():
            await asyncio.gather(*(_warm(peer) for _ in range(2 * THREADS)))
        gc.collect()
        for number in range(WARM_UP + rounds):
            for scenario in scenarios:
                for far in screens:
                    pair = (await ours(screens[far], scenario, last), await _theirs(theirs[far], scenario, last))
                    if number >= WARM_UP:
                        kept = times.setdefault((scenario, far), ([], []))
                        kept[0].append(pair[0])
                        kept[1].append(pair[1])
    return {case: Pair(median(of_us), median(of_them)) for case, (of_us, of_them) in times.items()}


async def _theirs(tab: Tab, scenario: str, last: int) -> float:
    return await tab.get(GESTURES[scenario].theirs(last))


async def _warm(peer: Peer) -> None:
    """Let each thread of the peer open its connection to the database before anything is measured."""
    async with Tab(peer) as tab:
        for _ in range(2):
            await tab.get()
