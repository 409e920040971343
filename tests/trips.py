"""A proxy that counts how often a client of PostgreSQL waits for the network: the price of a screen in production."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

# How the messages begin of a client that introduces itself, proves who it is, and says goodbye without waiting.
_NO_TRIP: Final = (b"\0", b"p", b"X")


class TripCounter:
    """Listens on a port of 127.0.0.1 and forwards to the embedded PostgreSQL's socket, counting round trips.

    A trip is a message of the client after one of the server's: what it sends without waiting costs nothing more.
    `connections` are counted apart, and what opening them costs: a pool keeps them, and opens one more in the middle
    of a screen when a worker in the background holds another.
    Statements that contain `ignored` are nobody's who waits for a screen: those of a worker in the background.
    """

    def __init__(self, upstream: Path, *, ignored: bytes | None = None) -> None:
        self._upstream = upstream
        self._ignored = ignored
        self.trips = self.connections = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, socket_url: str) -> str:
        """The same database as `socket_url`, through this counter."""
        return make_url(socket_url).set(host="127.0.0.1", port=self.port, query={}).render_as_string(False)

    def reset(self) -> None:
        self.trips = 0

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._upstream))
                answered = threading.Event()
                answered.set()
                threading.Thread(target=self._up, args=(client, server, answered), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client, answered), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, answered: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                counts = data[:1] not in _NO_TRIP
                if self._ignored and self._ignored in data:
                    counts = False
                if answered.is_set() and counts:
                    with self._lock:
                        self.trips += 1
                answered.clear()
                server.sendall(data)
        server.close()

    def _down(self, server: socket.socket, client: socket.socket, answered: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                answered.set()
                client.sendall(data)
        client.close()
