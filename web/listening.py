"""What Streamlit has no option for: whom uvicorn believes, how it names itself, how soon a packet leaves."""

import gc
import os
import socket
from collections.abc import Iterator
from typing import TypeVar

from uvicorn import Config

T = TypeVar("T")


def believe_nobody() -> None:
    """Make uvicorn keep the address of the direct peer; by itself it believes what 127.0.0.1 forwards.

    web/guards.py alone decides whom to believe. Call it while the application is imported: a uvicorn that is
    configured later (st.App.run) reads the variable; the one that is importing us (streamlit run) has done so
    already, and reads the attribute next.
    """
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    for config in _living(Config):
        config.proxy_headers = False


def tune() -> None:
    """Call it when the server is about to accept: no `server` header, and no waiting for packets to fill.

    uvicorn puts the header under every answer, below the reach of a middleware, from this list. Connections
    inherit TCP_NODELAY from the listening socket; asyncio sets it only on a socket whose protocol number is
    named, and Streamlit's has 0: without it two runs in a row wait 35 ms for an acknowledgement.
    """
    for config in _living(Config):
        config.encoded_headers = [pair for pair in config.encoded_headers if pair[0] != b"server"]
    for candidate in _living(socket.socket):
        if _listens(candidate):
            candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _living(kind: type[T]) -> Iterator[T]:
    # By type() and not isinstance(): lazy modules and proxies answer isinstance() with imports of their own.
    return (thing for thing in gc.get_objects() if issubclass(type(thing), kind))


def _listens(candidate: socket.socket) -> bool:
    if candidate.fileno() < 0 or candidate.family not in {socket.AF_INET, socket.AF_INET6}:
        return False
    return bool(candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
