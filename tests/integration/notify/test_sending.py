"""From an event in the inbox to a mail in the mailbox, on both databases (NTF-2, NTF-8)."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from chassis.db.tables import inbox, outbox
from deploy.native.ports import free
from services.notify.adapters.local_mailbox import LocalMailbox
from services.notify.adapters.tables import mailbox, message, portal_message, sending
from services.notify.application.outside import Mail
from services.notify.domain.message import State
from tests.integration.notify.smtp_server import Post, serving
from tests.integration.notify.world import World


def test_a_code_reaches_its_mailbox_and_is_kept_nowhere__NTF_8(world: World) -> None:
    world.hear(world.account("mary"), world.code("mary", "483920"))
    (queued,) = world.rows(message)
    assert queued.sealed is not None
    assert "483920" not in str(queued)
    world.send()
    (mail,) = world.mails(to="mary@example.com", channel="email")
    assert mail["notice"] == "sign_in_code"
    assert re.findall(r"\d{6}", mail["subject"] + mail["text"]) == ["483920"]
    (sent,) = world.rows(message)
    assert (sent.state, sent.sealed, sent.sealed_place) == ("sent", None, None)
    assert not any("sealed" in row.envelope["data"] for row in world.rows(inbox) if row.envelope)


def test_how_it_ended_leaves_with_the_mark__OPS_3(world: World) -> None:
    world.hear(world.account("mary"), code := world.code("mary", "483920"))
    world.send()
    (row,) = [each for each in world.rows(outbox) if each.type == "notify.message.sent.v1"]
    assert row.data["cause_event"] == code.id
    assert (row.actor, row.correlation_id, row.causation_id) == ("system:notify", "c-1", code.id)


def test_an_expired_code_is_not_sent__NTF_2(world: World) -> None:
    world.hear(world.account("mary"), world.code("mary", "483920", minutes=-1))
    world.send()
    assert world.mails() == []
    assert [row.state for row in world.rows(message)] == ["expired"]


def test_the_same_event_twice_sends_once__NTF_2(world: World) -> None:
    world.hear(world.account("mary"), request := world.request("r1", ["mary"]))
    world.hear(replace(request, sequence=2))
    world.send()
    assert len(world.mails()) == 1
    assert len(world.rows(portal_message)) == 1


def test_replayed_history_never_sends_again__NTF_2(world: World) -> None:
    """A service that is built anew hears everything again, with nothing left that knows what was sent."""
    heard = [world.account("mary"), world.code("mary", "483920"), world.request("r1", ["mary"]), world.reuse("mary")]
    world.hear(*heard)
    world.send()
    assert len(world.mails()) == 3
    with world.service.engine.begin() as connection:
        for table in (portal_message, message, mailbox, inbox):
            connection.execute(delete(table))
        connection.execute(sending.update().values(since=datetime.now(UTC)))
    world.hear(*(replace(each, subject=f"{each.subject}/again", sequence=1) for each in heard))
    world.send()
    assert world.mails() == []
    assert world.rows(message) == []


def test_killed_between_send_and_mark_it_arrives_once__NTF_2(world: World) -> None:
    """The mail left, the mark did not: the next attempt bears the same Message-ID, by which the mailbox knows it."""
    world.hear(world.account("mary"), world.code("mary", "483920"))

    class KilledAfterSending(LocalMailbox):
        def send(self, mail: Mail) -> None:
            super().send(mail)
            raise SystemExit

    deliveries = world.sender(KilledAfterSending)
    with pytest.raises(SystemExit):
        deliveries.step()
    assert [row.state for row in world.rows(message)] == ["sending"]
    world.service.release_claims()
    world.send()
    assert [(row.state, row.attempts) for row in world.rows(message)] == [("sent", 2)]
    assert len(world.mails()) == 1


def test_a_slow_provider_loses_nobody_the_claim__NTF_2(world: World) -> None:
    """The provider thinks for longer than the lease; another sender finds nothing to take meanwhile."""
    world.hear(world.account("mary"), world.code("mary", "483920"))
    lease = timedelta(seconds=2)
    taken: list[bool] = []

    class Slow(LocalMailbox):
        def send(self, mail: Mail) -> None:
            other = world.sender(LocalMailbox, lease=lease)
            end = time.monotonic() + 1.5 * lease.total_seconds()
            while time.monotonic() < end:
                taken.append(other.step())
                time.sleep(0.05)
            super().send(mail)

    world.sender(Slow, lease=lease).step()
    assert not any(taken)
    assert [(row.state, row.attempts) for row in world.rows(message)] == [("sent", 1)]


def test_many_senders_at_once_send_each_message_once__NTF_2(world: World) -> None:
    people = [f"user{number:02}" for number in range(20)]
    world.hear(*(world.account(each) for each in people), world.request("r1", people))
    left: list[str] = []

    class Counting(LocalMailbox):
        def send(self, mail: Mail) -> None:
            left.append(mail.message_id)
            super().send(mail)

    failures: list[BaseException] = []

    def run() -> None:
        deliveries = world.sender(Counting)
        try:
            while deliveries.step():
                pass
        except BaseException as error:  # noqa: BLE001 (reported below, on the test's own thread)
            failures.append(error)

    senders = [threading.Thread(target=run) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(60)
    assert failures == []
    world.send()
    assert len(left) == len(set(left)) == 20
    assert {row.state for row in world.rows(message)} == {State.SENT.value}


def test_codes_overtake_a_long_queue__NTF_2(world: World) -> None:
    people = [f"user{number:02}" for number in range(10)]
    world.hear(*(world.account(each) for each in people), world.request("r1", people))
    world.hear(world.account("mary"), world.code("mary", "483920"))
    world.service.errands[0].step()
    assert [mail["notice"] for mail in world.mails()] == ["sign_in_code"]


def test_a_text_for_the_phone_lands_in_the_mailbox_too__NTF_3(world: World) -> None:
    world.hear(world.account("mary"), world.code("mary", "483920", channel="sms"))
    world.send()
    (sms,) = world.mails(channel="sms")
    assert (sms["html"], "483920" in sms["text"]) == (None, True)


def test_mail_waits_for_a_server_that_is_down__NTF_2(url: str) -> None:
    post, (port,) = Post(), free(1)
    sender = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "sender": "Plan <no-reply@plan.example>"}
    world = World(url, local_mailbox=False, **sender)
    world.hear(world.account("mary"), world.account("gone"), world.code("mary", "483920"))
    world.hear(world.request("r1", ["mary", "gone"]))
    world.send()
    assert {row.state for row in world.rows(message) if row.channel == "email"} == {"queued"}
    post.refused = {"gone@example.com"}
    with serving(post, port):
        world.make_due()
        world.send()
    assert [mail["To"] for mail in post.arrived] == ["mary@example.com", "mary@example.com"]
    (queued,) = [row for row in world.rows(message) if row.notice == "sign_in_code"]
    assert post.arrived[0]["Message-ID"] == f"<{queued.id}@plan.example>"
    assert sorted(row.state for row in world.rows(message) if row.channel == "email") == ["failed", "sent", "sent"]
    world.service.engine.dispose()
