"""A hundred thousand Personnes leave without filling the memory of the server, where everybody's screens live."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import opening
from core.roles import Role
from db.engine import open_engine
from tests.conftest import enrol, new_database

ROOT = Path(__file__).parents[2]
# Indexes and the words of the search are nothing to a file: without them a hundred thousand are there in seconds.
FILL = """
SET session_replication_role = replica;
ALTER TABLE asso.personnes ALTER tout DROP EXPRESSION, ALTER recherche DROP EXPRESSION,
  ALTER tri_prenom DROP EXPRESSION, ALTER email_key DROP EXPRESSION,
  ALTER tout SET DEFAULT '', ALTER recherche SET DEFAULT '', ALTER tri_prenom SET DEFAULT '';
DO $$ DECLARE found text; BEGIN
  FOR found IN SELECT indexrelid::regclass::text FROM pg_index
    WHERE indrelid = 'asso.personnes'::regclass AND NOT indisprimary AND NOT indisunique
  LOOP EXECUTE 'DROP INDEX ' || found; END LOOP;
END $$;
INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, telephone_1, role, email, note, created_at, updated_at)
SELECT gen_random_uuid(), 'Dupont ' || n, 'Élise', '+336' || lpad(n::text, 8, '0'), 'bénévole',
  'elise.' || n || '@exemple.fr', 'Vient le samedi.', now(), now() FROM generate_series(1, 100000) AS n
"""
# In a process of its own: its highest memory before, then after each file, and the bytes of the file.
SCRIPT = """
import json, resource, sys
from core import downloads, exports, opening, sessions
from core.exports import Format
from core.wanted import Wanted
from db.engine import open_engine
from tests.conftest import KEY, VISITOR
from core.settings import Settings
from pathlib import Path
from uuid import UUID

office = opening.office_on(open_engine(sys.argv[1]), Settings(key=KEY, var=Path("/tmp"), password_cost=4))
with office.begin() as db:
    ticket = sessions.issue_ticket(db, office, UUID(sys.argv[2]))
actor = sessions.resume(office, VISITOR, token=sessions.open(office, VISITOR, ticket=ticket).token)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def export(kind, ids=()):
    prepared = exports.prepare(office, actor, kind=kind, wanted=Wanted(), ids=ids)
    size = 0
    with downloads.fetch(office, actor, token=prepared.address.rpartition("/")[2]).content as content:
        while chunk := content.read(65536):
            size += len(chunk)
    return prepared.count, size, peak()

for kind in Format:
    export(kind, (actor.personne_id,))
print(json.dumps([peak(), *map(export, Format)]))
"""


@pytest.fixture(scope="module")
def crowd(server):
    """A database with a hundred thousand Personnes."""
    return new_database(server, "crowd_" + os.environ.get("PYTEST_XDIST_WORKER", "one"))


def test_a_hundred_thousand_personnes_take_less_than_50_mb(crowd, settings):
    there = opening.office_on(open_engine(crowd.url(), pool_size=1), settings)
    marie = enrol(there, "Marie", "Dupont", Role.ADMINISTRATEUR)
    there.engine.dispose()
    crowd.run(FILL)
    command = [sys.executable, "-c", SCRIPT, crowd.url(), str(marie.user_id)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    before, *files = json.loads(done.stdout)
    for count, size, peak in files:
        assert (count, size > 500_000) == (100_001, True)
        assert peak - before < 50
