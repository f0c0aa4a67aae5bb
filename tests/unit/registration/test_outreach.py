"""REG-13, the opening part: a request that finds no manager has support look for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.bus.envelope import Envelope
from chassis.bus.subscriptions import Received
from chassis.kernel.cause import Cause
from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Event
from services.registration.application.list_outreach import ListOutreach, ShowOutreach, list_outreach, show_outreach
from services.registration.application.submit_registration import SubmitRegistration, submit_registration
from services.registration.domain.events import OutreachOpened
from services.registration.domain.form import TinEntry
from services.registration.domain.lines import Line
from services.registration.domain.outreach import CaseState
from services.registration.domain.registrations import RegistrationState, RequestState
from services.registration.events.subscribed import SUBSCRIPTIONS
from tests.unit.registration.fakes import NOW, FakeWork, fake_ports
from tests.unit.registration.forms import DOE, nominating, tins

PERSON = {
    "first_name": "Zoë",
    "middle_initial": None,
    "last_name": "O’Brien",
    "email": "zoe@example.com",
    "phone": "+18605550142",
    "extension": None,
    "job_role": "physician",
}


class World:
    def __init__(self) -> None:
        self.work = FakeWork()
        self.ports = fake_ports(self.work)
        self.store = self.work.store
        self.store.practices.have(DOE, "Jane Doe MD", "medical;behavioral;dental")

    def hear(self, event_type: str, data: dict[str, Any], days: int = 0) -> None:
        """As the inbox worker hands it on."""
        (subscription,) = [each for each in SUBSCRIPTIONS if each.type == event_type]
        cause = Cause("user:zoe.obrien", "c-1")
        at = NOW + timedelta(days=days)
        envelope = Envelope(str(new_id()), event_type.partition(".")[0], event_type, "request/1", 1, at, data, cause)
        assert subscription.schema is not None
        subscription.handle(Received(envelope, subscription.schema().load(data)), self.work, self.ports)

    def opened(self, request_id: UUID, *, days: int = 0, **changes: Any) -> None:
        data: dict[str, Any] = {
            "request_id": str(request_id),
            "registration_id": None,
            "user_id": "zoe.obrien",
            "tin": DOE,
            "line": "medical",
            "practice": "Jane Doe MD",
            "state": "no_manager",
            "since": (NOW + timedelta(days=days)).isoformat(),
            "managers": [],
            "person": PERSON,
        }
        self.hear("entitlements.request.opened.v1", data | changes, days)

    def ended(self, how: str, request_id: UUID) -> None:
        data = {
            "request_id": str(request_id),
            "user_id": "zoe.obrien",
            "tin": DOE,
            "line": "medical",
            "practice": None,
            "decided_by": "mmartin5",
            "person": PERSON,
        }
        self.hear(f"entitlements.request.{how}.v1", data)

    @property
    def told(self) -> list[Event]:
        return [event for event in self.work.events if isinstance(event, OutreachOpened)]

    def waiting(self) -> list[UUID]:
        (shown,) = show_outreach(ShowOutreach(DOE), self.work, self.ports)
        return [each.request_id for each in shown.case.waiting]


@pytest.fixture
def world() -> World:
    return World()


def test_a_request_without_a_manager_opens_a_case_due_in_ten_days__REG_13(world: World) -> None:
    request = new_id()
    world.opened(request)
    (told,) = world.told
    assert isinstance(told, OutreachOpened)
    assert (told.case.tin, told.case.line, told.case.practice) == (DOE, Line.MEDICAL, "Jane Doe MD")
    assert (told.case.opened_at, told.case.due_at) == (NOW, NOW + timedelta(days=10))
    assert (told.case.reason, told.request_id) == ("request_without_manager", request)
    assert world.waiting() == [request]


def test_further_requests_join_the_open_case__REG_13(world: World) -> None:
    first, second = new_id(), new_id()
    world.opened(first)
    world.opened(second, days=3)
    world.opened(second, days=3)
    assert len(world.told) == 1
    assert world.waiting() == [first, second]


def test_each_line_of_a_tin_has_a_case_of_its_own__REG_13(world: World) -> None:
    world.opened(new_id())
    world.opened(new_id(), line="behavioral")
    assert {each.case.line for each in show_outreach(ShowOutreach(DOE), world.work, world.ports)} == {
        "medical",
        "behavioral",
    }
    assert len(world.told) == 2


def test_a_request_that_a_manager_can_decide_opens_nothing__REG_13(world: World) -> None:
    world.opened(new_id(), state="awaiting", managers=["mmartin5"])
    assert world.told == []
    assert world.store.outreach.cases == []


@pytest.mark.parametrize("how", ["approved", "declined", "withdrawn", "expired"])
def test_a_request_that_came_to_its_end_waits_no_more__REG_13(world: World, how: str) -> None:
    first, second = new_id(), new_id()
    world.opened(first)
    world.opened(second, days=1)
    world.ended(how, first)
    assert world.waiting() == [second]


def test_a_request_that_found_a_manager_after_all_waits_no_more__REG_13(world: World) -> None:
    request = new_id()
    world.opened(request)
    world.opened(request, state="awaiting", managers=["mmartin5"])
    assert world.waiting() == []


def test_after_ten_days_a_case_is_overdue__REG_13(world: World) -> None:
    world.opened(new_id(), days=-10)
    world.opened(new_id(), days=-9, line="dental")
    pages = {
        state: [
            shown.case.line for shown in list_outreach(ListOutreach(state, None, 50), world.work, world.ports).cases
        ]
        for state in (None, CaseState.OPEN, CaseState.OVERDUE, CaseState.CLOSED)
    }
    assert pages == {
        None: ["medical", "dental"],
        CaseState.OPEN: ["dental"],
        CaseState.OVERDUE: ["medical"],
        CaseState.CLOSED: [],
    }


def test_cases_come_page_by_page__REG_13(world: World) -> None:
    for number in range(5):
        world.opened(new_id(), tin=f"{number:09d}", days=number % 2)
    found, after = [], None
    while True:
        got = list_outreach(ListOutreach(None, after, 2), world.work, world.ports)
        found += [each.case.tin for each in got.cases]
        after = got.following
        if after is None:
            break
    assert sorted(found) == [f"{number:09d}" for number in range(5)]


def test_a_tin_without_a_case_has_nothing_to_show__REG_13(world: World) -> None:
    with pytest.raises(NotFoundError):
        show_outreach(ShowOutreach("112233445"), world.work, world.ports)


def test_support_sees_whom_the_applicant_nominated__REG_11(world: World) -> None:
    form = tins(TinEntry(DOE, nominate=nominating()))
    made = submit_registration(SubmitRegistration(new_id(), form, "medical"), world.work, world.ports)
    world.opened(made.requests[0].request.id)
    (shown,) = show_outreach(ShowOutreach(DOE), world.work, world.ports)
    nomination = shown.case.waiting[0].nomination
    assert nomination is not None
    assert nomination.nominee is not None
    assert nomination.nominee.last_name == "Lee"


def test_a_registration_follows_its_account_and_its_requests__REG_10(world: World) -> None:
    made = submit_registration(SubmitRegistration(new_id(), tins(DOE), "medical"), world.work, world.ports)
    registration, request = made.registration.id, made.requests[0].request.id
    for registration_id, user_id in ((str(registration), "zoe.obrien"), (None, "geogym1")):
        account = {"registration_id": registration_id, "user_id": user_id, "kind": "user", "person": PERSON}
        world.hear("identity.account.confirmed.v1", account)
    world.opened(request, state="awaiting")
    kept = world.store.registrations.all[registration]
    assert (kept.state, kept.requests[0].state) == (RegistrationState.CONFIRMED, RequestState.AWAITING)
    world.ended("declined", request)
    assert world.store.registrations.all[registration].requests[0].state is RequestState.DECLINED


def test_managers_are_as_last_told__REG_10(world: World) -> None:
    for event, managers in (("added", ["a", "b"]), ("added", ["a", "b", "c"]), ("removed", ["c"])):
        data = {"tin": DOE, "line": "medical", "by": "y", "managers": managers, "requests": []}
        world.hear(f"entitlements.manager.{event}.v1", data)
    assert world.store.managers.of({DOE}) == {(DOE, Line.MEDICAL): {"c"}}
    world.hear("entitlements.manager.removed.v1", {"tin": DOE, "line": "medical", "by": "y", "managers": []})
    assert world.store.managers.of({DOE}) == {}
