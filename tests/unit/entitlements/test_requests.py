"""Waiting requests and their one decision (REG-9, REG-12)."""

from __future__ import annotations

import pytest

from chassis.kernel.errors import InvalidError, NotFoundError, UnavailableError, WardenryError
from services.entitlements.application.ask_for_access import AskForAccess, ask_for_access
from services.entitlements.application.change_access import ChangeAccess, change_access
from services.entitlements.application.decline_request import DeclineRequest, decline_request
from services.entitlements.application.forget_person import ForgetPerson, forget_person
from services.entitlements.application.learn_person import LearnPerson, learn_person
from services.entitlements.application.ports import Limits
from services.entitlements.application.submit_requests import (
    SubmitRequests,
    SubmittedRequest,
    submit_requests,
)
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.application.withdraw_request import WithdrawRequest, withdraw_request
from services.entitlements.domain.errors import (
    AccessAlreadyHeldError,
    LineNotOfferedError,
    NotYoursToDecideError,
    NotYoursToGiveError,
    OwnRequestError,
    RequestAlreadyDecidedError,
    RequestAlreadyOpenError,
    TooManyRequestsOpenError,
)
from services.entitlements.domain.events import (
    RequestApproved,
    RequestDeclined,
    RequestOpened,
    RequestWithdrawn,
)
from services.entitlements.domain.levels import Level
from services.entitlements.domain.people import NOBODY, AccountState
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.requests import RequestState
from tests.unit.entitlements.fakes import FakeWork, World
from tests.unit.entitlements.rulebook import ELSEWHERE, HERE, NOW, THERE, grant


@pytest.fixture
def world() -> World:
    world = World()
    world.give("mary", "primary")
    world.give("george", "primary")
    return world


def approve(
    world: World,
    giver: str,
    user_id: str,
    request_id: str | None,
    *functions: str,
    level: str = "processor",
    work: FakeWork | None = None,
    place: Place = HERE,
) -> None:
    changes = (WishedAccess(place, Level(level), functions),)
    change_access(ChangeAccess(giver, user_id, changes, request_id), work or world.work(), world.ports)


def decline(world: World, decider: str, request_id: str, work: FakeWork | None = None) -> None:
    decline_request(DeclineRequest(decider, request_id, "Not one of ours."), work or world.work(), world.ports)


def submit(world: World, work: FakeWork, registration: str = "r1") -> None:
    profile = world.person("applicant", AccountState.HEARD_OF).profile
    requests = (SubmittedRequest("q1", HERE), SubmittedRequest("q2", ELSEWHERE))
    submit_requests(SubmitRequests(registration, "applicant", profile, NOW, requests), work, world.ports)


def confirm(world: World, work: FakeWork, registration: str = "r1") -> None:
    profile = world.person("applicant").profile
    learn_person(LearnPerson("applicant", profile, AccountState.ACTIVE, registration), work, world.ports)


def test_requests_open_only_once_the_address_is_confirmed__REG_9(world: World) -> None:
    work = world.work()
    submit(world, work)
    assert not work.events
    assert {world.request(name).state for name in ("q1", "q2")} == {RequestState.UNCONFIRMED}
    confirm(world, work)
    opened = {event.request.request_id: event for event in work.recorded(RequestOpened)}
    assert opened["q1"].request.state is RequestState.AWAITING
    assert opened["q1"].managers == ("george", "mary")
    assert opened["q1"].practice == "State Medical Center"
    assert opened["q2"].request.state is RequestState.NO_MANAGER
    assert opened["q2"].managers == ()


def test_confirmation_may_be_heard_of_before_the_submission__REG_9(world: World) -> None:
    work = world.work()
    confirm(world, work)
    assert not work.events
    submit(world, work)
    assert [event.request.request_id for event in work.recorded(RequestOpened)] == ["q1", "q2"]


def test_requests_open_once_however_often_a_person_is_told_of__REG_9(world: World) -> None:
    work = world.work()
    submit(world, work)
    confirm(world, work)
    confirm(world, work)
    assert len(work.recorded(RequestOpened)) == 2


def test_the_account_of_another_registration_opens_nothing__REG_9(world: World) -> None:
    work = world.work()
    submit(world, work, "r1")
    confirm(world, work, "r2")
    assert not work.recorded(RequestOpened)


def forget(world: World, work: FakeWork) -> None:
    forget_person(ForgetPerson("applicant", "r1"), work, world.ports)


def test_the_requests_of_an_account_that_lapsed_end_in_silence__REG_9(world: World) -> None:
    work = world.work()
    submit(world, work)
    forget(world, work)
    assert {world.request(name).state for name in ("q1", "q2")} == {RequestState.EXPIRED}
    assert world.store.people.rows["applicant"].profile == NOBODY
    assert not work.events


def test_a_registration_heard_of_after_its_end_asks_for_nothing__REG_9(world: World) -> None:
    work = world.work()
    forget(world, work)
    submit(world, work)
    assert not world.store.requests.rows
    assert not work.events


def test_before_confirmation_no_manager_knows_of_the_person__REG_9(world: World) -> None:
    submit(world, world.work())
    for attempt in (approve, decline):
        with pytest.raises(NotFoundError):
            attempt(world, "mary", "q1") if attempt is decline else approve(world, "mary", "applicant", "q1")


def test_giving_access_decides_the_request_named_or_not__REG_12(world: World) -> None:
    """delegation.md, 8."""
    for number, named in enumerate((True, False)):
        applicant = f"applicant{number}"
        request = world.ask(applicant)
        work = world.work()
        approve(world, "mary", applicant, request.request_id if named else None, "claim_status", work=work)
        (approved,) = work.recorded(RequestApproved)
        assert approved.request.state is world.request(request.request_id).state is RequestState.APPROVED
        assert (approved.request.decided_by, approved.grant) == ("mary", grant("processor", "claim_status"))
        assert world.held(applicant) == grant("processor", "claim_status")


def test_the_first_decision_holds_and_the_others_are_told_so__REG_12(world: World) -> None:
    approved, declined, withdrawn = (world.ask(user) for user in ("anna", "bert", "cleo"))
    approve(world, "mary", "anna", approved.request_id)
    decline(world, "mary", declined.request_id)
    withdraw_request(WithdrawRequest("cleo", withdrawn.request_id), world.work(), world.ports)
    for request in (approved, declined, withdrawn):
        for again in (
            lambda request: approve(world, "george", request.user_id, request.request_id),
            lambda request: decline(world, "george", request.request_id),
            lambda request: withdraw_request(
                WithdrawRequest(request.user_id, request.request_id), world.work(), world.ports
            ),
        ):
            with pytest.raises(RequestAlreadyDecidedError):
                again(request)


def test_declining_tells_the_applicant_why__REG_12(world: World) -> None:
    request, work = world.ask("anna"), world.work()
    decline(world, "mary", request.request_id, work)
    (declined,) = work.recorded(RequestDeclined)
    assert (declined.request.reason, declined.request.decided_by) == ("Not one of ours.", "mary")
    assert world.held("anna") is None


def test_a_secondary_approves_as_processor_within_what_they_hold_and_declines_nothing__REG_12(world: World) -> None:
    world.give("sec", "secondary", "claim_status")
    request = world.ask("anna")
    with pytest.raises(NotYoursToDecideError):
        decline(world, "sec", request.request_id)
    for level, functions in (("processor", ("eft_view",)), ("auditor", ()), ("primary", ())):
        with pytest.raises(NotYoursToGiveError):
            approve(world, "sec", "anna", request.request_id, *functions, level=level)
    approve(world, "sec", "anna", request.request_id, "claim_status")
    assert world.request(request.request_id).state is RequestState.APPROVED


def test_nobody_decides_their_own_request__GO_2(world: World) -> None:
    request = world.ask("mary")
    with pytest.raises(OwnRequestError):
        decline(world, "mary", request.request_id)
    with pytest.raises(OwnRequestError):
        approve(world, "mary", "mary", request.request_id, level="primary")
    with pytest.raises(OwnRequestError):
        approve(world, "mary", "mary", None, "eft_view", level="primary")


def test_an_applicant_approves_nothing_for_themselves__GO_2(world: World) -> None:
    request = world.ask("anna")
    with pytest.raises(NotYoursToGiveError):
        approve(world, "anna", "anna", request.request_id, "claim_status")
    assert world.request(request.request_id).state is RequestState.AWAITING


def test_somebody_elses_request_is_not_there__REG_12(world: World) -> None:
    request = world.ask("anna")
    world.give("emil", "primary", place=ELSEWHERE)
    world.give("audrey", "auditor")
    for stranger in ("emil", "audrey", "nobody"):
        with pytest.raises(NotFoundError):
            decline(world, stranger, request.request_id)
        with pytest.raises(NotFoundError):
            withdraw_request(WithdrawRequest(stranger, request.request_id), world.work(), world.ports)
        with pytest.raises(NotFoundError):
            approve(world, stranger, "anna", request.request_id)


def test_a_request_is_decided_where_it_was_made_and_for_whom__REG_12(world: World) -> None:
    request = world.ask("anna", THERE)
    world.ask("bert")
    world.give("mary", "primary", place=THERE)
    with pytest.raises(InvalidError) as refused:
        approve(world, "mary", "anna", request.request_id)
    assert refused.value.faults[0].pointer == "/request_id"
    with pytest.raises(NotFoundError):
        approve(world, "mary", "bert", request.request_id)


def test_withdrawing_is_told__REG_12(world: World) -> None:
    request, work = world.ask("anna"), world.work()
    withdraw_request(WithdrawRequest("anna", request.request_id), work, world.ports)
    (withdrawn,) = work.recorded(RequestWithdrawn)
    assert withdrawn.request.state is RequestState.WITHDRAWN


def ask(world: World, user_id: str, place: Place, work: FakeWork | None = None) -> None:
    ask_for_access(AskForAccess(f"new of {user_id}", user_id, place), work or world.work(), world.ports)


def test_a_signed_in_user_asks_for_a_further_tin__REG_12(world: World) -> None:
    world.person("anna")
    work = world.work()
    ask(world, "anna", HERE, work)
    (opened,) = work.recorded(RequestOpened)
    assert (opened.request.state, opened.managers) == (RequestState.AWAITING, ("george", "mary"))
    assert opened.request.registration_id is None


def test_the_line_must_be_offered_and_an_unknown_tin_is_taken__REG_12(world: World) -> None:
    world.person("anna")
    with pytest.raises(LineNotOfferedError):
        ask(world, "anna", Place(HERE.tin, Line.DENTAL))
    work = world.work()
    ask(world, "anna", Place("112233445", Line.DENTAL), work)
    assert work.recorded(RequestOpened)[0].request.state is RequestState.NO_MANAGER


@pytest.mark.parametrize(
    ("refused", "prepare"),
    [
        (RequestAlreadyOpenError, lambda world: world.ask("anna")),
        (AccessAlreadyHeldError, lambda world: world.give("anna", "processor")),
        (AccessAlreadyHeldError, lambda world: world.give("anna", "processor", suspended="line_lost")),
        (TooManyRequestsOpenError, lambda world: world.ask("anna", THERE)),
        (UnavailableError, lambda world: world.person("anna", AccountState.UNCONFIRMED)),
    ],
)
def test_one_asks_once_and_only_for_what_one_lacks__REG_12(refused: type[WardenryError], prepare: object) -> None:
    world = World(limits=Limits(open_requests_per_user=1))
    assert callable(prepare)
    prepare(world)
    world.person("anna")
    with pytest.raises(refused):
        ask(world, "anna", HERE)


def test_access_that_lapsed_may_be_asked_for_again__ENT_11(world: World) -> None:
    world.give("anna", "processor", until=1)
    world.clock.advance(days=2)
    ask(world, "anna", HERE)
