"""Compressed bodies: which encoding a browser takes, and how each is packed."""

import gzip
from collections.abc import Callable
from typing import Final

import brotli  # type: ignore[import-untyped]

# Quality 9: 7 % bigger than 11, sixteen times faster (0.4 s for what a first visit loads).
PACKERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=9)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


def accepted(header: str) -> list[str]:
    """The encodings of ours that an Accept-Encoding header takes, best first."""
    offers = [part.partition(";") for part in header.lower().replace(" ", "").split(",")]
    taken = {name for name, _, weight in offers if weight not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}}
    return [name for name in PACKERS if name in taken]


class Packed:
    """A body that stays in memory, packed once for each encoding that is asked for."""

    def __init__(self, body: bytes) -> None:
        self.bodies = {"": body}

    def fitting(self, header: str) -> tuple[bytes, dict[str, str]]:
        """The body for a browser with this Accept-Encoding header, and the headers that say so."""
        name = next(iter(accepted(header)), "")
        if name not in self.bodies:
            self.bodies[name] = PACKERS[name](self.bodies[""])
        return self.bodies[name], {"Vary": "Accept-Encoding"} | ({"Content-Encoding": name} if name else {})
