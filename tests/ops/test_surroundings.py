"""Bad surroundings: one French sentence each and exit code 2, never a traceback."""

import ast
import base64
import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.machine import EVERYWHERE
from tests.ops.project import ROOT

KEY = base64.b64encode(b"k" * 32).decode()


def refused(done: subprocess.CompletedProcess) -> str:
    """The one sentence with which a command was refused."""
    assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def python(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_old_python_can_read_manage_py():
    ast.parse((ROOT / "manage.py").read_text("utf-8"), feature_version=(3, 6))


def test_an_old_python_is_refused():
    pretend = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path('manage.py', run_name='__main__')"
    assert "Il faut Python 3.11" in refused(python("-c", pretend))


def test_windows_is_refused():
    pretend = "import runpy, os; os.name = 'nt'; runpy.run_path('manage.py', run_name='__main__')"
    assert "WSL" in refused(python("-c", pretend))


def test_a_path_with_a_space_is_refused(folder):
    (folder / "Mes documents").mkdir()
    shutil.copy(ROOT / "manage.py", folder / "Mes documents")
    assert "contient une espace" in refused(python(str(folder / "Mes documents" / "manage.py"), "run"))


def test_a_folder_that_cannot_be_written_is_refused(folder):
    for name in ("manage.py", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    folder.chmod(0o555)
    as_user = ["-m", "tests.ops.as_nobody"] if os.getuid() == 0 else []
    done = python(*as_user, str(folder / "manage.py"), "run")
    folder.chmod(0o755)
    assert "n'est pas accessible en écriture" in refused(done)


def test_a_python_without_venv_is_refused(folder):
    for name in ("manage.py", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    pretend = "import runpy, sys, importlib.util as u; find = u.find_spec; "
    pretend += "u.find_spec = lambda name: None if name == 'ensurepip' else find(name); "
    pretend += f"sys.argv = ['manage.py', 'run']; runpy.run_path('{folder}/manage.py', run_name='__main__')"
    assert "apt install python3-venv" in refused(python("-c", pretend))


@pytest.mark.parametrize("arguments", [["coudre"], ["run", "--port", "abc"], ["lint", "--vite"]])
def test_a_command_that_does_not_exist_is_refused(arguments):
    assert "python3 manage.py --help" in refused(python("manage.py", *arguments))


def test_the_help_is_in_french():
    done = python("manage.py", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Utilisation")
    assert "usage" not in done.stdout


def test_a_port_that_is_taken_is_refused(project):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"Le port {port} est déjà pris" in refused(project.call("run", "--port", str(port)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "70000"], "n'existe pas"),
        (["--host", "192.0.2.1"], "n'est pas celle de cette machine"),
        (["--host", EVERYWHERE], "Pour servir d'autres machines sur 0.0.0.0, ajoutez [asso] public_url"),
    ],
)
def test_an_address_that_cannot_be_is_refused(project, options, words):
    assert words in refused(project.call("run", *options))


@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        ("[asso]\nnom = 'Les Amis'\n", "[asso] nom"),
        ("[asso\n", "n'est pas du TOML"),
        ("[asso]\npublic_url = 'http://acces.exemple.fr'\n", "[asso] public_url doit être en https"),
        ("[database]\nurl = 'mysql://x@y/z'\n", "[database] url"),
    ],
)
def test_secrets_that_cannot_be_are_refused(project, secrets, words):
    project.secrets(secrets)
    assert words in refused(project.call("run"))


def test_a_database_that_does_not_answer_is_refused(project):
    remote = "postgresql://asso_app:x@127.0.0.1:9/asso"
    assert "injoignable" in refused(project.call("run", ASSO_DATABASE_URL=remote, ASSO_KEY=KEY))


def test_the_demonstration_refuses_a_remote_database(project):
    remote = "postgresql://asso_app:x@127.0.0.1:9/asso"
    assert "que la base embarquée" in refused(project.call("demo", ASSO_DATABASE_URL=remote, ASSO_KEY=KEY))


def test_a_var_folder_that_cannot_be_made_is_refused(project):
    assert "/proc/asso" in refused(project.call("run", ASSO_VAR="/proc/asso"))
