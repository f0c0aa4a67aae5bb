"""Who may read the delegation history, of which practices, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO

import pytest

from chassis.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from services.audit.application.export_history import ExportHistory, export_history
from services.audit.application.history_rights import Reader
from services.audit.application.view_history import ViewHistory, view_history
from services.audit.domain.changes import Change, Kind, Person
from services.audit.domain.reading import Format, HistoryExported, HistoryFilter, HistoryViewed
from services.audit.domain.rights import Held
from tests.unit.audit.fakes import World

OURS, THEIRS = "123456789", "223344556"
NOBODY = Person(None, None, None, None, None)


@pytest.fixture
def world() -> World:
    """Two practices with a change on each line of each."""
    made = World()
    places = [(OURS, "medical"), (OURS, "behavioral"), (THEIRS, "medical")]
    for index, (tin, line) in enumerate(places):
        at = made.clock.now() - timedelta(days=index)
        change = Change(at, "mmartin5", Kind.ACCESS_GIVEN, f"user{index}", NOBODY, f"user{index}", True, tin, line)
        made.work.store.history.add(index, [change])
    return made


def view(world: World, user_id: str = "reader", **wished: str) -> list[tuple[str, str]]:
    query = ViewHistory(Reader(user_id, False, None), HistoryFilter(**wished), None, 50)  # type: ignore[arg-type]
    return [(row.change.tin, row.change.line) for row in view_history(query, world.work, world.ports).rows]


def hold(world: World, level: str, tin: str = OURS, line: str = "medical", **until: float) -> None:
    ends = world.clock.now() + timedelta(**until) if until else None
    world.work.store.access.put(Held("reader", tin, line, level, ends))


@pytest.mark.parametrize("level", ["primary", "secondary", "auditor"])
def test_administrators_and_auditors_see_their_own_tin_and_line_alone__AUD_2(world: World, level: str) -> None:
    hold(world, level)
    assert view(world) == [(OURS, "medical")]
    assert view(world, tin=OURS) == [(OURS, "medical")]


def test_all_that_the_caller_administers_without_a_tin__AUD_2(world: World) -> None:
    hold(world, "primary")
    hold(world, "auditor", line="behavioral")
    hold(world, "secondary", tin=THEIRS)
    assert len(view(world)) == 3
    assert view(world, tin=THEIRS) == [(THEIRS, "medical")]


def test_processor_sees_nothing__AUD_2(world: World) -> None:
    hold(world, "processor")
    with pytest.raises(ForbiddenError) as refused:
        view(world)
    assert refused.value.code == "not_yours_to_see"
    with pytest.raises(NotFoundError):
        view(world, tin=OURS)
    assert not world.work.recorded


def test_somebody_elses_tin_is_as_one_that_does_not_exist__AUD_2(world: World) -> None:
    hold(world, "primary")
    for tin in (THEIRS, "999999999"):
        with pytest.raises(NotFoundError):
            view(world, tin=tin)


def test_right_ends_with_the_access__AUD_2_ENT_11(world: World) -> None:
    hold(world, "auditor", hours=1)
    assert view(world)
    world.clock.advance(hours=1)
    with pytest.raises(ForbiddenError):
        view(world)


def test_right_is_lost_with_the_level__AUD_2(world: World) -> None:
    hold(world, "auditor")
    assert view(world)
    hold(world, "processor")
    with pytest.raises(ForbiddenError):
        view(world)


def test_support_sees_any_tin_with_a_reason_and_none_without__AUD_2_IDN_14(world: World) -> None:
    for reason in (None, "", "  "):
        query = ViewHistory(Reader("support1", True, reason), HistoryFilter(tin=THEIRS), None, 50)
        with pytest.raises(InvalidError) as refused:
            view_history(query, world.work, world.ports)
        assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/reason", "reason_required")]
    query = ViewHistory(Reader("support1", True, "case 7"), HistoryFilter(tin=THEIRS), None, 50)
    assert len(view_history(query, world.work, world.ports).rows) == 1


def test_reason_opens_nothing_for_others__AUD_2(world: World) -> None:
    query = ViewHistory(Reader("reader", False, "curious"), HistoryFilter(tin=THEIRS), None, 50)
    with pytest.raises(NotFoundError):
        view_history(query, world.work, world.ports)


def test_period_that_ends_before_it_begins_is_refused__AUD_2(world: World) -> None:
    hold(world, "primary")
    now = world.clock.now()
    query = ViewHistory(Reader("reader", False, None), HistoryFilter(since=now, before=now), None, 50)
    with pytest.raises(InvalidError):
        view_history(query, world.work, world.ports)


def test_every_view_is_told_of__AUD_6(world: World) -> None:
    query = ViewHistory(Reader("support1", True, "case 7"), HistoryFilter(tin=OURS), None, 50)
    view_history(query, world.work, world.ports)
    wished = HistoryFilter(tin=OURS)
    assert world.work.recorded == [HistoryViewed("support1", wished, 2, "case 7", world.clock.now())]


def test_pages_follow_each_other_without_a_gap__AUD_2(world: World) -> None:
    reader, seen, after = Reader("support1", True, "case 7"), [], None
    while True:
        page = view_history(ViewHistory(reader, HistoryFilter(), after, 2), world.work, world.ports)
        seen += [row.place.leaf_index for row in page.rows]
        if (after := page.next) is None:
            break
    assert seen == [0, 1, 2]
    assert [event.rows for event in world.work.recorded if isinstance(event, HistoryViewed)] == [2, 1]


def export(world: World) -> BinaryIO:
    query = ExportHistory(Reader("reader", False, None), HistoryFilter(), Format.CSV)
    return export_history(query, world.work, world.ports)


def test_every_download_is_told_of_with_the_rows_it_has__AUD_6(world: World) -> None:
    hold(world, "auditor")
    with export(world) as file:
        assert file.read() == f"{OURS} user0\n".encode()
    expected = HistoryExported("reader", HistoryFilter(), 1, Format.CSV, None, world.clock.now())
    assert world.work.recorded == [expected]


def test_download_that_is_refused_leaves_no_file_and_no_record__AUD_6(world: World) -> None:
    with pytest.raises(ForbiddenError):
        export(world)
    assert not world.work.recorded
    assert all(file.closed for file in world.files)
