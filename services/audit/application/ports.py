"""What audit's use cases need of the world, by role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from chassis.kernel.clock import Clock
from services.audit.domain.changes import Change
from services.audit.domain.entry import Entry
from services.audit.domain.personal import Disclosed, Salts
from services.audit.domain.reading import Format, HistoryFilter
from services.audit.domain.report import ReportRow
from services.audit.domain.rights import Held


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries are sought; None leaves a side open. `since` is inclusive, `before` is not."""

    type: str | None = None
    subject: str | None = None
    actor: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as it is shown to support; `leaf` is the canonical form that was hashed."""

    index: int
    event_id: str
    source: str
    type: str
    subject: str
    sequence: int
    at: datetime
    actor: str
    leaf: bytes
    leaf_hash: bytes


class Log(Protocol):
    """The entries, and the personal data beside them."""

    def append(self, entries: Sequence[Entry]) -> Sequence[int | None]:
        """Give each entry the next index, from 0 and without a gap, and keep it.

        Returns each one's index, None for an event that the log has already (AUD-1). Raises `ForkedSequenceError`
        for another event under a source, subject and sequence that are taken. Serialises all who append until their
        transactions end.
        """

    def search(self, sought: EntryFilter, below: int | None, limit: int) -> Sequence[Found]:
        """Entries with an index below `below`, newest first."""

    def personal(self, index: int) -> Sequence[Disclosed]:
        """The personal values of an entry that have not been erased."""

    def erase(self, user_id: str) -> int:
        """Forget every personal value that concerns this person; returns how many entries had some."""


class HeldAccess(Protocol):
    """Who holds which access now: what opens the delegation history."""

    def put(self, held: Held) -> None:
        """This is now what the user holds for the TIN and line."""

    def remove(self, user_id: str, tin: str, line: str) -> None:
        """The user holds nothing there any more; does nothing where they held nothing."""

    def sees_history(self, user_id: str, tin: str | None, now: datetime) -> bool:
        """Whether the user may see the history of any line of the TIN, or, for None, of any TIN."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose rights bound what is shown: those of `user_id` at `now`; None for support, who see every TIN."""

    user_id: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in the history's order: by time, then by the entry that told of it."""

    at: datetime
    leaf_index: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of the history and its place."""

    place: Place
    change: Change


class History(Protocol):
    """The delegation history (AUD-2)."""

    def add(self, leaf_index: int, changes: Sequence[Change]) -> None:
        """Keep the changes of which this entry tells."""

    def page(self, reach: Reach, wished: HistoryFilter, after: Place | None, limit: int) -> Sequence[Placed]:
        """The newest rows within reach, from behind `after` on."""

    def report(self, reach: Reach, wished: HistoryFilter) -> Iterator[Sequence[ReportRow]]:
        """Every row within reach, newest first, some at a time; valid while the store's transaction lasts."""

    def has_registered(self, temporary_id: str, user_id: str) -> int:
        """Note in every row of this temporary ID without a user that they are this one; returns how many there were."""

    def forget_person(self, user_id: str) -> int:
        """Blank the names and addresses in every row about this person; returns how many rows had some."""

    def forget_invitee(self, temporary_id: str) -> int:
        """The same in every row about whoever was invited by this temporary ID and has no user ID."""


class TemporaryIds(Protocol):
    """Who has redeemed which temporary ID (REG-14)."""

    def keep(self, temporary_id: str, user_id: str, *, came_by_it: bool) -> None:
        """This user has redeemed it; `came_by_it` says that they registered with it."""

    def came_by(self, user_id: str) -> str | None:
        """The temporary ID that the user registered with; None for whoever came by themselves."""

    def of(self, user_id: str) -> Sequence[str]:
        """All that the user has redeemed."""


class Store(Protocol):
    """Audit's database within one transaction."""

    @property
    def log(self) -> Log: ...

    @property
    def access(self) -> HeldAccess: ...

    @property
    def history(self) -> History: ...

    @property
    def temporary_ids(self) -> TemporaryIds: ...


WriteRows = Callable[[Iterator[Sequence[ReportRow]]], int]
"""Writes rows into a document, in constant memory, and returns how many there were."""

Document = Callable[[BinaryIO], AbstractContextManager[WriteRows]]
"""A document in the open file, to be filled once; it is whole when the context has ended, which may take a while."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What else the use cases are handed; `new_file` opens a temporary file that is gone once it is closed."""

    clock: Clock
    salts: Salts
    documents: Mapping[Format, Document]
    new_file: Callable[[], BinaryIO]
