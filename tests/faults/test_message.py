"""The message is what is wrong: it is parked or passed over, its neighbours pass, and it is replayed once (OPS-3)."""

from __future__ import annotations

from typing import Any

import pytest
from kombu.connection import Connection

from chassis.bus.envelope import CONTENT_TYPE
from chassis.bus.topology import EXCHANGE, parked_name
from chassis.db.outbox import Outgoing, append
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.kernel.messages import Message
from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

_UNKNOWN = "identity.account.imagined.v1"


def test_what_cannot_be_read_or_is_too_large_is_parked_by_everybody_and_neighbours_pass__OPS_3(stand: Stand) -> None:
    bodies = (b"not json", b'{"specversion": "1.0"}', b'"' + b"x" * 2_000_000 + b'"')
    with Connection(stand.virtual_host.url, transport_options={"confirm_publish": True}) as connection:
        producer = connection.Producer()
        for body in bodies:
            producer.publish(
                body,
                exchange=EXCHANGE.name,
                routing_key=_UNKNOWN,
                content_type=CONTENT_TYPE,
                content_encoding="binary",
                delivery_mode=2,
            )
    stand.registering("personmessage1").result(600)
    for service in ("registration", "entitlements", "notify", "audit"):
        eventually(lambda: _parked(stand, service) == len(bodies), within=180)  # noqa: B023 (asked at once)
    assert stand.reckon().faults == []


def test_an_unknown_type_is_passed_over_and_logged_for_ever__OPS_6_AUD_1(stand: Stand) -> None:
    stand.registering("personmessage2").result(600)
    assert stand.reckon().faults == []
    message = Message(_UNKNOWN, "account/personmessage2", {"user_id": "personmessage2", "of": "a later version"})
    with stand.engines() as engines, engines["identity"].begin() as connection:
        cause = Cause(actor="system:identity", correlation_id="c-1")
        append(connection, [Outgoing(message, cause)], SystemClock().now())
    assert stand.reckon().faults == []
    assert stand.rows("audit", "SELECT leaf_index FROM entry WHERE type = :type", type=_UNKNOWN)


def test_what_fails_again_and_again_is_parked_and_replayed_once_after_the_mend__OPS_3(stand: Stand) -> None:
    campaign = stand.campaign(1)  # is to be approved: its own request will be what fails
    stand.execute("notify", "ALTER TABLE portal_message RENAME TO portal_message_gone")
    campaign.start()
    reasons = eventually(lambda: _parked_at_notify(stand), within=120)
    assert all("portal_message" in reason for reason in reasons)
    stand.registering("personmessage3").result(180)
    eventually(lambda: stand.deployment.mails("personmessage3@example.com"), within=180)
    campaign.join()

    stand.execute("notify", "ALTER TABLE portal_message_gone RENAME TO portal_message")
    eventually(lambda: _replayed(stand) and not _all_parked(stand), within=180)
    assert stand.reckon().faults == []
    assert _replayed(stand)
    assert stand.reckon().faults == []


def _parked_at_notify(stand: Stand) -> list[str]:
    """What is parked; whatever has failed once is taken to have failed nine times, to spare two minutes of pauses."""
    stand.execute("notify", "UPDATE inbox_subject SET attempts = 9, due_at = now() WHERE attempts BETWEEN 1 AND 8")
    return _all_parked(stand)


def _all_parked(stand: Stand) -> list[str]:
    return [row.reason for row in stand.rows("notify", "SELECT reason FROM inbox_subject WHERE parked_at IS NOT NULL")]


def _replayed(stand: Stand) -> bool:
    done = stand.deployment.run("bus", "parked", "replay", "notify", "--all")
    assert done.returncode == 0, done.stderr
    return True


def _parked(stand: Stand, service: str) -> int:
    with Connection(stand.virtual_host.url, transport_options={"confirm_publish": True}) as connection:
        declared: Any = connection.default_channel.queue_declare(parked_name(service), passive=True)
    return int(declared.message_count)
