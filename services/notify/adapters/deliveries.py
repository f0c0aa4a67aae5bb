"""The sender: one message after the other, from claim to outcome, each step committed before the next begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

import structlog

from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from chassis.telemetry.telemetry import Telemetry
from chassis.telemetry.tracing import Kind
from services.notify.adapters.hold import Hold
from services.notify.application.deliver import (
    UNAVAILABLE,
    Claim,
    Outcome,
    SettleMessage,
    claim_message,
    prolong_claim,
    send_message,
    settle_message,
)
from services.notify.application.ports import Ports, Store
from services.notify.application.welcome_applicant import tell_overdue
from services.notify.domain.message import Message

ACTOR = "system:notify"
Answer = TypeVar("Answer")

_PROLONGED_PER_LEASE = 3

log = structlog.get_logger(__name__)


def _nothing() -> None:
    """Tells nobody."""


class Work(UnitOfWork[Store], Protocol):
    """A unit of work that its maker ends."""

    def commit(self) -> None:
        """Keep what was written."""

    def rollback(self) -> None:
        """Undo it; harmless after a commit."""


class Deliveries:
    """Sends what is due. Any number may run at once, in any number of processes.

    A claim lasts as long as its sender lives: it is prolonged while the provider takes its time. Killed before the
    claim's commit, nothing happened; killed after it, the message is sent when the claim has run out, with the same
    Message-ID: doubled only if it had already left, and then at most once for each kill (NTF-2).
    """

    def __init__(self, begin: Callable[[Cause], Work], ports: Ports, telemetry: Telemetry | None = None) -> None:
        self._begin = begin
        self._ports = ports
        seen = telemetry or Telemetry()
        self._tracer, self._meter = seen.tracer, seen.meters.deliveries

    def step(self, on_claim: Callable[[], None] = _nothing) -> bool:
        """Send one message, or tell one applicant who has waited long enough; False where there was neither.

        `on_claim` is called between the claim and the sending, which may take long: there may be more to send.
        """
        cause = Cause(actor=ACTOR, correlation_id=str(new_id()))
        if self._committed(cause, lambda work: tell_overdue(work, self._ports)):
            return True
        claim = self._committed(cause, lambda work: claim_message(work, self._ports))
        if claim is None:
            self._rest()
            return False
        on_claim()
        self._deliver(claim)
        return True

    def release_claims(self) -> None:
        """Make due at once what a killed sender had claimed. Only where no other sender can be alive (OPS-1)."""
        released = self._committed(Cause(actor=ACTOR, correlation_id=str(new_id())), _free_all)
        if released:
            log.warning("message_claims_released", messages=released)

    def _rest(self) -> None:
        for mailer in self._ports.mailers.values():
            mailer.rest()

    def _deliver(self, claim: Claim) -> None:
        message, begun = claim.message, time.perf_counter()
        with (
            structlog.contextvars.bound_contextvars(correlation_id=message.occasion.correlation_id),
            self._tracer.span(
                f"send {message.channel.value}",
                Kind.CLIENT,
                parent=message.occasion.traceparent,
                attributes={"wardenry.notice": message.notice, "wardenry.channel": message.channel.value},
            ) as span,
        ):
            settled = self._settle(claim, self._send(claim), span.traceparent)
            if settled is not None:
                state = settled.state.value
                self._meter.attempted(message.channel.value, state, time.perf_counter() - begun)
                span.tell({"wardenry.outcome": state})

    def _send(self, claim: Claim) -> Outcome:
        message = claim.message
        if claim.again:
            log.warning("message_perhaps_doubled", message_id=message.id, notice=message.notice)
        try:
            with Hold(lambda: self._prolonged(message), every=self._ports.house.lease / _PROLONGED_PER_LEASE):
                return send_message(claim, self._ports)
        except Exception:
            log.exception("message_not_sent", message_id=message.id, notice=message.notice)
            return UNAVAILABLE

    def _prolonged(self, message: Message) -> bool:
        cause = Cause(ACTOR, message.occasion.correlation_id)
        return self._committed(cause, lambda work: prolong_claim(message, work, self._ports))

    def _settle(self, claim: Claim, outcome: Outcome, traceparent: str | None) -> Message | None:
        occasion = claim.message.occasion
        cause = Cause(ACTOR, occasion.correlation_id, causation_id=occasion.event_id, traceparent=traceparent)
        command = SettleMessage(claim, outcome)
        settled = self._committed(cause, lambda work: settle_message(command, work, self._ports))
        if settled is None:
            log.warning("message_claim_ran_out", message_id=claim.message.id, notice=claim.message.notice)
        return settled

    def _committed(self, cause: Cause, use: Callable[[Work], Answer]) -> Answer:
        work = self._begin(cause)
        try:
            answer = use(work)
            work.commit()
        finally:
            work.rollback()
        return answer


def _free_all(work: Work) -> int:
    store = work.writing()
    return store.messages.free_all(store.now())
