"""Whether anything was written to the services' databases, and how they are put back to where they stood."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing

from chassis.assembly import Service


class Ledger:
    """Of services on SQLite, as they stand when it is made."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self._books = {name: _Book(str(each.engine.url.database)) for name, each in services.items()}

    def changed(self) -> set[str]:
        """The tables that do not hold what they held, as `service.table`."""
        return {f"{name}.{table}" for name, book in self._books.items() for table in book.changed()}

    def restore(self) -> None:
        """Put everything back."""
        for book in self._books.values():
            book.restore()

    def close(self) -> None:
        for book in self._books.values():
            book.close()


class _Book:
    def __init__(self, path: str) -> None:
        self._path = path
        self._watching = sqlite3.connect(path)
        self._kept = sqlite3.connect(":memory:")
        self._watching.backup(self._kept)
        self._version = self._seen()

    def changed(self) -> list[str]:
        if self._seen() == self._version:
            return []
        tables = [name for (name,) in self._kept.execute("select name from sqlite_master where type = 'table'")]
        return [each for each in tables if _rows(self._kept, each) != _rows(self._watching, each)]

    def restore(self) -> None:
        if self._seen() == self._version:
            return
        with closing(sqlite3.connect(self._path)) as written:
            self._kept.backup(written)
        self._version = self._seen()

    def close(self) -> None:
        self._watching.close()
        self._kept.close()

    def _seen(self) -> int:
        """Another number after every commit of somebody else's."""
        return int(self._watching.execute("pragma data_version").fetchone()[0])


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return sorted(connection.execute(f'select * from "{table}"').fetchall(), key=repr)  # noqa: S608 -- a table's name
