"""Everything works through a transaction-mode pooler, as Supabase offers on port 6543."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from core import accounts, audit, directory, invites, passwords, personnes, sessions
from core.directory import Wanted
from core.roles import Role
from db.engine import open_engine
from tests.conftest import code_for
from tests.core.test_invites import activate, race
from tests.machine import needed
from tests.serving import free_port

LONG = "Une phrase de passe assez longue"
INI = """
[databases]
{name} = host={sockets} port={port} dbname={name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 3
query_wait_timeout = 10
logfile = {folder}/log
pidfile = {folder}/pid
"""


@pytest.fixture(scope="module")
def pooler(database):
    """A pgbouncer in front of this worker's database; the port it listens on."""
    program = needed("pgbouncer")
    owner, listen = database.server.socket_dir.stat(), free_port()
    folder = Path(os.environ["ASSO_TEST_VAR"] + f"-pooler-{listen}")
    folder.mkdir()
    port = make_url(database.url()).query.get("port", "5432")
    values = {"sockets": database.server.socket_dir, "port": port, "listen": listen, "folder": folder}
    (folder / "pgbouncer.ini").write_text(INI.format(name=database.name, **values))
    (folder / "users.txt").write_text('"asso_app" ""\n')
    if os.geteuid() == 0:  # pgbouncer refuses root; the socket's folder is its owner's alone
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.st_uid, owner.st_gid)
    identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    process = subprocess.Popen([program, "-q", str(folder / "pgbouncer.ini")], cwd=folder, **identity)
    wait_for(listen)
    yield listen
    process.terminate()
    process.wait()
    shutil.rmtree(folder)


def wait_for(port):
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


@pytest.fixture
def pooled(office, database, pooler):
    """The office, its database behind the pooler."""
    url = make_url(database.url()).set(host="127.0.0.1", port=pooler, query={})
    engine = open_engine(url.render_as_string(hide_password=False))
    yield replace(office, engine=engine)
    engine.dispose()


def test_the_main_journey_works_through_a_pooler(pooled, visitor):
    admin = activate(pooled, visitor, invites.first_administrator(pooled), email="chef@exemple.fr", password=LONG)
    created = personnes.create(pooled, admin, id=pooled.uuid(), nom="Michel", prenom="Jean", with_code=True)
    jean = activate(pooled, visitor, created.code.code.lower().replace("-", ""))
    assert (jean.role, jean.personne_id) == (Role.BENEVOLE, created.id)
    assert directory.page(pooled, jean, Wanted("michel")).total == 1
    ticket = passwords.change(pooled, admin, current=LONG, new=LONG + "!", confirmation=LONG + "!")
    again = sessions.resume(pooled, visitor, token=sessions.open(pooled, visitor, ticket=ticket).token)
    assert len(accounts.overview(pooled, again).sessions) == 1
    sessions.close(pooled, again)
    assert audit.verify(pooled).first_altered is None


def test_races_are_decided_through_a_pooler_too(pooled, marie, jean, visitor):
    code = code_for(pooled, marie, jean).code
    outcomes = race(8, lambda number: activate(pooled, visitor, code, email=f"j{number}@exemple.fr"))
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1


def test_the_roles_settings_hold_behind_a_pooler(pooled):
    assert pooled.ask(text("SHOW statement_timeout"))[0][0] == "15s"
    assert pooled.ask(text("SHOW search_path"))[0][0] == "asso"
