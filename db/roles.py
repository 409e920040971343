"""The four database roles: owner (through the migrator), application, reader; created once, by hand on Supabase."""

from collections.abc import Mapping
from typing import Final

import psycopg2

LOGINS: Final = ("asso_migrator", "asso_app", "asso_ro")

# Verified as the non-superuser `postgres` of Supabase (PostgreSQL 15-18). Settings stand on the roles because a
# transaction-mode pooler loses, or leaks to others, everything that a session sets for itself.
_SQL = """\
DO $$ BEGIN
  IF to_regrole('asso_owner') IS NULL THEN CREATE ROLE asso_owner NOLOGIN; END IF;
  IF to_regrole('asso_migrator') IS NULL THEN CREATE ROLE asso_migrator LOGIN NOINHERIT CONNECTION LIMIT 5; END IF;
  IF to_regrole('asso_app') IS NULL THEN CREATE ROLE asso_app LOGIN CONNECTION LIMIT 40; END IF;
  IF to_regrole('asso_ro') IS NULL THEN CREATE ROLE asso_ro LOGIN CONNECTION LIMIT 5; END IF;
END $$;
-- PostgreSQL 16 and later: without it, CREATE SCHEMA ... AUTHORIZATION is refused to a non-superuser.
GRANT asso_owner TO CURRENT_USER;
GRANT asso_owner TO asso_migrator;
CREATE SCHEMA IF NOT EXISTS asso AUTHORIZATION asso_owner;
REVOKE ALL ON SCHEMA asso FROM PUBLIC;
GRANT USAGE ON SCHEMA asso TO asso_app, asso_ro;
ALTER DEFAULT PRIVILEGES FOR ROLE asso_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER ROLE asso_migrator SET role = asso_owner;
ALTER ROLE asso_migrator SET search_path = asso;
ALTER ROLE asso_migrator SET statement_timeout = '10min';
ALTER ROLE asso_migrator SET lock_timeout = '10s';
ALTER ROLE asso_migrator SET timezone = 'UTC';
ALTER ROLE asso_app SET search_path = asso;
ALTER ROLE asso_app SET statement_timeout = '15s';
ALTER ROLE asso_app SET lock_timeout = '5s';
ALTER ROLE asso_app SET idle_in_transaction_session_timeout = '60s';
-- Compiling a plan takes longer than what we ask: a list of a hundred thousand is read in less.
ALTER ROLE asso_app SET jit = off;
ALTER ROLE asso_app SET timezone = 'UTC';
ALTER ROLE asso_ro SET search_path = asso;
ALTER ROLE asso_ro SET default_transaction_read_only = on;
ALTER ROLE asso_ro SET statement_timeout = '60s';
ALTER ROLE asso_ro SET timezone = 'UTC';
"""


def sql(passwords: Mapping[str, str] | None = None) -> str:
    """The statements to run once as the administrator of the database; they can be run again.

    `passwords` gives one password per login role; without it the roles have none, which is right only for the
    embedded database, whose socket nobody else can reach.
    """
    lines = [
        f"ALTER ROLE {login} PASSWORD '{passwords[login].replace(chr(39), chr(39) * 2)}';"
        for login in LOGINS
        if passwords
    ]
    return "\n".join(["BEGIN;", _SQL, *lines, "COMMIT;", ""])


def create(superuser_url: str) -> None:
    """Create the roles and the schema in the database of `superuser_url` (a libpq or SQLAlchemy URL)."""
    connection = psycopg2.connect(superuser_url.replace("+psycopg2", ""))
    try:
        connection.autocommit = True  # the SQL is one transaction by itself
        with connection.cursor() as cursor:
            cursor.execute(sql())
    finally:
        connection.close()
