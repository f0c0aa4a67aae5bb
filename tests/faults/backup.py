"""A backup of one service's database, and what it takes to go back to it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Self

from deploy.native.packages import POSTGRESQL
from tests.faults.stand import Stand

_SECONDS = 60


class Backup:
    """A dump, as an operator takes it."""

    def __init__(self, stand: Stand, service: str, dump: Path) -> None:
        self._stand = stand
        self._service = service
        self._dump = dump

    @classmethod
    def of(cls, stand: Stand, service: str) -> Self:
        """Take one of what is committed now."""
        dump = stand.folder / f"{service}.dump"
        made = cls(stand, service, dump)
        made._run("pg_dump", "--clean", "--if-exists", "--file", str(dump), made._url)
        return made

    def restore(self) -> None:
        """Go back to it; the service's processes are killed, and are to be started again."""
        for kind in ("serve", "work"):
            self._stand.deployment.kill(f"{kind} {self._service}")
        self._run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(self._dump), self._url)

    @property
    def _url(self) -> str:
        return self._stand.databases[self._service].url.replace("+psycopg", "")

    def _run(self, program: str, *words: str) -> None:
        path = POSTGRESQL.path().with_name(program)
        done = subprocess.run([path, *words], check=False, capture_output=True, text=True, timeout=_SECONDS)
        assert done.returncode == 0, done.stderr
