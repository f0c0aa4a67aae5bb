"""The unit of work as the use cases see it: one writing transaction, whose events leave only if it commits."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from chassis.kernel.cause import Cause
from chassis.kernel.messages import Event

Store_co = TypeVar("Store_co", covariant=True)


class UnitOfWork(Protocol[Store_co]):
    """One request's, event's or job's dealings with its service's database.

    The edge that made it commits it after the use case returned, together with the answer or the inbox mark, and
    rolls it back when the use case raised (but see `WardenryError.keeps_work`). A use case never commits.
    """

    @property
    def cause(self) -> Cause:
        """Who brought this about."""

    def reading(self) -> AbstractContextManager[Store_co]:
        """A short look at what is committed, for use before slow work such as hashing; it holds no lock."""

    def writing(self) -> Store_co:
        """The one writing transaction, begun by the first call and the same for every later one."""

    def acting_as(self, actor: str) -> None:
        """From here on facts are recorded as this actor's: who a visitor is may come out only on the way."""

    def record(self, *events: Event) -> None:
        """Note facts of the writing transaction: they are published if, and only if, it commits."""
