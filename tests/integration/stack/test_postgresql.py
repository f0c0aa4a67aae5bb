from collections.abc import Callable

import psycopg
import pytest

from deploy.native.databases import Databases
from deploy.native.postgresql import PostgresqlServer

OwnPostgresql = Callable[[], PostgresqlServer]


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def test_database_is_empty_and_owned_by_its_role(database: str) -> None:
    with connect(database) as connection:
        connection.execute("create table kept (word text)")
        tables = connection.execute("select tableowner from pg_tables where schemaname = 'public'").fetchall()

    assert tables == [(database.rpartition("/")[2],)]


def test_two_databases_do_not_see_each_other(postgresql: Databases) -> None:
    first, second = postgresql.create(), postgresql.create()
    with connect(first.url) as one, connect(second.url) as two:
        one.execute("create table kept (word text)")

        assert two.execute("select to_regclass('kept')").fetchone() == (None,)
    postgresql.drop(first)
    postgresql.drop(second)


def test_role_of_one_database_is_not_let_into_another(postgresql: Databases) -> None:
    first, second = postgresql.create(), postgresql.create()

    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        connect(first.url.rpartition("/")[0] + f"/{second.name}")


def test_wrong_password_is_refused(postgresql: Databases) -> None:
    made = postgresql.create()

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(made.url.replace("@", "x@"))


def test_database_made_from_template_may_be_changed_by_its_role(postgresql: Databases) -> None:
    template = postgresql.create()
    with connect(template.url) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('before')")

    copy = postgresql.create(template=template)

    with connect(copy.url) as connection:
        connection.execute("alter table kept add column more text")
        assert connection.execute("select word, more from kept").fetchall() == [("before", None)]


def test_dropped_database_and_role_are_gone(postgresql: Databases) -> None:
    made = postgresql.create()
    with connect(made.url):
        postgresql.drop(made)
        postgresql.drop(made)

    with pytest.raises(psycopg.OperationalError):
        connect(made.url)


@pytest.mark.faults
def test_killed_server_keeps_what_it_acknowledged(own_postgresql: OwnPostgresql) -> None:
    server = own_postgresql()
    made = server.databases.create()
    with connect(made.url) as connection:
        connection.execute("create table kept as select generate_series(1, 1000) as number")
        server.kill()

    server.start()

    with connect(made.url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1000,)


@pytest.mark.faults
def test_stopped_server_keeps_its_port_and_data(own_postgresql: OwnPostgresql) -> None:
    server = own_postgresql()
    made = server.databases.create()
    server.stop()

    with pytest.raises(psycopg.OperationalError):
        connect(made.url)

    server.start()
    connect(made.url).close()


@pytest.mark.faults
def test_paused_server_answers_after_it_was_resumed(own_postgresql: OwnPostgresql) -> None:
    server = own_postgresql()
    made = server.databases.create()
    server.pause()

    with pytest.raises(psycopg.OperationalError, match="timeout"):
        psycopg.connect(made.url.replace("+psycopg", ""), connect_timeout=2)

    server.resume()
    connect(made.url).close()
