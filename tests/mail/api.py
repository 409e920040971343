"""MailerSend's API as far as it matters here, on loopback: it answers what it is told, and keeps what it gets."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

ACCEPTED = "5fc0d003f718c90162341852"  # pragma: allowlist secret


class Api:
    """`answer` is the next status with its headers, or « silence » or « drop »."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, str]] | str = (202, {"x-message-id": ACCEPTED})
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def __enter__(self) -> "Api":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                api.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                api.headers.append(dict(self.headers))
                if api.answer == "silence":
                    api.over.wait(5)
                elif api.answer == "drop":
                    self.connection.shutdown(socket.SHUT_RDWR)
                else:
                    self.answer(*api.answer)

            def answer(self, status: int, headers: dict[str, str]) -> None:
                body = json.dumps({"message": "Objet secret refusé", "errors": {"to": ["jean@exemple.fr"]}}).encode()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing on the terminal of the tests."""

        return Handler
