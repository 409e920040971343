"""Personal data as a file: prepared on a screen, fetched once, within five minutes, by the session that asked.

House decision 9: Streamlit's own files are public, so that this is the only way a file with people in it leaves.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, TypeAlias

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import limits, roles, sealing, step_up
from core.errors import DownloadVoid
from core.figures import DOWNLOAD_IN_MEMORY, DOWNLOAD_LIFE
from core.french import PARIS
from core.office import Office, digest
from core.roles import Actor, Permission, for_operators, requires

ADDRESS: Final = "/telechargements"
Wanted: TypeAlias = Mapping[str, Any]
Producer: TypeAlias = Callable[[Office, Actor, Wanted], Iterator[bytes]]


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is called and made, who may have it; `inline` ones open in a tab, to be printed."""

    file_name: str
    media_type: str
    producer: Producer
    permission: Permission
    inline: bool


@dataclass(frozen=True)
class Fetched:
    """A file that is ready to leave; `content` vanishes when it is closed, whatever was read of it."""

    file_name: str
    media_type: str
    inline: bool
    size: int
    content: IO[bytes]


KINDS: Final[dict[str, Kind]] = {}


def register(
    kind: str,
    file_name: str,
    media_type: str,
    producer: Producer,
    *,
    permission: Permission,
    inline: bool = False,
) -> None:
    """Add a kind of file; call it where the module of its `producer` is imported.

    The producer audits what it gives, as the last thing it does: nothing leaves before it has ended. `file_name` is
    French and gets the day before its suffix.
    """
    KINDS[kind] = Kind(file_name, media_type, producer, permission, inline)


_PREPARE: Final = text("""
INSERT INTO asso.downloads (token_hash, session_id, kind, wanted, sealed, created_at, expires_at)
VALUES (:token_hash, :session_id, :kind, CAST(:wanted AS jsonb), :sealed, :now, :expires_at)
""")


@requires(Permission.ACCOUNT_OWN)
def prepare(office: Office, actor: Actor, *, kind: str, wanted: Wanted, secret: Wanted | None = None) -> str:
    """The address where the browser of `actor` fetches the file, once, within five minutes.

    `wanted` says what to put in it: filters, a selection. `secret` is what could not be found again (codes just
    issued, rejected rows): it is kept sealed, and the producer gets it as more of `wanted`.
    Raises StepUpNeeded, NotAllowed, TooManyAttempts.
    """
    if not actor.may(KINDS[kind].permission):
        roles.refuse(office, actor, KINDS[kind].permission, f"download {kind}")
    step_up.require_recent(office, actor)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        return prepare_in(db, office, actor, kind=kind, wanted=wanted, secret=secret)


def prepare_in(
    db: Session, office: Office, actor: Actor, *, kind: str, wanted: Wanted, secret: Wanted | None = None
) -> str:
    """`prepare` within the transaction of a use case, which has asked for the proof and counted the command."""
    token, now = office.token(), office.now()
    values: dict[str, Any] = {"token_hash": digest(token), "session_id": actor.session_id, "kind": kind}
    values |= {"wanted": json.dumps(dict(wanted), default=str), "sealed": _sealed(office, token, secret)}
    db.execute(_PREPARE, values | {"now": now, "expires_at": now + DOWNLOAD_LIFE})
    return f"{ADDRESS}/{token}"


def _sealed(office: Office, token: str, secret: Wanted | None) -> bytes | None:
    if secret is None:
        return None
    plain = json.dumps(dict(secret), default=str).encode()
    return sealing.encrypt(office, "downloads", plain, bound_to=digest(token).hex())


# One statement: of two requests at the same instant, one gets the row and the other nothing.
_TAKE: Final = text("""
DELETE FROM asso.downloads WHERE token_hash = :token_hash AND session_id = :session_id
RETURNING kind, wanted, sealed, expires_at > :now AS alive
""")


@requires(Permission.ACCOUNT_OWN)
def fetch(office: Office, actor: Actor, *, token: str) -> Fetched:
    """The file prepared under `token`, complete: what fails fails before the first byte has left.

    Raises DownloadVoid, alike for an address that is used, too old, unknown or another session's, NotAllowed.
    """
    taken = digest(token)
    rows = office.ask(_TAKE, token_hash=taken, session_id=actor.session_id, now=office.now())
    if not rows or not rows[0].alive or rows[0].kind not in KINDS:
        raise DownloadVoid
    kind, wanted = KINDS[rows[0].kind], rows[0].wanted
    if not actor.may(kind.permission):  # the role may have changed meanwhile
        roles.refuse(office, actor, kind.permission, f"download {rows[0].kind}")
    if rows[0].sealed is not None:
        plain = sealing.decrypt(office, "downloads", bytes(rows[0].sealed), bound_to=taken.hex())
        wanted = wanted | json.loads(plain)
    content, size = _produced(kind.producer(office, actor, wanted))
    return Fetched(_dated(office, kind.file_name), kind.media_type, kind.inline, size, content)


def _produced(chunks: Iterator[bytes]) -> tuple[IO[bytes], int]:
    """The chunks in a file that has no name and that only this process can read, and its size.

    A slow browser then holds no connection of the database, and an error is an answer of its own, not half a file.
    """
    content: IO[bytes] = SpooledTemporaryFile(max_size=DOWNLOAD_IN_MEMORY)  # noqa: SIM115 (closed by who sends it)
    try:
        content.writelines(chunks)
    except BaseException:
        content.close()
        raise
    size = content.tell()
    content.seek(0)
    return content, size


def _dated(office: Office, file_name: str) -> str:
    name = PurePath(file_name)
    return f"{name.stem} {office.now().astimezone(PARIS):%Y-%m-%d}{name.suffix}"


_SWEEP: Final = text("DELETE FROM asso.downloads WHERE expires_at <= :now RETURNING token_hash")


@for_operators
def sweep(office: Office) -> int:
    """Throw away what nobody fetched in five minutes; returns how many. For the periodic work of the server."""
    return len(office.ask(_SWEEP, now=office.now()))
