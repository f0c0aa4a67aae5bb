"""A process and all that came from it, as /proc shows it; standard library only, for the watchdog's sake."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PAUSE = 0.02


@dataclass(frozen=True)
class Process:
    """One process; number and start time together name it for good, since numbers come round again."""

    number: int
    started: int


@dataclass(frozen=True)
class Status:
    """What /proc says of a process at one moment."""

    process: Process
    running: bool
    parent: int
    group: int


class Tree:
    """The descendants of one process, and its group.

    What has once been seen in it stays in it, also when its parent ends and it is handed to another.
    """

    def __init__(self, root: Process) -> None:
        """The tree below a process that leads a group of its own."""
        self.root = root
        self._known = {root}

    def running(self) -> set[Process]:
        """Every process of the tree that runs now."""
        table = list(_table())
        while found := self._found(table) - self._known:
            self._known |= found
        return {each.process for each in table if each.running} & self._known

    def signal(self, number: signal.Signals) -> None:
        """Send this signal to each of them."""
        for process in self.running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.number, number)

    def kill(self, seconds: float = 30) -> bool:
        """End all of them at once, nothing asked; whether none was left when the time was up."""
        end = time.monotonic() + seconds
        while self.running() and time.monotonic() < end:
            self.signal(signal.SIGKILL)
            time.sleep(PAUSE)
        return not self.running()

    def _found(self, table: list[Status]) -> set[Process]:
        # A number that went to another process meanwhile was free: nothing of the tree bears it any more.
        now = {each.process.number: each.process for each in table}
        numbers = {known.number for known in self._known if now.get(known.number, known) == known}
        return {each.process for each in table if numbers & {each.parent, each.group}}


def process(number: int) -> Process:
    """The process that has this number now; raises ProcessLookupError when there is none."""
    if found := _status(number):
        return found.process
    raise ProcessLookupError(number)


def _table() -> Iterator[Status]:
    for entry in PROC.iterdir():
        if entry.name.isdecimal() and (status := _status(int(entry.name))):
            yield status


def _status(number: int) -> Status | None:
    try:
        # The second field, the name in brackets, may hold blanks and brackets itself.
        fields = (PROC / str(number) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    named = Process(number, started=int(fields[19]))
    return Status(named, running=fields[0] not in "ZX", parent=int(fields[1]), group=int(fields[2]))
