"""A real SMTP server (aiosmtpd) with a certificate of a private authority, on loopback."""

import socket
import ssl
from pathlib import Path
from types import TracebackType
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

PASSWORD = "mot de passe du serveur"


class Smtp:
    """`says` overrides the answer to a command: {"RCPT": "550 no"}; `kept` is what was accepted."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(self.context)
        self.says: dict[str, str] = {}
        self.kept: list[Envelope] = []
        self.encrypted: list[bool] = []
        self.controllers: list[Controller] = []

    def __enter__(self) -> "Smtp":
        self.port = self.listen()
        return self

    def listen(self, **how: bool) -> int:
        """Another listener, `plain`, in TLS from the first byte (`implicit`) or with STARTTLS; its port."""
        implicit, plain = how.get("implicit", False), how.get("plain", False)
        tls = {} if implicit or plain else {"tls_context": self.context, "require_starttls": True}
        options = {**tls, "authenticator": self.authenticate, "auth_require_tls": bool(tls)}
        context = {"ssl_context": self.context} if implicit else {}
        controller = Controller(self, hostname="localhost", port=0, **options, **context)
        self.controllers.append(controller)
        # It would connect to port 0, to see that the server accepts.
        controller._trigger_server = lambda: socket.create_connection(_address(controller)).close()
        controller.start()
        return _address(controller)[1]

    def __exit__(self, _kind: type | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        for controller in self.controllers:
            controller.stop()

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)  # the server says it

    async def handle_RCPT(  # noqa: N802 (aiosmtpd looks for this name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "RCPT" in self.says:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.encrypted.append(server.transport.get_extra_info("cipher") is not None)
        if self.says.get("DATA") == "drop":
            server.transport.abort()
            return "421 gone"
        if "DATA" not in self.says:
            self.kept.append(envelope)
        return self.says.get("DATA", "250 OK")


def _address(controller: Controller) -> tuple[str, int]:
    return controller.server.sockets[0].getsockname()[:2]
