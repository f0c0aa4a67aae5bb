"""Lays the rows of an import aside in temporary files: memory stays the same however many there are (REG-17)."""

from __future__ import annotations

import marshal
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from operator import lt

from services.registration.domain.practices import Row

_TOGETHER = 1_000
_LENGTH = 4
_SCRIPT = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8000;
CREATE TABLE latest (tin INTEGER PRIMARY KEY, row INTEGER NOT NULL);
CREATE TABLE superseded (row INTEGER PRIMARY KEY);
CREATE TRIGGER again BEFORE UPDATE ON latest BEGIN INSERT INTO superseded VALUES (old.row); END;
BEGIN;
"""
_LATEST = "INSERT INTO latest VALUES (?, ?) ON CONFLICT (tin) DO UPDATE SET row = excluded.row"
_SUPERSEDED = "SELECT row FROM superseded WHERE row >= ? AND row < ?"


class RowSpool:
    """Rows in a temporary file, and beside it which row is the latest of each TIN; both go with the process.

    While TINs come in rising order none can have come before, so that index is begun at the first that does not rise.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._index = sqlite3.connect("", isolation_level=None)
        self._index.executescript(_SCRIPT)
        self._highest = ""
        self._rising = True
        self._rows = 0

    @property
    def rows(self) -> int:
        """How many rows lie here."""
        return self._rows

    @property
    def superseded(self) -> int:
        """How many of them have a TIN that came again later."""
        return int(self._index.execute("SELECT count(*) FROM superseded").fetchone()[0])

    def keep(self, rows: Sequence[Row]) -> None:
        """Lay rows aside, behind those before."""
        for start in range(0, len(rows), _TOGETHER):
            self._keep(rows[start : start + _TOGETHER])

    def batches(self, size: int) -> Iterator[Sequence[Row]]:
        """The rows that were not superseded, at most `size` at a time, in the order in which they came."""
        batch: list[Row] = []
        for rows in self._latest():
            batch += rows
            while len(batch) >= size:
                yield batch[:size]
                del batch[:size]
        if batch:
            yield batch

    def close(self) -> None:
        """Drop it all."""
        self._index.close()
        self._file.close()

    def _keep(self, rows: Sequence[Row]) -> None:
        tins = [row[0] for row in rows]
        if self._rising and not all(map(lt, [self._highest, *tins], tins)):
            self._rising = False
            for begin, earlier in self._kept():
                self._note([row[0] for row in earlier], begin)
        if not self._rising:
            self._note(tins, self._rows)
        packed = marshal.dumps(list(rows))
        self._file.write(len(packed).to_bytes(_LENGTH))
        self._file.write(packed)
        self._highest = tins[-1]
        self._rows += len(rows)

    def _note(self, tins: Sequence[str], begin: int) -> None:
        self._index.executemany(_LATEST, [(int(tin), row) for row, tin in enumerate(tins, begin)])

    def _kept(self) -> Iterator[tuple[int, list[Row]]]:
        """What lies in the file, with the number of the first row of each piece; then it can be written on."""
        self._file.seek(0)
        begin = 0
        while begin < self._rows:
            packed = self._file.read(int.from_bytes(self._file.read(_LENGTH)))
            rows: list[Row] = marshal.loads(packed)  # noqa: S302 (this process wrote it, into a file without a name)
            yield begin, rows
            begin += len(rows)

    def _latest(self) -> Iterator[list[Row]]:
        for begin, rows in self._kept():
            late = {row for (row,) in self._index.execute(_SUPERSEDED, (begin, begin + len(rows)))}
            yield [row for place, row in enumerate(rows, begin) if place not in late] if late else rows
