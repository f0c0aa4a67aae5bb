"""Bring a service's database to the newest revision (OPS-6)."""

from __future__ import annotations

import time
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from chassis.db.migrations import history
from chassis.db.migrations.standing import current, is_ahead, revisions

_LOCK = 0x57415244  # "WARD": one migration at a time in a database

_FOR_ITS_TURN = "SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = '10min'"
_AT_WORK = (
    "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'; "
    "SET LOCAL idle_in_transaction_session_timeout = '60s'"
)
"""A table's lock that is waited for holds up everybody who comes later: rather soon given up, and tried again. Between
two statements a machine that is busy with others may take its time.
"""

_TRIES = 30
_PAUSE = 1.0
_LOCK_NOT_AVAILABLE = "55P03"


class DatabaseAheadError(Exception):
    """A newer version migrated this database, and left no room for this one."""


def migrate(engine: Engine, scripts: str, service: str, revision: str = "head") -> None:
    """Upgrade to `revision` in one transaction; several processes at once wait for the first.

    A database that a newer version expanded is left as it is; raises `DatabaseAheadError` where it was contracted past
    this version. On PostgreSQL no statement takes longer than a minute, and no lock is waited for longer than two
    seconds at a time. `scripts` is an Alembic script location such as `services.identity:migrations`.
    """
    for left in reversed(range(_TRIES)):
        try:
            _upgrade(engine, scripts, service, revision)
        except OperationalError as error:
            if not left or getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            time.sleep(_PAUSE)  # whoever queued up behind us goes first
        else:
            return


def downgrade(engine: Engine, scripts: str, service: str, revision: str) -> None:
    """Go back to `revision` (`base` for nothing at all) in one transaction."""
    with engine.begin() as connection:
        command.downgrade(_config(scripts, connection), revision)
        _note(connection, scripts, service)


def check(engine: Engine, scripts: str) -> None:
    """Raise `alembic.util.CommandError` where the tables' declarations and the revisions have drifted apart."""
    with engine.connect() as connection:
        command.check(_config(scripts, connection))


def _upgrade(engine: Engine, scripts: str, service: str, revision: str) -> None:
    with engine.connect() as connection:
        _hold_foreign_keys(connection, "OFF")
        with connection.begin():
            _take_turn(connection)
            own = revisions(scripts)
            if not is_ahead(current(connection, service), own):
                command.upgrade(_config(scripts, connection), revision)
                _note(connection, scripts, service)
                _check_foreign_keys(connection, service)
            elif not history.serves(connection, own, service):
                raise DatabaseAheadError(f"A newer version contracted the database of {service}: run that one.")
        _hold_foreign_keys(connection, "ON")


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_FOR_ITS_TURN)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.exec_driver_sql(_AT_WORK)


def _note(connection: Connection, scripts: str, service: str) -> None:
    directory = ScriptDirectory.from_config(_config(scripts, connection))
    history.note(connection, directory, service, current(connection, service))


def _config(scripts: str, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", scripts)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _hold_foreign_keys(connection: Connection, state: str) -> None:
    """SQLite alone, and outside of any transaction: recreating a table would else delete what refers to it."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={state}")


def _check_foreign_keys(connection: Connection, service: str) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"the migration of {service} left {len(broken)} rows without what they refer to")
