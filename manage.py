"""The one command of the application: it installs what is needed, then runs, tests or prepares it."""

import os
import sys

if sys.version_info < (3, 11) or os.name != "posix":
    # First of all: an older Python must get as far as saying this.
    sys.stderr.write("Il faut Python 3.11 ou plus récent, sous Linux, macOS ou WSL (Windows).\n")
    sys.exit(2)

import argparse
import fcntl
import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"

HELP = """\
Utilisation : python3 manage.py COMMANDE

  run      lance l'application ; options : --port 8501 --host 127.0.0.1 (autre adresse : avec [asso] public_url)
  demo     remplit la base embarquée de 300 personnes inventées
  bench    mesure la liste à côté de Django admin ; options : --people 100000, --quick
  test     lance tous les tests, ou ceux que désignent les arguments (ceux de pytest)
  docs     refait les pages de docs/ qui se déduisent du code
  lint     vérifie le style, les types, les secrets oubliés et les migrations
  housekeeping  efface une fois ce qui a fait son temps (fichiers préparés, anciens mots de passe, compteurs)
  mails    envoie une fois les courriels en attente
  migrate  met la base de données à jour
  reminders  prépare les rappels des invitations qui se terminent bientôt
  reset-factor EMAIL  retire la vérification en deux étapes de qui a tout perdu
  roles    écrit le SQL à exécuter une fois sur une base distante (Supabase)

La première commande installe ce qu'il faut dans .venv."""


class Impossible(Exception):
    """The command cannot be done here; the message is one French sentence."""


def main(arguments: list[str]) -> int:
    """Do the command that the arguments name; the result is the exit code."""
    if not arguments or {"-h", "--help"} & set(arguments):
        print(HELP)
        return 0
    options = understood(arguments)
    develops = options.command in {"docs", "lint", "test"}
    prepare("requirements.txt", *(["requirements-dev.txt"] if develops else []))
    os.chdir(ROOT)
    if options.command == "bench":
        return bench(options)
    return develop(options) if develops else operate(options)


class Parser(argparse.ArgumentParser):
    def error(self, _: str) -> NoReturn:
        raise Impossible("Cette commande n'est pas comprise ; pour la liste : python3 manage.py --help.")


def understood(arguments: list[str]) -> argparse.Namespace:
    if arguments[0] == "test":
        return argparse.Namespace(command="test", arguments=arguments[1:])
    parser = Parser(add_help=False)
    operated = ["demo", "housekeeping", "mails", "migrate", "reminders", "reset-factor", "roles"]
    parser.add_argument("command", choices=["run", "bench", "docs", "lint", *operated])
    if arguments[0] == "run":
        parser.add_argument("--port", type=int, default=8501)
        parser.add_argument("--host", default="127.0.0.1")
    if arguments[0] == "bench":
        parser.add_argument("--people", type=int)
        parser.add_argument("--quick", action="store_true")
    if arguments[0] == "reset-factor":
        parser.add_argument("email")
    return parser.parse_args(arguments)


# The environment: needs nothing but Python itself.


def prepare(*wanted: str) -> None:
    """Make `.venv`, install these lists of packages unless they are, and go on inside it."""
    if {" ", ":"} & set(str(ROOT)):
        raise Impossible(f"Le chemin « {ROOT} » contient une espace ou un deux-points : déplacez ce dossier.")
    with one_at_a_time():
        missing = [name for name in wanted if not is_installed(name)]
        if missing:
            build_environment()
            for name in missing:
                install(name)
            UNFINISHED.unlink()
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *sys.argv[1:]])  # noqa: S606 (no shell)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two first starts at once must not install over each other; the folder itself is the lock."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network folders know no locks
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Une autre commande prépare .venv : attente de sa fin…")
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def is_usable() -> bool:
    """An interrupted installation is not, nor the one of a Python that has been replaced since."""
    packages = VENV / "lib" / "python{}.{}".format(*sys.version_info[:2])
    return PYTHON.exists() and packages.exists() and not UNFINISHED.exists()


def is_installed(name: str) -> bool:
    """Whether this very list of packages was installed to its end: a copy of it then lies in `.venv`."""
    return is_usable() and (VENV / name).exists() and (VENV / name).read_bytes() == (ROOT / name).read_bytes()


def build_environment() -> None:
    if not os.access(ROOT, os.W_OK):
        raise Impossible(f"Le dossier {ROOT} n'est pas accessible en écriture : vérifiez ses droits.")
    if is_usable():
        UNFINISHED.touch()
        return
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise Impossible("Le module venv de Python manque : installez-le (sous Debian : apt install python3-venv).")
    say("Création de l'environnement Python dans .venv…")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    # Not sys.executable, which may be the one just removed.
    finish([getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(VENV)], "L'environnement Python")


def install(name: str) -> None:
    count = sum("==" in line for line in (ROOT / name).read_text().splitlines())
    say(f"Installation de {name} ({count} paquets vérifiés, une à trois minutes la première fois)…")
    pip = [str(PYTHON), "-m", "pip", "install", "--no-input", "--no-user", "--disable-pip-version-check"]
    finish([*pip, "--require-hashes", "-r", str(ROOT / name)], "L'installation des paquets")
    shutil.copy(ROOT / name, VENV / name)


def finish(command: list[str], what: str) -> None:
    """Run a program to its end; on a terminal, one line shows the package it is at."""
    lines = ["aucune explication"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as program:
        for line in program.stdout or ():
            lines.append(line.strip())
            if sys.stdout.isatty() and line.startswith(("Collecting", "Installing")):
                say(f"\r\033[K  {line.strip()[:70]}", end="")
    if sys.stdout.isatty():
        say("\r\033[K", end="")
    if program.returncode != 0:
        raise Impossible(f"{what} n'a pas abouti (réseau ? place sur le disque ?) : {lines[-1]}")


def say(sentence: str, end: str = "\n") -> None:
    print(sentence, end=end, flush=True)


# The commands: inside `.venv`, with every package at hand.


def develop(options: argparse.Namespace) -> int:
    from tests import workshop

    if options.command == "docs":
        return workshop.docs()
    return workshop.test(options.arguments) if options.command == "test" else workshop.lint()


def bench(options: argparse.Namespace) -> int:
    from bench import benchmark
    from core.errors import SetupError

    try:
        return benchmark.run(say, people=options.people, quick=options.quick)
    except SetupError as refusal:
        raise Impossible(str(refusal)) from None


def operate(options: argparse.Namespace) -> int:
    from core import running
    from core.errors import SetupError

    try:
        if options.command == "run":
            running.serve(ROOT, options.host, options.port, say=say, application=application)
        elif options.command == "reset-factor":
            running.reset_factor(ROOT, say, options.email)
        else:
            running.COMMANDS[options.command](ROOT, say)
    except SetupError as refusal:
        raise Impossible(str(refusal)) from None
    return 0


def application(host: str, port: int) -> None:
    """The same as `streamlit run server.py`, in this process."""
    from click import Abort
    from streamlit.web import cli

    options = [f"--server.address={host}", f"--server.port={port}"]
    try:
        cli.main(["run", str(ROOT / "server.py"), *options], prog_name="streamlit", standalone_mode=False)
    except Abort:
        raise KeyboardInterrupt from None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Impossible as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
