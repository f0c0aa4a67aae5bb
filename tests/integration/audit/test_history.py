"""The delegation history as callers get it over HTTP: theirs alone, filtered, paged, as documents, and told of."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import orjson
import pytest
from werkzeug.test import TestResponse

from chassis.db.tables import outbox
from services.audit.events.published import SCHEMAS
from tests.integration.audit.world import OURS, THEIRS, World, grant, person

DOCUMENTS = ["/history", "/history.xlsx", "/history.csv"]


def items(answer: TestResponse) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def code(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.parametrize("path", [*DOCUMENTS, "/entries"])
def test_nobody_reads_without_signing_in__AUD_2(world: World, path: str) -> None:
    assert code(world.get(path)) == (401, "not_signed_in")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_processor_reads_nothing_on_any_route__AUD_2(world: World, path: str) -> None:
    world.hold("ssmith1234", "processor")
    assert code(world.get(path, "ssmith1234")) == (403, "not_yours_to_see")
    assert code(world.get(path, "ssmith1234", tin=OURS)) == (404, "not_found")
    assert not world.rows(outbox)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_somebody_elses_tin_is_not_found_on_any_route__AUD_2(world: World, path: str) -> None:
    world.hold("mmartin5", "primary")
    world.hold("geogym1", "primary", tin=THEIRS)
    assert code(world.get(path, "mmartin5", tin=THEIRS)) == (404, "not_found")
    assert code(world.get(path, "mmartin5", tin="999999999")) == (404, "not_found")
    assert world.get(path, "mmartin5", tin=OURS).status_code == 200


def test_lines_that_the_caller_does_not_hold_are_left_out__AUD_2(world: World) -> None:
    world.hold("audit001", "auditor", line="behavioral")
    world.hold("ssmith1234", "processor", line="medical")
    world.hold("jdoe123456", "processor", line="behavioral")
    for answer in (world.get("/history", "audit001"), world.get("/history", "audit001", tin=OURS)):
        assert {row["line"] for row in items(answer)} == {"behavioral"}


def test_right_is_gone_with_the_level_in_the_next_call__AUD_2(world: World) -> None:
    world.hold("secadm01", "secondary")
    assert items(world.get("/history", "secadm01"))
    world.deliver(world.access("secadm01", grant("secondary"), grant("processor")))
    assert code(world.get("/history", "secadm01")) == (403, "not_yours_to_see")
    world.deliver(world.access("secadm01", grant("processor"), grant("auditor")))
    assert items(world.get("/history", "secadm01"))
    world.deliver(world.access("secadm01", grant("auditor"), None))
    assert code(world.get("/history", "secadm01", tin=OURS)) == (404, "not_found")


def test_support_needs_a_reason_and_then_sees_any_tin__AUD_2_IDN_14(world: World) -> None:
    world.hold("mmartin5", "primary")
    for path in DOCUMENTS:
        refused = world.get_as_support(path, tin=OURS)
        assert code(refused) == (422, "invalid")
        assert refused.get_json()["errors"][0]["pointer"] == "/reason"
        assert world.get_as_support(path, tin=OURS, reason="case 7").status_code == 200
    assert code(world.get("/history", "curious01", tin=OURS, reason="case 7")) == (404, "not_found")


def test_item_tells_all_of_the_change__AUD_2(world: World) -> None:
    world.hold("mmartin5", "primary", by="system:demo")
    about = person("Zoë", "O’Brien-李")
    world.deliver(world.access("ssmith1234", None, grant("processor", "claim_status"), about=about))
    newest, oldest = items(world.get("/history", "mmartin5"))
    assert newest == {
        "at": world.clock.now().isoformat().replace("+00:00", "Z"),
        "changed_by": "mmartin5",
        "type": "access_given",
        "type_title": "Access given",
        "user_id": "ssmith1234",
        "first_name": "Zoë",
        "middle_initial": None,
        "last_name": "O’Brien-李",
        "temporary_id": "ssmith1234",
        "registered": True,
        "email": "ssmith1234@example.com",
        "phone": "+18605550100",
        "tin": OURS,
        "line": "medical",
        "details": {
            "before": None,
            "after": {"level": "processor", "functions": ["claim_status"], "until": None},
            "request_id": None,
            "reason": None,
        },
    }
    assert (oldest["changed_by"], oldest["type"]) == ("system", "manager_added")


@pytest.fixture
def days(world: World) -> World:
    """A manager, and a processor given on each of four further days."""
    world.hold("mmartin5", "primary")
    for number in range(4):
        world.clock.advance(days=1)
        world.hold(f"user{number}", "processor")
    return world


def test_newest_comes_first_and_pages_have_no_gap__AUD_2(days: World) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = days.get("/history", "mmartin5", limit="2", **cursor)
        seen += [row["user_id"] for row in items(answer)]
        following = answer.get_json()["next"]
        if following is None:
            break
        cursor = {"cursor": following}
    assert seen == ["user3", "user2", "user1", "user0", "mmartin5"]


def test_history_narrows_by_user_type_and_period__AUD_2(days: World) -> None:
    def users(**query: str) -> list[str]:
        return [row["user_id"] for row in items(days.get("/history", "mmartin5", **query))]

    today = days.clock.now()
    assert users(user="USER1 ") == ["user1"]
    assert users(type="manager_added") == ["mmartin5"]
    assert users(**{"from": today.isoformat()}) == ["user3"]
    assert users(to=today.isoformat()) == ["user2", "user1", "user0", "mmartin5"]
    assert users(**{"from": today.date().isoformat(), "to": today.date().isoformat()}) == ["user3"]


@pytest.mark.parametrize(
    "query",
    [
        {"tin": "12345678"},
        {"tin": "12-3456789"},
        {"type": "nonsense"},
        {"from": "yesterday"},
        {"from": "2025-03-01T00:00:00"},
        {"to": "9999-12-31"},
        {"from": "2025-03-02", "to": "2025-03-01"},
        {"limit": "201"},
        {"cursor": "e30"},
        {"practice": "x"},
    ],
)
def test_query_that_makes_no_sense_is_refused__AUD_2(world: World, query: dict[str, str]) -> None:
    world.hold("mmartin5", "primary")
    answer = world.get("/history", "mmartin5", **query)
    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_documents_have_the_rows_of_the_filter__AUD_2(days: World) -> None:
    answer = days.get("/history.csv", "mmartin5", user="user1", tin=OURS)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "delegation-history.csv" in answer.headers["Content-Disposition"]
    heading, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True), newline=""))
    assert [row[heading.index("PERMANENT ID")] for row in rows] == ["user1"]
    book = openpyxl.load_workbook(io.BytesIO(days.get("/history.xlsx", "mmartin5").get_data()))
    main, details = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets)
    assert [row[7] for row in main[1:]] == ["user3", "user2", "user1", "user0", "mmartin5"]
    assert [(row[1], row[2]) for row in details[1:]] == [(row[7], OURS) for row in main[1:]]


def test_name_with_a_formula_is_text_in_both_documents__AUD_2(world: World) -> None:
    world.hold("mmartin5", "primary", about=person("=HYPERLINK(1)", "@x"))
    text = world.get("/history.csv", "mmartin5").get_data(as_text=True)
    [row] = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert (row[2], row[4], row[9]) == ("'=HYPERLINK(1)", "'@x", "'+18605550100")
    book = openpyxl.load_workbook(io.BytesIO(world.get("/history.xlsx", "mmartin5").get_data()))
    assert {cell.data_type for cell in book.worksheets[0][2] if cell.value is not None} == {"s", "d"}


def told(world: World) -> list[Any]:
    return [row for row in world.log() if row.source == "audit"]


def test_view_is_in_the_log_and_on_the_bus_as_one_event__AUD_6(world: World) -> None:
    world.hold("mmartin5", "primary")
    world.get("/history", "mmartin5", tin=OURS, type="access_given")
    [entry], [sent] = told(world), world.rows(outbox)
    assert entry.leaf_index == 1
    assert (entry.event_id, entry.type, entry.subject, entry.sequence) == (
        sent.event_id,
        "audit.history.viewed.v1",
        "history/mmartin5",
        1,
    )
    leaf = orjson.loads(entry.leaf)
    assert (leaf["actor"], leaf["actorsite"]) == ("user:mmartin5", "medical")
    assert leaf["data"] == {
        "user_id": "mmartin5",
        "filters": {"tin": OURS, "type": "access_given"},
        "rows": 0,
        "format": None,
        "reason": None,
        "at": world.clock.now().isoformat().replace("+00:00", "Z"),
    }


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_download_is_in_the_log_with_rows_format_and_reason__AUD_6(world: World, form: str) -> None:
    world.hold("mmartin5", "primary")
    for _ in range(2):
        world.get_as_support(f"/history.{form}", tin=OURS, reason="case 7")
    first, second = told(world)
    assert (first.type, first.sequence, second.sequence) == ("audit.history.exported.v1", 1, 2)
    assert first.actor == "support:support1"
    data = orjson.loads(first.leaf)["data"]
    assert (data["rows"], data["format"], data["reason"]) == (1, form, "case 7")


def test_refused_reading_is_not_told_as_one__AUD_6(world: World) -> None:
    world.hold("ssmith1234", "processor")
    for path in DOCUMENTS:
        world.get(path, "ssmith1234")
        world.get_as_support(path)
    assert not told(world)
    assert not world.rows(outbox)


def test_what_is_published_has_the_promised_shape__AUD_6(world: World) -> None:
    world.hold("mmartin5", "primary")
    for path in DOCUMENTS:
        world.get(path, "mmartin5", **{"tin": OURS, "user": "x12345", "from": "2025-01-01", "to": "2025-01-02"})
    assert {row.type for row in world.rows(outbox)} == set(SCHEMAS)
    for row in world.rows(outbox):
        assert SCHEMAS[row.type]().validate(row.data) == {}


def test_support_searches_the_log__AUD_5(world: World) -> None:
    world.hold("mmartin5", "primary")
    world.hold("ssmith1234", "processor")
    world.deliver(world.event("identity.device.seen.v1", "account/mmartin5", {"n": 1}, actor="user:mmartin5"))
    assert code(world.get("/entries", "mmartin5")) == (403, "scope_missing")

    def found(**query: str) -> list[int]:
        return [entry["index"] for entry in items(world.get_as_support("/entries", **query))]

    assert found() == [2, 1, 0]
    assert found(type="entitlements.access.given.v1") == [1, 0]
    assert found(subject="access/ssmith1234") == [1]
    assert found(actor="user:mmartin5") == [2]
    assert found(**{"from": "2000-01-01", "to": "2000-01-02"}) == []
    first = world.get_as_support("/entries", limit="2").get_json()
    assert found(cursor=first["next"]) == [0]
    assert first["items"][0]["data"] == {"n": 1}
