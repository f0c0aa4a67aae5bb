"""What audit makes of the events that it gets: an entry each, a row of history for some, rights for those of access."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from chassis.bus.envelope import Envelope
from chassis.bus.subscriptions import EVERY_TYPE, Received
from chassis.kernel.cause import Cause
from services.audit.application.erase_person import ErasePerson, erase_person
from services.audit.domain.changes import Change, Grant, Kind, Person
from services.audit.events.sources import SOURCES
from services.audit.events.subscribed import SUBSCRIPTIONS
from tests.unit.audit.fakes import World

AT = datetime(2025, 3, 1, 12, 30, tzinfo=UTC)
SALLY = {
    "first_name": "Sally",
    "middle_initial": None,
    "last_name": "Smith",
    "email": "ssmith1234@example.com",
    "phone": "+18605550100",
    "extension": None,
    "job_role": "Biller",
}
PROCESSOR = {"level": "processor", "functions": ["claim_status"], "until": None}
AUDITOR = {"level": "auditor", "functions": ["history_report"], "until": "2025-04-01T00:00:00Z"}


def envelope(event_type: str, data: dict[str, Any], sequence: int = 1) -> Envelope:
    cause = Cause(actor="user:geogym1", correlation_id="c-1", site="medical", address="192.0.2.7")
    return Envelope(
        f"{event_type}-{sequence}", event_type.split(".", maxsplit=1)[0], event_type, "s", sequence, AT, data, cause
    )


def handle(world: World, received: Envelope) -> None:
    """As the worker does it: the exact type, else the catch-all."""
    handlers = {subscription.type: subscription for subscription in SUBSCRIPTIONS}
    subscription = handlers.get(received.type) or handlers[EVERY_TYPE]
    data = dict(received.data) if subscription.schema is None else subscription.schema().load(received.data)
    subscription.handle(Received(received, data), world.work, world.ports)


def access(what: str, before: dict[str, Any] | None, after: dict[str, Any] | None, sequence: int = 1) -> Envelope:
    data = {
        "access_id": "a-1",
        "user_id": "ssmith1234",
        "tin": "223344556",
        "line": "medical",
        "practice": "OGYAM GEORGE Y MD",
        "by": "geogym1",
        "at": "2025-03-01T12:30:00Z",
        "request_id": "r-1",
        "before": before,
        "after": after,
        "person": SALLY,
        "added_later": {"in": "v1"},
    }
    return envelope(f"entitlements.access.{what}.v1", data, sequence)


def request(what: str, **more: Any) -> Envelope:
    data = {
        "request_id": "r-1",
        "user_id": "ssmith1234",
        "tin": "223344556",
        "line": "medical",
        "practice": None,
        "person": SALLY,
    }
    return envelope(f"entitlements.request.{what}.v1", data | more)


def changes(world: World) -> list[Change]:
    return [row.change for row in world.work.store.history.kept]


def test_every_other_service_is_listened_to_whole__AUD_1() -> None:
    assert set(SOURCES) == {"identity", "registration", "entitlements", "notify"}
    assert EVERY_TYPE in {subscription.type for subscription in SUBSCRIPTIONS}


def test_type_that_nobody_knows_is_appended_too__AUD_1() -> None:
    world = World()
    handle(world, envelope("notify.pigeon.released.v7", {"ring": 7}))
    [entry] = world.work.store.log.entries
    leaf = orjson.loads(entry.leaf)
    assert leaf["data"] == {"ring": 7}
    assert (leaf["actor"], leaf["actorsite"], leaf["correlationid"]) == ("user:geogym1", "medical", "c-1")
    assert (leaf["type"], leaf["subject"], leaf["time"]) == ("notify.pigeon.released.v7", "s", "2025-03-01T12:30:00Z")


def test_fields_that_audit_does_not_read_are_appended_as_well__AUD_1() -> None:
    world = World()
    handle(world, access("given", None, PROCESSOR))
    data = orjson.loads(world.work.store.log.entries[0].leaf)["data"]
    assert data["added_later"] == {"in": "v1"}
    assert "person" not in data


def test_given_access_is_a_row_of_the_history__AUD_2() -> None:
    world = World()
    handle(world, access("given", None, PROCESSOR))
    person = Person("Sally", None, "Smith", "ssmith1234@example.com", "+18605550100")
    assert changes(world) == [
        Change(
            at=AT,
            changed_by="geogym1",
            kind=Kind.ACCESS_GIVEN,
            user_id="ssmith1234",
            person=person,
            temporary_id="ssmith1234",
            registered=True,
            tin="223344556",
            line="medical",
            before=None,
            after=Grant("processor", ("claim_status",), None),
            request_id="r-1",
        )
    ]


def test_same_event_twice_has_one_entry_one_row_and_one_effect__AUD_1() -> None:
    world = World()
    handle(world, access("given", None, AUDITOR))
    handle(world, access("removed", AUDITOR, None, 2))
    handle(world, access("given", None, AUDITOR))
    assert len(world.work.store.log.entries) == 2
    assert [change.kind for change in changes(world)] == [Kind.ACCESS_GIVEN, Kind.ACCESS_REMOVED]
    assert not world.work.store.access.held


def test_right_to_the_history_follows_access__AUD_2() -> None:
    world = World()
    held = world.work.store.access.held
    handle(world, access("given", None, AUDITOR))
    assert next(iter(held.values())).until == datetime(2025, 4, 1, tzinfo=UTC)
    handle(world, access("changed", AUDITOR, PROCESSOR, 2))
    assert [each.level for each in held.values()] == ["processor"]
    handle(world, access("removed", PROCESSOR, None, 3))
    assert not held
    handle(world, access("given", None, AUDITOR, 4))
    handle(world, access("ended", AUDITOR, None, 5))
    assert not held
    assert changes(world)[-1].kind is Kind.ACCESS_ENDED


@pytest.mark.parametrize(
    ("event", "kind", "changed_by"),
    [
        (request("opened", since="2025-03-01T12:30:00Z", state="awaiting"), Kind.ACCESS_REQUESTED, "ssmith1234"),
        (
            request("declined", decided_by="geogym1", decided_at="2025-03-01T12:30:00Z", reason="left"),
            Kind.REQUEST_DECLINED,
            "geogym1",
        ),
        (request("withdrawn", at="2025-03-01T12:30:00Z"), Kind.REQUEST_WITHDRAWN, "geogym1"),
        (
            replace(request("expired", at="2025-03-01T12:30:00Z"), cause=Cause("system:jobs", "c-1")),
            Kind.REQUEST_EXPIRED,
            "system",
        ),
    ],
)
def test_requests_are_in_the_history_without_giving_a_right__AUD_2(
    event: Envelope, kind: Kind, changed_by: str
) -> None:
    world = World()
    handle(world, event)
    [change] = changes(world)
    assert (change.kind, change.changed_by, change.at, change.request_id) == (kind, changed_by, AT, "r-1")
    assert not world.work.store.access.held


def test_person_who_was_erased_on_the_way_has_an_empty_row__AUD_4() -> None:
    world = World()
    given = access("given", None, PROCESSOR)
    handle(world, replace(given, data={name: value for name, value in given.data.items() if name != "person"}))
    assert changes(world)[0].person == Person(None, None, None, None, None)


def test_an_account_that_was_removed_is_an_entry_and_its_person_forgotten__AUD_4() -> None:
    world = World()
    data = {"user_id": "ssmith1234", "registration_id": "r", "reason": "lapsed"}
    handle(world, envelope("identity.account.removed.v1", data))
    assert orjson.loads(world.work.store.log.entries[0].leaf)["type"] == "identity.account.removed.v1"
    assert world.work.store.log.erased == world.work.store.history.forgotten == ["ssmith1234"]


def test_erasing_a_person_reaches_the_log_and_the_history__AUD_4() -> None:
    world = World()
    erase_person(ErasePerson("ssmith1234"), world.work, world.ports)
    assert world.work.store.log.erased == ["ssmith1234"]
    assert world.work.store.history.forgotten == ["ssmith1234"]
