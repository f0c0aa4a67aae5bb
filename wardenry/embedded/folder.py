"""The data folder of the embedded mode: one running Wardenry at a time, and what is in it stays its owner's."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

MARK = "wardenry-data"
_SEEDED = "demo-data"


class FolderError(Exception):
    """The data folder cannot be used; the message says what to do."""


class DataFolder:
    """`DIR` of `wardenry up --data DIR`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: IO[str] | None = None

    def prepare(self) -> None:
        """Make the folder, readable by its owner alone; raises `FolderError` for one that holds other things."""
        if self.path.exists() and not self.path.is_dir():
            raise FolderError(f"{self.path} is no folder: name another with --data.")
        if self.path.exists() and any(self.path.iterdir()) and not (self.path / MARK).exists():
            raise FolderError(f"{self.path} holds something else: name an empty or a new folder with --data.")
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.path / MARK).touch(mode=0o600)

    def lock(self) -> None:
        """Keep others out until this process ends, however it ends; raises `FolderError` where somebody is in."""
        lock = (self.path / MARK).open("r+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise FolderError(
                f"{self.path} is in use by another `wardenry up`: stop that one, or name another folder with --data."
            ) from None
        self._lock = lock

    def unlock(self) -> None:
        """Let others in; a process that ends in any way does so by itself."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def clear(self) -> None:
        """Remove everything in it but the mark; the folder must be locked."""
        for entry in self.path.iterdir():
            if entry.name == MARK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    @property
    def is_seeded(self) -> bool:
        """Whether the demo data is in it, whole."""
        return (self.path / _SEEDED).exists()

    def note_seeded(self) -> None:
        """The demo data is in it from now on."""
        (self.path / _SEEDED).touch(mode=0o600)

    def database_url(self, service: str) -> str:
        """Where a service's SQLite file is."""
        return f"sqlite:///{self.path / service}.sqlite"

    def write_private(self, name: str, content: str) -> None:
        """Write a file that its owner alone may read, whole or not at all."""
        temporary = self.path / f"{name}.new"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path / name)
