"""What the person who runs the application can do, is told, and is refused."""

import errno
import os
import signal
import socket
import time
from base64 import b32encode
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Final

from core import opening, settings, welcome
from core.errors import FactorNotOn, NotFound, SetupError
from core.office import Office
from core.roles import for_operators
from db import roles

Say = Callable[[str], None]

# Listening on every address, one is reached through this one.
THROUGH: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (compared with, not listened on)
MAILS_AT_ONCE: Final = 100


@for_operators
def serve(root: Path, host: str, port: int, *, say: Say, application: Callable[[str, int], None]) -> None:
    """Run `application` until Ctrl-C or SIGTERM; the embedded database stops with it. Raises SetupError."""
    _check_address(host, port)
    _end_alike()
    try:
        found = settings.load(root, {"ASSO_PORT": str(port), **os.environ}, host=host)
        office = opening.open_office(found, say=say)
        Thread(target=_greet, args=(office, host, port, say), daemon=True).start()
        application(host, port)
    except KeyboardInterrupt:
        say("Arrêt de l'application…")
    finally:
        # A second Ctrl-C must not leave the database running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        opening.close()


def _end_alike() -> None:
    """End on SIGTERM, and on a closed terminal unless nohup protects us from it, as on Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        # The server ends well on SIGTERM, which it handles itself while it runs; it does not know SIGHUP.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def _check_address(host: str, port: int) -> None:
    """Raise SetupError unless a server can listen there."""
    if not 0 < port < 65536:
        raise SetupError(f"Le port {port} n'existe pas : choisissez un nombre de 1 à 65535.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As the server does: the last connections of the run before do not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SetupError(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Le port {port} est déjà pris : arrêtez l'autre programme, ou ajoutez --port {port % 65535 + 1}."
    if error.errno == errno.EACCES:
        return f"Le port {port} est réservé au système : choisissez-en un autre, par exemple --port 8501."
    return f"L'adresse {host} n'est pas celle de cette machine : essayez --host 127.0.0.1."


def _greet(office: Office, host: str, port: int, say: Say) -> None:
    """Once the server accepts, and not before, give the first code as long as one is needed, or the address."""
    while not _accepts(THROUGH.get(host, host), port):
        time.sleep(0.05)
    url = office.settings.public_url
    say(welcome.text(office, url) or f"L'application est prête : {url} (Ctrl-C pour l'arrêter).")


def _accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


@for_operators
def fill_demo(root: Path, say: Say) -> None:
    """Fill the embedded database with made-up people; raises SetupError when the database is a remote one."""
    from core import demo

    found = settings.load(root, os.environ)
    if found.database_url is not None:
        raise SetupError("La démonstration ne remplit que la base embarquée : retirez l'adresse de base des réglages.")
    try:
        demo.fill(opening.open_office(found, say=say), say=say)
    finally:
        opening.close()


@for_operators
def migrate(root: Path, say: Say) -> None:
    """Bring the schema of the database to the newest revision; raises SetupError."""
    revision = opening.migrate(settings.load(root, os.environ), say=say)
    say(f"La base de données est à jour (version {revision}).")


@for_operators
def send_mails(root: Path, say: Say) -> None:
    """Send the mails that are due, once; for an installation whose server is stopped, or to see why none leaves."""
    from core import carrying, outbox

    found = settings.load(root, os.environ)
    carrier = carrying.chosen(found)
    if carrier is None:
        say("Aucun fournisseur de courriels : ajoutez [mail] dans les secrets. Les courriels attendent.")
    try:
        office = opening.open_office(found, say=say)
        sent = outbox.send_due(office, carrier, at_most=MAILS_AT_ONCE)
        say(f"Courriels envoyés : {sent}. En attente : {outbox.waiting(office)}.")
    finally:
        opening.close()


@for_operators
def remind(root: Path, say: Say) -> None:
    """Post the reminders of invitations that end soon, once; for an installation whose server is stopped."""
    from core import reminders

    try:
        reminded = reminders.remind_due(opening.open_office(settings.load(root, os.environ), say=say))
    finally:
        opening.close()
    say(f"Rappels d'invitations préparés : {reminded}. Ils partent avec les courriels.")


@for_operators
def keep_house(root: Path, say: Say) -> None:
    """Throw away what has served its time, once; for an installation whose server is stopped."""
    from core import downloads, retention

    try:
        office = opening.open_office(settings.load(root, os.environ), say=say)
        erased = downloads.sweep(office) + retention.erase_outdated(office)
    finally:
        opening.close()
    say(f"Lignes périmées effacées : {erased}.")


@for_operators
def reset_factor(root: Path, say: Say, email: str) -> None:
    """Take away the second factor of `email`, for the last administrateur who lost everything; raises SetupError."""
    from core import factor_reset

    try:
        factor_reset.reset_by_operator(opening.open_office(settings.load(root, os.environ), say=say), email=email)
    except NotFound:
        raise SetupError("Aucun accès n'a cette adresse email : vérifiez-la.") from None
    except FactorNotOn:
        raise SetupError("La vérification en deux étapes n'est pas activée pour cet accès.") from None
    finally:
        opening.close()
    say("La vérification en deux étapes est retirée, ses sessions sont fermées, et un courriel l'annonce.")


@for_operators
def show_roles(_root: Path, say: Say) -> None:
    """The SQL of the roles with fresh passwords, to run once as the administrator of a remote database."""
    passwords = {login: b32encode(os.urandom(20)).decode() for login in roles.LOGINS}
    say("-- À exécuter une fois sur la base distante (Supabase : SQL Editor), à ne garder nulle part.")
    say("-- Les mots de passe sont tirés au hasard à chaque affichage. Reporter dans .streamlit/secrets.toml")
    say("-- celui d'asso_app ([database] url) et celui d'asso_migrator ([database] migrations_url).")
    say(roles.sql(passwords))


COMMANDS: Final[Mapping[str, Callable[[Path, Say], None]]] = {
    "demo": fill_demo,
    "housekeeping": keep_house,
    "mails": send_mails,
    "migrate": migrate,
    "reminders": remind,
    "roles": show_roles,
}
