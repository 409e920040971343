"""What each database role may do, proved as that role; nothing stands open on Supabase."""

import fcntl
import os
from pathlib import Path

import psycopg2
import pytest

from core import opening
from core.errors import SetupError
from db import credentials, mail, migrations, people, records  # noqa: F401 (all tables)
from db.models import Base

TABLES = sorted(table.name for table in Base.metadata.sorted_tables)
HISTORY = [column.name for column in records.PersonneChange.__table__.columns]


def refused(database, role, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        database.run(statement, role=role)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE asso.personnes",
        "CREATE TABLE asso.x (a int)",
        "CREATE TABLE public.x (a int)",
        "ALTER TABLE asso.audit_log DISABLE TRIGGER ALL",
        "SET ROLE asso_owner",
        "SET session_replication_role = replica",
        "TRUNCATE asso.personnes",
        "SELECT * FROM pg_authid",
        "COPY asso.personnes TO '/tmp/x'",
        "UPDATE asso.session_tickets SET expires_at = now()",
        "DELETE FROM asso.personne_changes",
        "TRUNCATE asso.personne_changes",
        *(f"UPDATE asso.personne_changes SET {column} = NULL" for column in HISTORY if column != "personne_id"),
    ],
)
def test_the_application_has_no_more_rights_than_it_needs(database, statement):
    refused(database, "asso_app", statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM asso.personnes",
        "SELECT password_hash FROM asso.users",
        "SELECT token FROM asso.user_invites",
        "SELECT token_hash FROM asso.user_sessions",
        "SELECT * FROM asso.session_tickets",
        "SELECT * FROM asso.rate_counters",
    ],
)
def test_the_reader_sees_no_secret_and_writes_nothing(database, statement):
    with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
        database.run(statement, role="asso_ro")


def test_what_the_application_asks_is_not_compiled(database):
    """Compiling takes longer than to answer, where PostgreSQL can."""
    assert database.run("SHOW jit", role="asso_app") == [("off",)]


def test_the_reader_reads_what_statistics_need(office, database, marie):
    assert database.run("SELECT count(*) FROM asso.personnes", role="asso_ro") == [(1,)]
    assert database.run("SELECT count(last_sign_in_at) FROM asso.users", role="asso_ro") == [(1,)]


def test_the_application_runs_as_its_own_role_without_privileges(office):
    row = office.ask(_WHO)[0]
    assert (row.current_user, row.rolsuper, row.rolcreaterole, row.rolbypassrls) == ("asso_app", False, False, False)


_WHO = opening.text(
    "SELECT current_user, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
)


def test_row_level_security_is_on_for_every_table(database):
    rows = database.run(
        "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'asso'::regnamespace AND relkind = 'r'"
    )
    assert {name for name, secured in rows if secured} == {*TABLES, "alembic_version"}


@pytest.fixture(params=["anon", "authenticated"])
def public(request, database):
    """One of Supabase's public roles, of the bare key and of those who signed up, with the rights it gives them."""
    with Path(os.environ["ASSO_TEST_VAR"], "public.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # roles are the whole server's, which the workers share
        database.run(f"CREATE ROLE {request.param} NOLOGIN")
        yield request.param
        database.run(f"REVOKE ALL ON SCHEMA asso FROM {request.param}; DROP ROLE {request.param}")


@pytest.mark.parametrize("table", TABLES)
def test_the_public_key_of_supabase_opens_no_table(database, public, table):
    refused(database, "postgres", f"SET ROLE {public}; SELECT * FROM asso.{table}")


def test_the_application_refuses_to_serve_when_the_public_role_can_enter(database, engine, public):
    opening._check(engine)
    database.run(f"GRANT USAGE ON SCHEMA asso TO {public}")
    with pytest.raises(SetupError, match=f"ouvert au rôle public {public}"):
        opening._check(engine)


def test_everything_in_the_schema_belongs_to_the_owner_not_to_a_login(database):
    owners = database.run("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'asso'")
    assert owners == [("asso_owner",)]


def test_functions_are_not_for_the_public(database):
    rows = database.run(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'asso'::regnamespace "
        "AND has_function_privilege('public', oid, 'execute')"
    )
    assert rows == []


def test_the_tables_are_those_of_the_models(database):
    migrations.check(database.url("asso_migrator"))


def test_only_core_sql_is_used(database):
    assert database.run("SELECT extname FROM pg_extension") == [("plpgsql",)]
