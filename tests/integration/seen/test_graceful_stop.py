"""SIGTERM: not ready at once, what is under way is finished, the end comes within ten seconds, nothing is lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, func, select

from chassis.bus.envelope import Envelope
from chassis.bus.publisher import BrokerTransport
from chassis.db.engine import make_engine
from chassis.db.tables import inbox_subject
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.testing.waiting import eventually
from services.audit.adapters.tables import entry
from tests.integration.seen.gate import Gate
from tests.integration.seen.processes import Seen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SERVE = "serve registration"
WORK = "work audit"
SLOW = "/api/registration/v1/practices/123456789"
ENDS_WITHIN = 40.0
"""Ten seconds by the rule; the machine that tests run on may be busy."""


class Running(NamedTuple):
    seen: Seen
    engine: Engine
    gate: Gate


class Asked(threading.Thread):
    """A request in a thread of its own."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self.outcome: int | str = "none"
        self.start()

    def run(self) -> None:
        try:
            self.outcome = httpx.get(self._url, timeout=120).status_code
        except httpx.TransportError as error:
            self.outcome = type(error).__name__


@pytest.fixture
def serving(seen: Seen) -> Iterator[Running]:
    """Registration's web process; each look-up counts a call first, which the gate can hold up."""
    seen.migrate("registration")
    seen.start_process(SERVE, "--drain", "2")
    seen.until(SERVE, "/readyz", 200)
    engine = make_engine(seen.databases["registration"])
    yield Running(seen, engine, Gate(engine, "rate_limit"))
    engine.dispose()


def test_a_request_under_way_is_answered__OPS_8(serving: Running) -> None:
    seen = serving.seen
    with serving.gate.closed():
        asked = Asked(seen.url(SLOW))
        serving.gate.somebody_waits()
        seen.tell(SERVE)
        seen.until(SERVE, "/readyz", 503)
        assert seen.status(SERVE, "/livez") == 200
        seen.tell(SERVE)  # impatience changes nothing
    assert seen.ended(SERVE, ENDS_WITHIN) == 0
    asked.join(60)
    assert asked.outcome == 200


def test_a_request_that_does_not_end_holds_up_nothing__OPS_8(serving: Running) -> None:
    seen = serving.seen
    with serving.gate.closed():
        asked = Asked(seen.url(SLOW))
        serving.gate.somebody_waits()
        begun = time.monotonic()
        seen.tell(SERVE, signal.SIGINT)
        seen.ended(SERVE, ENDS_WITHIN)
        assert time.monotonic() - begun < ENDS_WITHIN
        asked.join(60)
        assert asked.outcome != 200


def published(seen: Seen) -> None:
    """One event of identity's, sent to everybody."""
    envelope = Envelope(
        id=str(uuid4()),
        source="identity",
        type="identity.sign_in.succeeded.v1",
        subject="account/mmartin5",
        sequence=1,
        time=SystemClock().now(),
        data={},
        cause=Cause("user:mmartin5", "c-1"),
    )
    transport = BrokerTransport(seen.variables["WARDENRY_BROKER_URL"], declare=lambda: None)
    assert transport.publish([envelope]) == {envelope.id}
    transport.close()


def entries(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(entry)).scalar_one()


def done(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(inbox_subject.c.done)).scalar() or 0


@pytest.fixture
def working(seen: Seen) -> Iterator[Running]:
    """Audit's working process, which appends to its log whatever it hears."""
    seen.migrate("audit")
    seen.start_process(WORK)
    seen.until(WORK, "/readyz", 200)
    engine = make_engine(seen.databases["audit"])
    yield Running(seen, engine, Gate(engine, "entry"))
    engine.dispose()


def test_a_batch_under_way_is_finished__OPS_8(working: Running) -> None:
    seen, engine, gate = working
    with gate.closed():
        published(seen)
        gate.somebody_waits()
        seen.tell(WORK)
        seen.until(WORK, "/readyz", 503)
        assert seen.status(WORK, "/livez") == 200
        seen.tell(WORK)
    assert seen.ended(WORK, ENDS_WITHIN) == 0
    assert (entries(engine), done(engine)) == (1, 1)


def test_what_was_cut_short_comes_again__OPS_3_OPS_8(working: Running) -> None:
    seen, engine, gate = working
    with gate.closed():
        published(seen)
        gate.somebody_waits()
        begun = time.monotonic()
        seen.tell(WORK)
        assert seen.ended(WORK, ENDS_WITHIN) == 1
        assert time.monotonic() - begun < ENDS_WITHIN
        assert done(engine) == 0
    seen.start_process(WORK)
    eventually(lambda: done(engine) == 1, within=120)
    assert entries(engine) == 1
