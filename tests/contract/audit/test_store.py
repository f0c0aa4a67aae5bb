"""What audit's use cases rely on in their store, over SQL and over the one in memory that unit tests use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from chassis.db.engine import make_engine
from services.audit.adapters.store import SqlStore
from services.audit.adapters.tables import METADATA, log_head
from services.audit.application.ports import Reach, Store
from services.audit.domain.changes import Change, Kind, Person
from services.audit.domain.entry import Arrival, entry_of
from services.audit.domain.reading import HistoryFilter
from services.audit.domain.rights import Held
from tests.unit.audit.fakes import FakeStore

NOW = datetime(2025, 3, 1, 12, 30, tzinfo=UTC)
TIN, OTHER = "123456789", "223344556"
ALL = HistoryFilter()


@pytest.fixture(params=["sql", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield FakeStore()
        return
    engine = make_engine(f"sqlite:///{tmp_path / 'audit.sqlite'}")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(log_head).values(id=1, size=0))
        yield SqlStore(connection)
    engine.dispose()


def change(number: int, tin: str = TIN, line: str = "medical") -> Change:
    person = Person("Zoë", None, "李", None, None)
    return Change(
        NOW + timedelta(days=number), "system", Kind.ACCESS_GIVEN, f"u{number}", person, None, True, tin, line
    )


def arrival(event_id: str, sequence: int) -> Arrival:
    data = {"user_id": "u1", "person": {"first_name": "Zoë"}}
    return Arrival(event_id, "identity", "t", "account/u1", sequence, NOW, "user:u1", None, None, "c", None, data)


def test_log_gives_indexes_from_zero_and_none_for_what_it_has__AUD_1(store: Store) -> None:
    made = [entry_of(arrival(f"e{number}", number), NOW, lambda length: b"s" * length) for number in (1, 2, 3)]
    assert list(store.log.append(made[:2])) == [0, 1]
    assert list(store.log.append(made[1:])) == [None, 2]
    assert [single.value for single in store.log.personal(2)] == ["Zoë"]


def test_rights_are_those_of_the_latest_level_until_its_end__AUD_2(store: Store) -> None:
    assert not store.access.sees_history("u1", None, NOW)
    store.access.put(Held("u1", TIN, "medical", "auditor", NOW + timedelta(hours=1)))
    assert store.access.sees_history("u1", None, NOW)
    assert store.access.sees_history("u1", TIN, NOW)
    assert not store.access.sees_history("u1", OTHER, NOW)
    assert not store.access.sees_history("u2", TIN, NOW)
    assert not store.access.sees_history("u1", TIN, NOW + timedelta(hours=1))
    store.access.put(Held("u1", TIN, "medical", "processor", None))
    assert not store.access.sees_history("u1", TIN, NOW)
    store.access.put(Held("u1", TIN, "medical", "primary", None))
    assert store.access.sees_history("u1", TIN, NOW)
    store.access.remove("u1", TIN, "medical")
    store.access.remove("u1", TIN, "medical")
    assert not store.access.sees_history("u1", TIN, NOW)


def test_history_comes_newest_first_in_pages_within_reach__AUD_2(store: Store) -> None:
    store.access.put(Held("u1", TIN, "medical", "secondary", None))
    for index, row in enumerate([change(1), change(3), change(2), change(4, OTHER), change(5, line="dental")]):
        store.history.add(index, [row])
    reach = Reach("u1", NOW)
    first = store.history.page(reach, ALL, None, 2)
    assert [row.change.user_id for row in first] == ["u3", "u2"]
    assert [row.change for row in store.history.page(reach, ALL, first[-1].place, 2)] == [change(1)]
    assert [row.change.user_id for row in store.history.page(Reach(None, NOW), ALL, None, 2)] == ["u5", "u4"]
    reported = [row for batch in store.history.report(reach, ALL) for row in batch]
    assert [(row.user_id, row.last_name, row.at) for row in reported] == [
        (f"u{number}", "李", NOW + timedelta(days=number)) for number in (3, 2, 1)
    ]


def test_one_entry_may_tell_of_several_changes__AUD_2(store: Store) -> None:
    told = [change(1, line="medical"), change(1, line="dental"), change(1, OTHER)]
    store.history.add(7, told)
    shown = store.history.page(Reach(None, NOW), ALL, None, 5)
    assert [row.place.ordinal for row in shown] == [2, 1, 0]
    rest = store.history.page(Reach(None, NOW), ALL, shown[0].place, 5)
    assert [row.change.line for row in rest] == ["dental", "medical"]
