"""A hundred people at once, each with a click every two seconds: how long they wait, and what they weigh."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Final

import psutil

from bench.peer import Peer, Tab
from bench.results import Clicks, Crowd
from bench.screen import Screen

PERIOD: Final = 2.0
WARM_UP: Final = 2  # clicks of each one that are not counted
AT_ONCE: Final = 8

# A click answers with its milliseconds; the argument is how many that person has made before.
Click = Callable[[int], Awaitable[float]]


def _ours(screen: Screen, first: int) -> Click:
    """The gestures of somebody at `screen`, beginning with the one numbered `first`: people do not click in step."""

    async def click(number: int) -> float:
        gestures = (
            lambda: screen.change("recherche", "martin"),
            lambda: screen.change("page", 2),
            lambda: screen.change("recherche", ""),
            lambda: screen.change("page", 3),
            lambda: screen.open(),
        )
        return (await gestures[(first + number) % len(gestures)]()).ms

    return click


def _theirs(tab: Tab, first: int) -> Click:
    pages = ("?q=martin", "?q=martin&p=2", "", "?p=3", "")
    return lambda number: tab.get(pages[(first + number) % len(pages)])


async def measure(url: str, server: psutil.Process, peer: Peer, cookies: Sequence[str], *, seconds: float) -> Crowd:
    """The people of `cookies` with us, then as many with the peer."""
    async with AsyncExitStack() as open_screens:
        screens = [Screen(url, "personnes", cookie) for cookie in cookies]
        first, others = screens[: len(screens) // 10], screens[len(screens) // 10 :]
        await _arrive(first, open_screens)  # what the first ones have loaded stays loaded for everybody
        before = server.memory_info().rss
        await _arrive(others, open_screens)
        session = (server.memory_info().rss - before) // len(others)
        ours = await _clicked([_ours(screen, number) for number, screen in enumerate(screens)], seconds)
        ours = replace(ours, memory=server.memory_info().rss)
    async with AsyncExitStack() as open_tabs:
        tabs = [await open_tabs.enter_async_context(Tab(peer)) for _ in cookies]
        theirs = await _clicked([_theirs(tab, number) for number, tab in enumerate(tabs)], seconds)
        theirs = replace(theirs, memory=peer.memory)
    return Crowd(len(cookies), ours, theirs, session)


async def _arrive(screens: Sequence[Screen], stack: AsyncExitStack) -> None:
    door = asyncio.Semaphore(AT_ONCE)

    async def arrive(screen: Screen) -> None:
        async with door:
            await (await stack.enter_async_context(screen)).open()

    await asyncio.gather(*(arrive(screen) for screen in screens))


async def _clicked(people: Sequence[Click], seconds: float) -> Clicks:
    """Everybody at their own moment of the period; who still waits when it is time again skips that click."""
    times: list[float] = []
    loop = asyncio.get_running_loop()
    begin = loop.time()
    end = begin + WARM_UP * PERIOD + seconds

    async def person(number: int, click: Click) -> int:
        due, made, skipped = begin + PERIOD * number / len(people), 0, 0
        while due < end:
            await asyncio.sleep(max(0.0, due - loop.time()))
            ms = await click(made)
            made += 1
            if due >= begin + WARM_UP * PERIOD:
                times.append(ms)
            due += PERIOD
            while due < loop.time():
                due, skipped = due + PERIOD, skipped + 1
        return skipped

    skipped = await asyncio.gather(*(person(number, click) for number, click in enumerate(people)))
    return Clicks.of(times, seconds=seconds, skipped=sum(skipped))
