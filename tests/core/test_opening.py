"""Opening the office: a database that cannot be used is said in one sentence, and nothing is served."""

import psycopg2
import pytest
from sqlalchemy import text

from core import opening
from core.errors import SetupError, Unavailable
from core.settings import Settings
from db import engine as engines
from db import migrations


@pytest.fixture
def there(database, tmp_path):
    """Settings for this worker's database as if it were a remote one."""
    return Settings(
        key=b"k" * 32, var=tmp_path, database_url=database.url(), migrations_url=database.url("asso_migrator")
    )


@pytest.fixture
def closed():
    yield
    opening.close()


def test_the_office_is_opened_once_per_process(there, closed):
    assert opening.current() is None
    office = opening.open_office(there)
    assert opening.open_office(there) is office
    assert opening.current() is office


def test_the_dice_are_long_and_unambiguous(there, closed):
    office = opening.open_office(there)
    assert len({office.token() for _ in range(100)}) == 100
    assert len(office.token()) >= 43
    assert set(office.symbols(1000)) <= set(opening.CROCKFORD)
    assert office.now().utcoffset().total_seconds() == 0


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg2://x@127.0.0.1:1/x", "postgresql+psycopg2://asso_app@/rien?host=/rien"]
)
def test_an_unreachable_database_is_said_without_its_password(tmp_path, url):
    with pytest.raises(SetupError, match="injoignable"):
        opening.open_office(Settings(key=b"k" * 32, var=tmp_path, database_url=url))


@pytest.fixture
def revision(database):
    def change(to):
        database.run("UPDATE asso.alembic_version SET version_num = %s", to)

    yield change
    change(migrations.newest())


def test_a_database_ahead_of_the_code_is_refused(there, revision):
    revision("9999")
    with pytest.raises(SetupError, match="plus récente"):
        opening.open_office(there)
    with pytest.raises(SetupError, match="plus récente"):
        opening.migrate(there)


def test_a_database_behind_is_refused_when_there_is_no_migrator(database, there, tmp_path):
    database.run("ALTER TABLE asso.alembic_version RENAME TO elsewhere")
    try:
        with pytest.raises(SetupError, match="pas à jour"):
            opening.open_office(Settings(key=b"k" * 32, var=tmp_path, database_url=database.url()))
    finally:
        database.run("ALTER TABLE asso.elsewhere RENAME TO alembic_version")


def test_migrating_needs_the_migrators_address(tmp_path, database, there):
    with pytest.raises(SetupError, match="migrations_url"):
        opening.migrate(Settings(key=b"k" * 32, var=tmp_path, database_url=database.url()))
    assert opening.migrate(there) == migrations.newest()


def test_a_migrator_without_rights_is_said(tmp_path, database):
    database.run("ALTER TABLE asso.alembic_version RENAME TO elsewhere")
    wrong = Settings(key=b"k" * 32, var=tmp_path, database_url=database.url(), migrations_url=database.url("asso_ro"))
    try:
        with pytest.raises(SetupError, match="n'a pas pu être mise à jour"):
            opening.migrate(wrong)
    finally:
        database.run("ALTER TABLE asso.elsewhere RENAME TO alembic_version")


def test_a_connection_that_the_server_closed_is_replaced_unnoticed(office, database):
    office.ask(text("SELECT 1"))
    ended = database.run(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = 'asso_app'",
        database.name,
    )
    assert {(True,)} == set(ended)
    assert office.ask(text("SELECT 1 AS one"))[0].one == 1
    with office.begin() as db:
        assert db.scalar(text("SELECT 2")) == 2


def test_a_connection_lost_in_the_middle_is_unavailable_and_the_next_one_works(office):
    kill = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(Unavailable):
        office.ask(kill)
    with pytest.raises(Unavailable), office.begin() as db:
        db.execute(kill)
    assert office.ask(text("SELECT 1 AS one"))[0].one == 1


def test_an_error_of_ours_is_not_taken_for_an_absent_database(office):
    with pytest.raises(Exception, match="division by zero"):
        office.ask(text("SELECT 1/0"))
    with pytest.raises(Exception, match="division by zero"), office.begin() as db:
        db.execute(text("SELECT 1/0"))


def test_an_error_message_carries_no_value(office):
    with pytest.raises(Exception, match="hide_parameters"):
        office.ask(text("SELECT CAST(:typed AS int)"), typed="Confidentiel, 06 12 34 56 78")


def test_a_connection_goes_back_in_autocommit_and_nothing_leaks_into_the_next_use(office):
    for _ in range(3):
        with office.begin() as db:
            db.execute(text("SET LOCAL statement_timeout = '1s'"))
        shown = office.ask(text("SHOW statement_timeout"))[0][0]
        assert shown == "15s"


def test_over_tcp_a_silent_peer_is_noticed():
    args = engines._connect_args(engines.make_url("postgresql://a@db.exemple.org/b"), 5)
    assert args["keepalives_idle"] == 30
    assert "keepalives" not in engines._connect_args(engines.make_url("postgresql://a@/b?host=/tmp"), 5)


def test_roles_can_be_made_again_and_have_passwords_on_a_remote_database(database):
    from db import roles

    roles.create(database.url("postgres"))
    sql = roles.sql(dict.fromkeys(roles.LOGINS, "l'eau"))
    assert "ALTER ROLE asso_app PASSWORD 'l''eau'" in sql
    assert "PASSWORD" not in roles.sql()
    assert isinstance(database.run("SELECT 1", role="asso_migrator"), list)
    with pytest.raises(psycopg2.Error):
        database.run("SELECT 1", role="inconnu")
