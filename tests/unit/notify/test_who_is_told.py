"""From event to recipients and channels: the table of notices (NTF-1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.bus.envelope import rfc3339
from chassis.kernel.errors import NotYetKnownError
from services.notify.domain.message import Reason, State
from services.notify.domain.notices import Channel
from tests.unit.notify.world import TIN, World, notices, person


def access(**changes: Any) -> dict[str, Any]:
    return {
        "access_id": "a1",
        "user_id": "zoe",
        "tin": TIN,
        "line": "medical",
        "practice": "State Medical Center",
        "by": "mary",
        "at": "2026-03-02T09:30:00Z",
        "request_id": None,
        "before": None,
        "after": {"level": "processor", "functions": ["patient_coverage"], "until": None},
        "person": person("zoe"),
    } | changes


def managers(user_id: str, now: list[str], **changes: Any) -> dict[str, Any]:
    shown = person(user_id)
    return {
        "tin": TIN,
        "line": "medical",
        "user_id": user_id,
        "by": "support1",
        "managers": now,
        "person": shown,
    } | changes


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary", "george", "zoe")
    return world


def test_every_manager_is_told_of_a_waiting_request__NTF_1(world: World) -> None:
    world.hear("entitlements.request.opened.v1", world.request(managers=["mary", "george"]))
    assert sorted(world.told("request_awaiting")) == [
        ("user:george", "email"),
        ("user:george", "inbox"),
        ("user:mary", "email"),
        ("user:mary", "inbox"),
    ]


def overdue(world: World) -> dict[str, Any]:
    return world.request(managers=["george", "mary"], user_id="zoe", decidable_since="2026-02-15T09:30:00Z")


@pytest.mark.parametrize(
    ("event", "notice"), [("reminder_due", "request_reminder"), ("final_reminder_due", "request_final_reminder")]
)
def test_managers_are_reminded_of_whoever_still_waits__REG_12(world: World, event: str, notice: str) -> None:
    world.hear(f"entitlements.request.{event}.v1", overdue(world))
    assert sorted(world.told(notice)) == [
        (f"user:{user_id}", over) for user_id in ("george", "mary") for over in ("email", "inbox")
    ]
    facts = {message.recipient: message.facts for message in world.messages}
    assert (facts["user:mary"]["applicant"], facts["user:mary"]["since"]) == ("Zoe Smith", "2026-02-15")


def test_of_a_request_that_expired_applicant_and_managers_are_told_each_in_their_words__REG_12(world: World) -> None:
    world.hear("entitlements.request.expired.v1", overdue(world))
    assert sorted(world.told("request_expired")) == [
        (f"user:{user_id}", over) for user_id in ("george", "mary", "zoe") for over in ("email", "inbox")
    ]
    about = {message.recipient: message.facts["applicant"] for message in world.messages}
    assert about == {"user:zoe": None, "user:george": "Zoe Smith", "user:mary": "Zoe Smith"}


@pytest.mark.parametrize(
    ("event", "notice", "day"), [("ending", "access_ending", "until"), ("ended", "access_ended", "at")]
)
def test_user_and_managers_are_told_of_an_end_each_in_their_words__ENT_11(
    world: World, event: str, notice: str, day: str
) -> None:
    data = access(managers=["mary", "zoe"], **{day: "2026-03-16T09:30:00Z"})
    world.hear(f"entitlements.access.{event}.v1", data)
    told = {message.recipient: (message.facts["user"], message.facts["until"]) for message in world.messages}
    assert told == {"user:zoe": (None, "2026-03-16"), "user:mary": ("Zoe Smith", "2026-03-16")}
    assert {message.notice for message in world.messages} == {notice}


@pytest.mark.parametrize(
    ("event", "notice"),
    [("opened", "review_opened"), ("reminder_due", "review_reminder"), ("closed", "review_closed")],
)
def test_managers_are_told_of_a_review__ENT_13(world: World, event: str, notice: str) -> None:
    data = {
        "tin": TIN,
        "lines": ["behavioral", "medical"],
        "practice": "State Medical Center",
        "due_at": "2026-05-01T09:30:00Z",
        "managers": ["george", "mary"],
        "total": 4,
        "outcome": {"kept": 2, "left": 1, "suspended": 1},
    }
    world.hear(f"entitlements.review.{event}.v1", data)
    over = ("inbox",) if event == "closed" else ("email", "inbox")
    assert sorted(world.told(notice)) == [(f"user:{user}", each) for user in ("george", "mary") for each in over]
    facts = world.messages[0].facts
    assert (facts["count"], facts["due"], facts["kept"], facts["suspended"]) == (4, "2026-05-01", 3, 1)


def test_user_and_managers_are_told_of_a_suspension_and_the_user_of_its_end__ENT_14(world: World) -> None:
    data = access(managers=["mary", "zoe"], cause="review", functions=["eft_view"])
    world.hear("entitlements.access.suspended.v1", data)
    told = {message.recipient: (message.facts["user"], message.facts["is_partial"]) for message in world.messages}
    assert told == {"user:zoe": (None, True), "user:mary": ("Zoe Smith", True)}
    world.hear("entitlements.access.restored.v1", access(cause="review"))
    assert {recipient for recipient, _ in world.told("access_restored")} == {"user:zoe"}


def test_of_an_account_that_was_removed_nothing_personal_is_left__REG_9(world: World) -> None:
    world.hear("entitlements.request.expired.v1", overdue(world))
    world.send_all()
    world.hear(
        "identity.contact.verified.v1",
        {"user_id": "zoe", "contact_id": "c", "kind": "email", "person": {"value": "z@example.com"}},
    )
    world.hear("identity.account.removed.v1", {"user_id": "zoe", "registration_id": "r", "reason": "lapsed"})
    assert world.store.recipients.get("zoe") is None
    assert world.store.contacts.of("zoe") == []
    assert world.inbox("zoe") == []
    assert {(each.address, len(each.facts)) for each in world.messages if each.user_id == "zoe"} == {(None, 0)}
    assert all(each.facts for each in world.messages if each.user_id == "mary")
    assert world.store.gatherings.for_update("r").told


def test_a_manager_named_twice_is_told_once__NTF_2(world: World) -> None:
    world.hear("entitlements.request.opened.v1", world.request(managers=["mary", "mary"]))
    assert sorted(world.told("request_awaiting")) == [("user:mary", "email"), ("user:mary", "inbox")]


def test_the_same_event_twice_tells_once__NTF_2(world: World) -> None:
    for _ in range(2):
        world.hear("entitlements.request.opened.v1", world.request(), event_id="one")
    assert len(world.told("request_awaiting")) == 2
    assert len(world.inbox("mary")) == 1


def test_history_teaches_but_never_sends__NTF_2(world: World) -> None:
    long_ago = world.store.since - timedelta(days=1)
    world.hear("entitlements.request.opened.v1", world.request(managers=["mary", "nobody"]), at=long_ago)
    world.hear("identity.account.confirmed.v1", world.account("ann"), at=long_ago)
    assert world.messages == []
    assert world.store.practices.name(TIN) == "State Medical Center"
    assert world.store.recipients.get("ann") is not None


def test_what_is_replayed_is_kept_and_never_sent__NTF_2(world: World) -> None:
    """History for a notify that was made anew, or has lost something (OPS-4)."""
    long_ago = world.store.since - timedelta(days=1)
    for at in (long_ago, world.clock.now()):
        world.hear("entitlements.request.opened.v1", world.request(str(at)), at=at, replayed=True)
    assert world.send_all() == []
    assert {each.state for each in world.messages} == {State.REPLAYED}
    assert [each.at for each in world.inbox("mary")] == [long_ago, world.clock.now()]
    assert world.recorded == []


def test_a_code_is_never_sent_from_history__NTF_2(world: World) -> None:
    world.hear("identity.code.requested.v1", world.code(sealed=None), replayed=True)
    assert world.messages == []


def test_the_mail_after_a_replayed_confirmation_is_never_sent__NTF_2(world: World) -> None:
    world.hear("registration.registration.submitted.v1", {"registration_id": "r", "requests": []}, replayed=True)
    confirmed = world.account("ann", registration_id="r")
    world.hear("identity.account.confirmed.v1", confirmed, replayed=True)
    world.clock.advance(minutes=5)
    assert world.send_all() == []
    assert world.told("registration_received") == [("user:ann", "email"), ("user:ann", "inbox")]


def test_what_the_demo_made_up_tells_nobody__NTF_1(world: World) -> None:
    world.hear("entitlements.access.given.v1", access(), actor="system:demo")
    assert world.messages == []


def test_an_unknown_manager_is_waited_for__NTF_1(world: World) -> None:
    with pytest.raises(NotYetKnownError):
        world.hear("entitlements.request.opened.v1", world.request(managers=["mary", "ann"]))


def test_a_manager_who_stays_unknown_holds_nobody_else_back__NTF_1(world: World) -> None:
    earlier = world.clock.now() - timedelta(minutes=1)
    world.hear("entitlements.request.opened.v1", world.request(managers=["mary", "ann"]), at=earlier)
    world.send_all()
    outcome = {(each.user_id, each.channel): (each.state, each.reason) for each in world.messages}
    assert outcome["mary", Channel.EMAIL] == (State.SENT, None)
    assert outcome["ann", Channel.EMAIL] == (State.QUEUED, Reason.NO_ADDRESS)
    assert outcome["ann", Channel.INBOX] == (State.SENT, None)


def test_nothing_but_codes_goes_to_an_unconfirmed_address__NTF_1(world: World) -> None:
    world.hear("identity.account.created.v1", world.account("ann", state="unconfirmed"))
    world.hear("entitlements.access.removed.v1", access(user_id="ann", after=None))
    assert [(each.channel, each.reason) for each in world.messages] == [
        (Channel.EMAIL, Reason.NO_ADDRESS),
        (Channel.INBOX, None),
    ]


def test_a_message_waits_for_its_address_to_be_verified__NTF_2(world: World) -> None:
    """The approval comes from entitlements, the confirmation from identity: after an outage in any order."""
    world.hear("identity.account.created.v1", world.account("ann", state="unconfirmed"))
    world.hear("entitlements.access.removed.v1", access(user_id="ann", after=None))
    assert world.send_all() == []
    world.hear("identity.account.confirmed.v1", world.account("ann"))
    for _ in range(2):
        sent = [mail.to for mail in world.send_all() if mail.notice == "access_removed"]
        assert sent == ["ann@example.com"]


def test_an_address_that_is_never_verified_is_given_up_after_a_day__NTF_2(world: World) -> None:
    world.hear("identity.account.created.v1", world.account("ann", state="unconfirmed"))
    world.hear("entitlements.access.removed.v1", access(user_id="ann", after=None))
    world.clock.advance(hours=24)
    assert world.send_all() == []
    mail = next(each for each in world.messages if each.channel is Channel.EMAIL)
    assert (mail.state, mail.reason) == (State.FAILED, Reason.NO_ADDRESS)


def test_an_approval_is_one_mail__NTF_1(world: World) -> None:
    decided = {
        "request_id": "r1",
        "user_id": "zoe",
        "tin": TIN,
        "line": "medical",
        "practice": None,
        "decided_by": "mary",
    }
    world.hear("entitlements.access.given.v1", access(request_id="r1"))
    world.hear("entitlements.request.approved.v1", decided | {"level": "processor", "functions": ["a", "b"]})
    assert world.told("access_changed") == []
    assert world.told("request_approved") == [("user:zoe", "email"), ("user:zoe", "inbox")]
    facts = world.messages[0].facts
    assert (facts["by"], facts["access_level"], facts["functions"]) == ("Mary Smith", "processor", 2)


def test_a_refusal_tells_its_reason_without_whole_tins__IDN_16(world: World) -> None:
    decided = {
        "request_id": "r1",
        "user_id": "zoe",
        "tin": TIN,
        "line": "medical",
        "practice": None,
        "decided_by": "mary",
    }
    world.hear("entitlements.request.declined.v1", decided | {"reason": "Ask for 12-3456789 or 987654321 instead."})
    assert world.messages[0].facts["reason"] == "Ask for •••••6789 or •••••4321 instead."


def test_no_message_keeps_a_whole_tin__IDN_16(world: World) -> None:
    world.hear("entitlements.request.opened.v1", world.request())
    world.hear("entitlements.access.given.v1", access())
    world.hear("entitlements.manager.added.v1", managers("george", ["mary", "george"]))
    assert world.messages
    assert not any(TIN in str(each.facts) for each in world.messages)


@pytest.mark.parametrize(
    ("event", "changes", "notice"),
    [
        ("access.given", {}, "access_changed"),
        ("access.changed", {"before": {"level": "processor", "functions": [], "until": None}}, "access_changed"),
        ("access.changed", {"before": {"level": "auditor", "functions": []}, "request_id": "r1"}, "access_changed"),
        ("access.removed", {"before": {"level": "processor", "functions": []}, "after": None}, "access_removed"),
    ],
)
def test_access_without_a_request_is_told__NTF_1(world: World, event: str, changes: Any, notice: str) -> None:
    world.hear(f"entitlements.{event}.v1", access(**changes))
    assert world.told(notice) == [("user:zoe", "email"), ("user:zoe", "inbox")]


def test_every_other_manager_of_the_tin_learns_of_a_new_one__NTF_1(world: World) -> None:
    world.hear("entitlements.manager.added.v1", managers("mary", ["mary"], line="behavioral"))
    world.hear("entitlements.manager.added.v1", managers("george", ["george"]))
    assert world.told("manager_added") == [("user:mary", "email"), ("user:mary", "inbox")]
    assert world.messages[0].facts["manager"] == "George Smith"


def test_every_manager_left_learns_of_one_who_went__NTF_1(world: World) -> None:
    world.hear("entitlements.manager.added.v1", managers("mary", ["mary"]))
    world.hear("entitlements.manager.removed.v1", managers("george", ["mary"]))
    assert world.told("manager_added") == [("user:mary", "email"), ("user:mary", "inbox")]
    assert world.messages[0].facts["added"] is False


def test_the_last_manager_is_warned_in_the_portal_alone__NTF_1(world: World) -> None:
    left = {"tin": TIN, "line": "medical", "practice": None, "managers": ["mary"], "at": "2026-03-02T09:30:00Z"}
    world.hear("entitlements.practice.managers_below_two.v1", left)
    assert world.told("managers_below_two") == [("user:mary", "inbox")]


def test_support_is_told_of_outreach__NTF_1(world: World) -> None:
    world.know("support1", "support2", kind="support")
    case = {"case_id": "c1", "tin": TIN, "line": "medical", "practice": None, "reason": "request_without_manager"}
    world.hear("registration.outreach.opened.v1", case | {"due_at": "2026-03-12T09:30:00Z"})
    assert world.told("outreach_opened") == [
        ("address:support@plan.example", "email"),
        ("user:support1", "inbox"),
        ("user:support2", "inbox"),
    ]


def test_somebody_made_a_support_agent_later_is_told_as_one__NTF_1(world: World) -> None:
    profile = {"user_id": "mary", "language": "es", "kind": "support", "person": person("mary")}
    world.hear("identity.account.profile_changed.v1", profile)
    assert [each.user_id for each in world.store.recipients.support_agents()] == ["mary"]


def test_the_owner_is_told_of_a_lock_by_mail_alone__NTF_1(world: World) -> None:
    until = rfc3339(world.clock.now() + timedelta(minutes=14, seconds=59))
    world.hear("identity.account.locked.v1", {"user_id": "mary", "until": until, "failures": 10})
    assert world.told("account_locked") == [("user:mary", "email")]
    assert world.messages[0].facts["minutes"] == 15


def test_the_owner_is_told_of_a_token_used_twice__NTF_1(world: World) -> None:
    world.hear("identity.refresh_token.reused.v1", {"user_id": "mary", "session_id": "s"})
    assert world.told("refresh_reuse") == [("user:mary", "email"), ("user:mary", "inbox")]


def test_notices_follow_a_changed_address_and_language__NTF_4(world: World) -> None:
    renamed = {"user_id": "mary", "language": "es", "person": person("mary", email="new@example.com")}
    world.hear("identity.account.profile_changed.v1", renamed)
    world.hear("identity.refresh_token.reused.v1", {"user_id": "mary"})
    (mail,) = world.send_all()
    assert (mail.to, mail.subject) == ("new@example.com", "refresh_reuse in es")
    assert world.inbox("mary")[0].subject == "refresh_reuse in es"


def test_a_second_contact_is_kept_and_draws_no_notices__IDN_5(world: World) -> None:
    verified = {"user_id": "mary", "contact_id": "c", "kind": "email", "person": {"value": "other@example.com"}}
    world.hear("identity.contact.verified.v1", verified)
    mary = world.store.recipients.get("mary")
    assert mary is not None
    assert mary.email == "mary@example.com"
    assert world.store.contacts.kept["mary", "c"].value == "other@example.com"


def test_channels_and_flags_are_those_of_the_table__NTF_1() -> None:
    table = notices()
    assert len(table) == 47
    assert table["request_awaiting"].over() == (Channel.EMAIL, Channel.INBOX)
    assert table["managers_below_two"].over() == (Channel.INBOX,)
    assert table["sign_in_code"].over(Channel.SMS) == (Channel.SMS,)
    assert (table["outreach_opened"].mandatory, table["request_awaiting"].mandatory) == (False, True)
    with pytest.raises(ValueError, match="does not go over"):
        table["sign_in_code"].over(Channel.INBOX)
