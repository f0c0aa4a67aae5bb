"""When nothing is under way any more between services that run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, Select, select

from chassis.bus.quiet import is_quiet
from chassis.db.tables import inbox_subject, outbox_sequence
from chassis.testing.waiting import eventually
from wardenry.registry import SERVICES, listeners

_LISTENING = {source: [name for name, heard in listeners().items() if source in heard] for source in SERVICES}


@dataclass(frozen=True, slots=True)
class Behind:
    """An event that is committed at `source`, and has no effect yet at `listener`."""

    listener: str
    source: str
    subject: str
    sequence: int


def settle(engines: Mapping[str, Engine], *, within: float = 60.0, and_: Callable[[], bool] = lambda: True) -> None:
    """Wait until everything is published and has taken effect everywhere, and until `and_` holds.

    The databases are asked one after the other: it is over only when nothing was committed while they were.
    """

    def rests() -> bool:
        before = _numbered(engines)
        quiet = not behind(engines) and all(is_quiet(engine) for engine in engines.values()) and and_()
        return quiet and _numbered(engines) == before

    eventually(rests, within=within, every=0.2)


def behind(engines: Mapping[str, Engine]) -> frozenset[Behind]:
    """Everything committed that has not taken effect everywhere, subject by subject."""
    committed = {
        Behind(listener, source, subject, last)
        for source, numbered in _numbered(engines).items()
        for subject, last in numbered
        for listener in _LISTENING[source]
    }
    return still(engines, committed)


def still(engines: Mapping[str, Engine], waiting: Collection[Behind]) -> frozenset[Behind]:
    """Those of `waiting` that have not taken effect by now."""
    done: dict[tuple[str, str, str], int] = {}
    for listener, source in sorted({(each.listener, each.source) for each in waiting}):
        query = select(inbox_subject.c.subject, inbox_subject.c.done).where(inbox_subject.c.source == source)
        done |= {(listener, source, subject): last for subject, last in _pairs(engines[listener], query)}
    return frozenset(
        each for each in waiting if done.get((each.listener, each.source, each.subject), 0) < each.sequence
    )


def _pairs(engine: Engine, query: Select[str, int]) -> list[tuple[str, int]]:
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        return [(subject, last) for subject, last in connection.execute(query)]


def _numbered(engines: Mapping[str, Engine]) -> dict[str, list[tuple[str, int]]]:
    query = select(outbox_sequence.c.subject, outbox_sequence.c.last).order_by(outbox_sequence.c.subject)
    return {source: _pairs(engine, query) for source, engine in engines.items()}
