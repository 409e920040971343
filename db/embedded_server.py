"""The process of the embedded PostgreSQL: created, launched, found again, stopped."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psutil
import psycopg2

from db.embedded_place import EmbeddedError, Place, Say

MAJOR = "18"
PORT = "5432"  # only the name of the socket: PostgreSQL listens on no network
PATIENCE = 60.0  # seconds for a crash recovery, and for a stop
GRACE = 10.0  # seconds for the backends of a dead PostgreSQL to notice and end

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Faults are logged without the values that caused them: those are personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# PostgreSQL's own locale: the same order and the same capitals whatever the machine speaks.
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
# For tests, which throw their database away: survives a kill, not the failure of the machine.
FAST = {"fsync": "off", "full_page_writes": "off"}


def bring_up(place: Place, say: Say) -> None:
    """A PostgreSQL that answers; an orphan of an application that was killed is simply adopted."""
    if not place.data.exists():
        say("Création de la base de données (une seule fois)…")
        _initialise(place)
    _refuse_another_version(place)
    place.private_folder(place.data)
    place.private_folder(place.sockets)
    deadline, process = time.monotonic() + PATIENCE, None
    while not _answers(place):
        if process is None and postmaster(place.data) is None:
            process = _launch(place)
        if (process is not None and process.poll() is not None) or time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL ne démarre pas : {_last_fault(place)}")
        time.sleep(0.02)


def connect(place: Place) -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(place.sockets), port=PORT, user="postgres", dbname="postgres", connect_timeout=5)


def postmaster(data: Path) -> psutil.Process | None:
    """The living PostgreSQL of this folder; postmaster.pid may name a dead, a zombie or a foreign process."""
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        ours = _works_in(process, data) and "-D" in process.cmdline()
    except (FileNotFoundError, ValueError, IndexError, psutil.Error):
        return None
    return process if ours else None


def shut_down(place: Place) -> None:
    """End every connection and stop PostgreSQL; one that hangs is cut, and recovers at its next start."""
    deadline, asked = time.monotonic() + PATIENCE, False
    while (process := postmaster(place.data)) is not None:
        late = time.monotonic() > deadline
        if late or not asked:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGQUIT if late else signal.SIGINT)
        asked = True
        time.sleep(0.02)


def _works_in(process: psutil.Process, data: Path) -> bool:
    alive = process.status() != psutil.STATUS_ZOMBIE
    return alive and process.name() == "postgres" and process.cwd() == str(data)


def _initialise(place: Place) -> None:
    """Made under another name, then renamed: an interrupted creation leaves nothing half made."""
    unfinished = place.beside(".new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    place.private_folder(unfinished)
    options = [
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--data-checksums",
        "--no-instructions",
    ]
    speed = ["--no-sync"] if _fast() else []
    command = [str(place.programs / "initdb"), *options, *LOCALE, *speed, f"--pgdata={unfinished}"]
    done = subprocess.run(
        command, cwd="/", env=_environment(), capture_output=True, text=True, check=False, **place.identity
    )
    if done.returncode != 0:
        raise EmbeddedError(f"La base de données n'a pas pu être créée : {_fault_in(done.stderr)}")
    unfinished.rename(place.data)


def _refuse_another_version(place: Place) -> None:
    found = (place.data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise EmbeddedError(f"La base de {place.data} est de PostgreSQL {found}, le programme est la version {MAJOR}.")


def _launch(place: Place) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C in the terminal must leave it to the application to stop it."""
    _clear_remains(place)
    own = {"shared_buffers": _cache(), "unix_socket_directories": f'"{place.sockets}"'}
    wanted = SETTINGS | own | (FAST if _fast() else {})
    options = [word for name, value in wanted.items() for word in ("-c", f"{name}={value}")]
    log = place.beside(".log")
    if log.exists():
        log.replace(place.beside(".log.old"))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(place.programs / "postgres"), "-D", str(place.data), *options],
            cwd="/",
            env=_environment(),
            umask=0o077,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **place.identity,
        )
    # Waited for at once when it dies: a zombie would look alive.
    Thread(target=process.wait, name="postgres-reaper", daemon=True).start()
    return process


def _cache() -> str:
    """A quarter of the memory, as PostgreSQL's manual advises, up to what a list of a million people needs.

    It is taken only as far as there is something to keep in it.
    """
    quarter = psutil.virtual_memory().total // 4 // 2**20
    return f"{min(max(quarter, 128), 512)}MB"


def _clear_remains(place: Place) -> None:
    """After a crash: wait for the orphaned backends, then remove the files that name the dead process."""
    pid_file = place.data / "postmaster.pid"
    if pid_file.exists():
        _end_backends(place.data)
    for remains in (pid_file, *place.sockets.glob(".s.PGSQL.*")):
        remains.unlink(missing_ok=True)


def _end_backends(data: Path) -> None:
    """Two generations writing to one folder would destroy it, and we remove PostgreSQL's own guard."""
    deadline = time.monotonic() + GRACE
    while backends := [process for process in psutil.process_iter() if _is_backend(process, data)]:
        for process in backends if time.monotonic() > deadline else ():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        time.sleep(0.05)


def _is_backend(process: psutil.Process, data: Path) -> bool:
    try:
        return _works_in(process, data)
    except psutil.Error:
        return False


def _answers(place: Place) -> bool:
    try:
        connect(place).close()
    except psycopg2.OperationalError:
        return False
    return True


def _fast() -> bool:
    return os.environ.get("ASSO_EMBEDDED_FAST") == "1"


def _environment() -> dict[str, str]:
    """Nothing of the operator's language or PG* variables reaches PostgreSQL."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _last_fault(place: Place) -> str:
    return _fault_in(place.beside(".log").read_text(errors="replace"))


def _fault_in(text: str) -> str:
    lines = text.splitlines() or ["aucune explication"]
    faults = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line]
    return (faults or lines)[-1].strip()
