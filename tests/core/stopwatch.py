"""How long several ways to one answer take, on a machine that does other things too."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final

PATIENCE: Final = 5


def spread(ways: Sequence[Callable[[int], object]], *, rounds: int, bound: float) -> float:
    """The lowest time of the slowest of the `ways` over that of the quickest; each is given the number of the round.

    They are taken in turn `rounds` times, and up to five times as often while they differ by `bound` or more: what a
    busy machine adds to the lowest time goes away, a longer way stays longer.
    """
    lowest = [float("inf")] * len(ways)
    for number in range(PATIENCE * rounds):
        for way, go in enumerate(ways):
            begun = perf_counter()
            go(number)
            lowest[way] = min(lowest[way], perf_counter() - begun)
        if number + 1 >= rounds and max(lowest) / min(lowest) < bound:
            break
    return max(lowest) / min(lowest)
