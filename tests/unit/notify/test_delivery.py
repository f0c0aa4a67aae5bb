"""From the queue to the provider, whatever goes wrong on the way (NTF-2, NTF-8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify.adapters.deliveries import Deliveries
from services.notify.application.outside import Mail, MailRefusedError, MailUnavailableError
from services.notify.domain.events import MessageFailed, MessageSent
from services.notify.domain.message import Message, Reason, State
from services.notify.domain.notices import Channel
from services.notify.domain.pauses import pause_after
from tests.unit.notify.world import World

DOWN = "down"


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary")
    return world


def down(mail: Mail) -> None:
    raise MailUnavailableError(DOWN)


def only(world: World) -> Message:
    (message,) = world.messages
    return message


def test_a_code_goes_where_it_was_sealed_for__NTF_8(world: World) -> None:
    world.ask_for_code("confirm_email", code="483920")
    assert "483920" not in str(only(world).facts)
    (mail,) = world.send_all()
    assert (mail.to, mail.notice) == ("mary@example.com", "confirm_email")
    assert "483920" in mail.text


def test_nothing_sealed_stays_once_sent__NTF_8(world: World) -> None:
    world.ask_for_code()
    assert only(world).sealed is not None
    world.send_all()
    assert (only(world).state, only(world).sealed) == (State.SENT, None)


def test_a_code_is_never_sent_after_it_has_expired__NTF_2(world: World) -> None:
    world.ask_for_code(minutes=10)
    world.clock.advance(minutes=10)
    assert world.send_all() == []
    assert (only(world).state, only(world).sealed) == (State.EXPIRED, None)


def test_a_code_that_arrives_expired_is_not_even_queued__NTF_2(world: World) -> None:
    world.ask_for_code(minutes=0)
    assert (only(world).state, only(world).sealed) == (State.EXPIRED, None)
    assert isinstance(world.recorded[-1], MessageFailed)


def test_a_code_that_expires_on_the_way_to_the_provider_is_not_sent__NTF_2(world: World) -> None:
    class Slow:
        def send(self, mail: Mail) -> None:
            world.clock.advance(minutes=10)
            world.mailer.send(mail)

        def rest(self) -> None:
            pass

    world.deliveries = Deliveries(world.work, replace(world.ports, mailers={Channel.EMAIL: Slow()}))
    world.ask_for_code(minutes=10)
    assert world.send_all() == []
    assert only(world).state is State.EXPIRED


def test_codes_go_ahead_of_everything_else__NTF_2(world: World) -> None:
    world.hear("entitlements.request.opened.v1", world.request())
    world.clock.advance(seconds=1)
    world.ask_for_code()
    assert [mail.notice for mail in world.send_all()] == ["sign_in_code", "request_awaiting"]


def test_what_was_queued_first_goes_first__NTF_2(world: World) -> None:
    for number in range(3):
        world.hear("entitlements.request.opened.v1", world.request(f"r{number}", practice=f"Practice {number}"))
        world.clock.advance(seconds=1)
    sent = [mail.text for mail in world.send_all()]
    assert [f"Practice {number}" in text for number, text in enumerate(sent)] == [True] * 3


def test_while_the_provider_is_down_pauses_grow_and_it_comes_later__NTF_2(world: World) -> None:
    world.hear("identity.refresh_token.reused.v1", {"user_id": "mary"})
    world.mailer.trouble = down
    waits = []
    for _ in range(4):
        world.send_all()
        message = next(each for each in world.messages if each.channel is Channel.EMAIL)
        assert message.due_at is not None
        waits.append((message.due_at - world.clock.now()).total_seconds())
        world.clock.moment = message.due_at
    assert waits == [5, 15, 45, 135]
    world.mailer.trouble = None
    assert [mail.notice for mail in world.send_all()] == ["refresh_reuse"]


def test_after_a_day_it_is_failed_and_visible__NTF_2(world: World) -> None:
    world.hear("identity.account.locked.v1", {"user_id": "mary", "until": "2026-03-02T10:00:00Z", "failures": 10})
    world.mailer.trouble = down
    begun = world.clock.now()
    while only(world).state is not State.FAILED:
        world.send_all()
        world.clock.moment = only(world).due_at or world.clock.now()
    assert only(world).reason is Reason.UNAVAILABLE
    assert timedelta(hours=22) < world.clock.now() - begun <= timedelta(hours=24)
    assert isinstance(world.recorded[-1], MessageFailed)


def test_a_waiting_code_is_tried_often__NTF_2() -> None:
    pauses = [pause_after(attempt, urgent=True) for attempt in range(1, 60)]
    assert max(pauses) == timedelta(seconds=20)
    assert max(pause_after(attempt, urgent=False) for attempt in range(1, 60)) == timedelta(hours=1)


def test_a_refused_recipient_fails_at_once_and_nobody_else__NTF_2(world: World) -> None:
    def refuse(mail: Mail) -> None:
        if mail.to == "mary@example.com":
            raise MailRefusedError("550")

    world.know("george")
    world.mailer.trouble = refuse
    world.hear("entitlements.request.opened.v1", world.request(managers=["mary", "george"]))
    assert [mail.to for mail in world.send_all()] == ["george@example.com"]
    assert {each.reason for each in world.messages if each.state is State.FAILED} == {Reason.REFUSED}


def test_what_cannot_be_opened_fails_and_is_gone__NTF_8(world: World) -> None:
    world.ask_for_code(sealed="made for somebody else")
    world.send_all()
    assert (only(world).state, only(world).reason, only(world).sealed) == (State.FAILED, Reason.UNSEALABLE, None)


def test_a_channel_that_nobody_carries_fails_visibly__NTF_3(world: World) -> None:
    world.ask_for_code(channel="sms")
    world.send_all()
    assert (only(world).state, only(world).reason) == (State.FAILED, Reason.NO_CHANNEL)


def test_an_unforeseen_error_is_tried_again__NTF_2(world: World) -> None:
    def burst(mail: Mail) -> None:
        raise RuntimeError("nobody thought of this")

    world.mailer.trouble = burst
    world.ask_for_code()
    world.send_all()
    assert (only(world).state, only(world).reason) == (State.QUEUED, Reason.UNAVAILABLE)


def test_killed_between_send_and_mark_it_leaves_once_more_under_the_same_id__NTF_2(world: World) -> None:
    world.ask_for_code()
    claimed = only(world).claimed(world.clock.now(), world.ports.house.lease)
    world.store.messages.save(claimed)  # a sender took it, sent it, and was killed
    assert world.send_all() == []
    world.clock.advance(seconds=120)
    (mail,) = world.send_all()
    assert mail.message_id == f"<{claimed.id}@plan.example>"
    assert only(world).state is State.SENT


def test_a_claim_is_taken_back_at_once_where_no_sender_can_be_alive__OPS_1(world: World) -> None:
    world.ask_for_code()
    world.store.messages.save(only(world).claimed(world.clock.now(), world.ports.house.lease))
    world.deliveries.release_claims()
    assert len(world.send_all()) == 1


def test_a_sender_whose_claim_ran_out_marks_nothing__NTF_2(world: World) -> None:
    world.ask_for_code()

    def taken_over(mail: Mail) -> None:
        message = world.store.messages.kept[mail.id]
        world.store.messages.save(message.claimed(world.clock.now(), world.ports.house.lease))

    world.mailer.trouble = taken_over
    before = len(world.recorded)
    world.deliveries.step()
    assert only(world).state is State.SENDING
    assert world.recorded[before:] == []


def test_how_it_ended_is_told_to_the_other_services__NTF_2(world: World) -> None:
    world.ask_for_code()
    world.send_all()
    (sent,) = world.recorded
    message = only(world)
    assert sent == MessageSent(
        message.id, "sign_in_code", "email", "mary", message.occasion.event_id, world.clock.now(), 1
    )


def test_what_lies_in_the_portal_is_sent_by_that__NTF_3(world: World) -> None:
    world.hear("identity.refresh_token.reused.v1", {"user_id": "mary"})
    inbox = next(each for each in world.messages if each.channel is Channel.INBOX)
    assert inbox.state is State.SENT
    assert [type(each) for each in world.recorded] == [MessageSent]
