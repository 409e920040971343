"""A network of any length in front of PostgreSQL: what arrives leaves later, both ways (python -m bench.delay)."""

import argparse
import asyncio
import contextlib
import socket
import sys
from pathlib import Path
from typing import Final

CHUNK: Final = 65536


class Delay:
    """Forwards 127.0.0.1:port to a socket of PostgreSQL; each way takes half of `trip` seconds.

    It is a latency, not a bandwidth: bytes on their way do not wait for one another.
    """

    def __init__(self, upstream: Path, trip: float) -> None:
        self.upstream = upstream
        self.late = trip / 2

    async def listen(self) -> asyncio.Server:
        """Accept connections from now on."""
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        upstream = await asyncio.open_unix_connection(self.upstream)
        await asyncio.gather(self._forward(reader, upstream[1]), self._forward(upstream[0], writer))

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(self._deliver(on_the_way, writer))
        loop, data = asyncio.get_running_loop(), b"-"
        while data:
            data = b""
            with contextlib.suppress(ConnectionError):
                data = await reader.read(CHUNK)
            on_the_way.put_nowait((loop.time() + self.late, data))
        await delivery

    async def _deliver(self, on_the_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        """Write each chunk when its time has come; the empty one is the goodbye."""
        loop = asyncio.get_running_loop()
        while True:
            due, data = await on_the_way.get()
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            if not data:
                break
            writer.write(data)
        writer.close()


async def serve(upstream: Path, trip: float) -> None:
    """Listen, write the port on the standard output, and forward until the end of the process."""
    server = await Delay(upstream, trip).listen()
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("upstream", type=Path)
    parser.add_argument("milliseconds", type=float)
    given = parser.parse_args()
    asyncio.run(serve(given.upstream, given.milliseconds / 1000))
