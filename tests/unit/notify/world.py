"""Notify with everything around it made up: events go in as they arrive, messages come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from chassis.bus.envelope import Envelope, rfc3339
from chassis.bus.subscriptions import Received
from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Event
from chassis.testing.clocks import StandingClock
from services.notify.adapters.deliveries import Deliveries
from services.notify.application.outside import House, Mail
from services.notify.application.ports import PortalMessage, Ports
from services.notify.domain.message import Message
from services.notify.domain.notices import Channel, Notices
from services.notify.events.subscribed import SUBSCRIPTIONS
from tests.unit.notify.fakes import FakeMailer, FakeStore, FakeWork, PlainTexts, unseal

HANDLERS = {each.type: each for each in SUBSCRIPTIONS}
TIN = "123456789"
SHORT_CODE = "55501"


def notices() -> Notices:
    text = files("services.notify").joinpath("data/notices.csv").read_text(encoding="utf-8")
    return Notices.parse(text.splitlines())


def person(user_id: str, **changes: Any) -> dict[str, Any]:
    """PERSON in full, as identity tells it."""
    return {
        "first_name": user_id.capitalize(),
        "middle_initial": None,
        "last_name": "Smith",
        "email": f"{user_id}@example.com",
        "phone": None,
        "extension": None,
        "mobile": None,
        "job_role": "billing_operations",
        "address": None,
    } | changes


@dataclass
class World:
    clock: StandingClock = field(default_factory=StandingClock)
    recorded: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = FakeStore(self.clock)
        self.mailer = FakeMailer(self.clock)
        self.ports = Ports(
            notices=notices(),
            texts=PlainTexts(),
            mailers={Channel.EMAIL: self.mailer},
            unseal=unseal,
            house=House(
                "support@plan.example",
                "plan.example",
                timedelta(seconds=120),
                timedelta(seconds=60),
                text_sender=SHORT_CODE,
            ),
            number_key=lambda number: f"key-of-{number}",
        )
        self.deliveries = Deliveries(self.work, self.ports)

    def work(self, cause: Cause | None = None) -> FakeWork:
        return FakeWork(self.store, cause or Cause("system:test", "correlation"), self.recorded)

    def hear(
        self,
        event_type: str,
        data: Mapping[str, Any],
        *,
        event_id: str = "",
        actor: str = "user:x",
        at: datetime | None = None,
        replayed: bool = False,
    ) -> str:
        """Handle an event as the inbox worker does; its identifier."""
        envelope = Envelope(
            id=event_id or str(new_id()),
            source=event_type.split(".", maxsplit=1)[0],
            type=event_type,
            subject="subject/x",
            sequence=1,
            time=at or self.clock.now(),
            data=data,
            cause=Cause(actor, "correlation"),
            replayed_from=1 if replayed else None,
        )
        subscription = HANDLERS[event_type]
        assert subscription.schema is not None
        loaded: dict[str, Any] = subscription.schema().load(data)
        subscription.handle(Received(envelope, loaded), self.work(), self.ports)
        return envelope.id

    def know(self, *user_ids: str, kind: str = "user", language: str = "en") -> None:
        """Let accounts be made and confirmed, without a registration."""
        for user_id in user_ids:
            self.hear("identity.account.confirmed.v1", self.account(user_id, kind=kind, language=language))

    def account(self, user_id: str, **changes: Any) -> dict[str, Any]:
        return {
            "user_id": user_id,
            "kind": "user",
            "registration_id": None,
            "site": "medical",
            "language": "en",
            "person": person(user_id),
        } | changes

    def ask_for_code(
        self, purpose: str = "sign_in", *, minutes: float = 10, code: str = "123456", **changes: Any
    ) -> None:
        self.hear("identity.code.requested.v1", self.code(purpose, minutes=minutes, code=code, **changes))

    def code(
        self, purpose: str = "sign_in", *, minutes: float = 10, code: str = "123456", **changes: Any
    ) -> dict[str, Any]:
        """The data of `code.requested`."""
        return {
            "code_id": str(new_id()),
            "user_id": "mary",
            "purpose": purpose,
            "channel": "email",
            "language": "en",
            "site": "medical",
            "expires_at": rfc3339(self.clock.now() + timedelta(minutes=minutes)),
            "sealed": f"sealed:mary@example.com,{code}",
        } | changes

    def reminder(self, to: str = "mary@example.com", **changes: Any) -> dict[str, Any]:
        """The data of `user_id.reminded`."""
        return {
            "reminder_id": str(new_id()),
            "user_id": "mary",
            "language": "es",
            "site": "behavioral",
            "sealed": f"sealed:{to},",
        } | changes

    def request(self, request_id: str = "r1", **changes: Any) -> dict[str, Any]:
        """The data of `request.opened`."""
        return {
            "request_id": request_id,
            "registration_id": None,
            "user_id": "zoe",
            "tin": TIN,
            "line": "medical",
            "practice": "State Medical Center",
            "state": "awaiting",
            "since": rfc3339(self.clock.now()),
            "managers": ["mary"],
            "person": person("zoe"),
        } | changes

    def send_all(self) -> list[Mail]:
        """Let the sender run until nothing is due; what has left the house so far."""
        while self.deliveries.step():
            pass
        return self.mailer.sent

    @property
    def messages(self) -> list[Message]:
        return list(self.store.messages.kept.values())

    def told(self, notice: str) -> list[tuple[str, str]]:
        """To whom a notice goes, over which channel."""
        return [(each.recipient, each.channel.value) for each in self.messages if each.notice == notice]

    def inbox(self, user_id: str) -> list[PortalMessage]:
        return [each for each in self.store.portal_inbox.kept if each.user_id == user_id]
