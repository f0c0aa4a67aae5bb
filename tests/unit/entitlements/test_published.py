"""Every fact leaves in the shape that is promised, and personal data in `person` alone (AUD-1)."""

from __future__ import annotations

import pytest

from chassis.kernel.messages import Event
from services.entitlements.domain import events
from services.entitlements.domain.access import Access
from services.entitlements.domain.people import Profile
from services.entitlements.domain.requests import Request, RequestState
from services.entitlements.domain.reviews import ItemState, Review, ReviewItem
from services.entitlements.events.published import SCHEMAS, publish
from tests.unit.entitlements.rulebook import HERE, NOW, grant

PROFILE = Profile("Sally", "Smith", "sally@example.com", phone="+12015550123")
WAITING = Request("q", "sally", HERE, RequestState.AWAITING, NOW, "r", NOW, NOW)
HELD = grant("processor", "eft_view")
SUSPENDED = Access("a", "sally", HERE, HELD, "mary", NOW)
REVIEW = Review("v", HERE.tin, frozenset({HERE.line}), "mary", NOW, NOW)
ITEM = ReviewItem("i", "v", "sally", HERE, HELD)
TURNS = [
    events.AccessTurned(turn, "a", "sally", HERE, None, "mary", NOW, None, before, after, PROFILE)
    for turn, before, after in (
        (events.Turn.GIVEN, None, grant("primary", until=3)),
        (events.Turn.CHANGED, grant("primary"), grant("processor", "eft_view")),
        (events.Turn.REMOVED, grant("auditor"), None),
        (events.Turn.ENDED, grant("auditor", until=1), None),
    )
]
FACTS: list[Event] = [
    *TURNS,
    events.AccessEnding(Access("a", "sally", HERE, grant("auditor", until=1), "mary", NOW), None, ("mary",), PROFILE),
    events.AccessSuspended(
        SUSPENDED, None, "review", ("eft_view",), HELD, grant("processor"), "system:jobs", NOW, ("mary",), PROFILE
    ),
    events.AccessRestored(SUSPENDED, None, "review", None, HELD, "mary", NOW, PROFILE),
    events.ReviewOpened(REVIEW, None, 2, ("mary",)),
    events.ReviewReminderDue(REVIEW, "State Medical Center", 1, ("mary",)),
    events.ReviewDecided(ITEM.decided(ItemState.KEPT, "mary", NOW), None, PROFILE),
    events.ReviewClosed(REVIEW.closed(NOW), None, {"kept": 1, "removed": 1}, ("mary",)),
    events.RequestOpened(WAITING, None, (), PROFILE),
    events.RequestApproved(WAITING.approved("mary", NOW), "State Medical Center", grant("auditor"), PROFILE),
    events.RequestDeclined(WAITING.declined("mary", NOW, "No."), None, PROFILE),
    events.RequestWithdrawn(WAITING.withdrawn(NOW), None, PROFILE),
    events.RequestReminderDue(WAITING, None, ("mary",), PROFILE, final=False),
    events.RequestReminderDue(WAITING, None, ("mary",), PROFILE, final=True),
    events.RequestExpired(WAITING.expired(NOW), "State Medical Center", ("mary",), PROFILE),
    events.ManagerAdded(HERE, None, "sally", "mary", NOW, ("mary", "sally"), (WAITING,), PROFILE),
    events.ManagerRemoved(HERE, "sally", "system:time", NOW, ("mary",), PROFILE),
    events.ManagersBelowTwo(HERE, None, ("mary",), NOW),
    events.PracticeWithoutManager(HERE, None, NOW, (WAITING,)),
    events.ManagerAskedFor(HERE, "State Medical Center", "sally", NOW),
    events.ManagerChangeRefused(HERE.tin, "p", "sally", "too_many_managers", NOW),
    events.InvitationReduced(
        *("Ab2cD3eF", "sally", "mary", NOW, events.Reduction.OTHER_ADDRESS),
        (events.ReducedPlace(HERE, None, "q", ("mary",)),),
        PROFILE,
    ),
]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_a_fact_has_the_promised_shape__AUD_1(fact: Event) -> None:
    message = publish(fact)
    assert SCHEMAS[message.type]().validate(dict(message.data)) == {}
    plain = {name: value for name, value in message.data.items() if name != "person"}
    assert "Sally" not in str(plain)
    assert "sally@example.com" not in str(plain)


def test_every_promised_type_is_told_by_some_fact__AUD_1() -> None:
    assert {publish(fact).type for fact in FACTS} == set(SCHEMAS)


def test_subjects_keep_order_by_user_request_and_practice__OPS_3() -> None:
    subjects = {publish(fact).subject for fact in FACTS}
    assert subjects == {"access/sally", "request/q", "review/v", f"practice/{HERE.tin}"}
