"""What a service does by the calendar: a job with a name, when it is due, and how a part of it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from chassis.jobs.calendar import Calendar
from chassis.kernel.work import UnitOfWork

Store = TypeVar("Store")


@dataclass(frozen=True, slots=True)
class Job(Generic[Store]):
    """Something that falls due, and is done in batches.

    `batch` does a bounded part of what is due by a moment, in the unit of work that it is handed, and returns how many
    things that were; what it did is not due any more, and after 0 nothing is left. `count` says how many are due by a
    moment. Neither takes the moment for the present: what is written bears the time of the service's clock.

    `whole` is for a job whose things are accounts: how many there are in all. A run that would touch very many of them
    asks first (GO-7).
    """

    name: str
    calendar: Calendar
    batch: Callable[[UnitOfWork[Store], datetime], int]
    count: Callable[[UnitOfWork[Store], datetime], int]
    whole: Callable[[UnitOfWork[Store], datetime], int] | None = None
