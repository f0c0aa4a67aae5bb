"""What keeps access from counting, in SQL (ENT-14)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, insert, update

from chassis.kernel.ids import new_id
from services.entitlements.adapters.tables import suspension
from services.entitlements.domain.access import Access
from services.entitlements.domain.places import Place


class SqlSuspensions:
    """`Suspensions` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(
        self, accesses: Collection[Access], cause: str, at: datetime, functions: Collection[str] | None = None
    ) -> None:
        if not accesses:
            return
        shared = {"cause": cause, "functions": None if functions is None else sorted(functions), "since": at}
        rows = [
            {
                "suspension_id": str(new_id()),
                "user_id": access.user_id,
                "tin": access.place.tin,
                "line": access.place.line.value,
                **shared,
            }
            for access in accesses
        ]
        self._connection.execute(insert(suspension), rows)

    def end(self, accesses: Collection[Access], cause: str, at: datetime) -> Sequence[Access]:
        return [access for place, some in _by_place(accesses) for access in self._end_at(place, some, cause, at)]

    def _end_at(self, place: Place, accesses: Sequence[Access], cause: str, at: datetime) -> Sequence[Access]:
        standing = (
            suspension.c.user_id.in_([access.user_id for access in accesses]),
            suspension.c.tin == place.tin,
            suspension.c.line == place.line.value,
            suspension.c.cause == cause,
            suspension.c.ended_at.is_(None),
        )
        ended = update(suspension).where(*standing).values(ended_at=at).returning(suspension.c.user_id)
        users = set(self._connection.execute(ended).scalars())
        return [access for access in accesses if access.user_id in users]


def _by_place(accesses: Collection[Access]) -> Iterator[tuple[Place, Sequence[Access]]]:
    for place, some in groupby(sorted(accesses, key=attrgetter("place", "user_id")), key=attrgetter("place")):
        yield place, list(some)
