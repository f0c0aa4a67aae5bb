"""What notify tells the other services has the promised shape (`events.md`)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chassis.kernel.messages import Event
from services.notify.domain.events import MessageFailed, MessageSent, NumberOptedIn, NumberOptedOut
from services.notify.events.published import SCHEMAS, publish

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SENT = MessageSent("m1", "refresh_reuse", "email", None, "e1", AT, 1)
FAILED = MessageFailed("m1", "refresh_reuse", "email", "mary", "e1", AT, 28, "unavailable")


@pytest.mark.parametrize(("event", "event_type"), [(SENT, "message.sent"), (FAILED, "message.failed")])
def test_every_fact_has_the_shape_that_is_promised__NTF_2(event: Event, event_type: str) -> None:
    message = publish(event)
    assert (message.type, message.subject) == (f"notify.{event_type}.v1", "message/m1")
    assert SCHEMAS[message.type]().validate(message.data) == {}
    assert message.data["at"] == "2026-03-02T09:30:00Z"


@pytest.mark.parametrize(("fact", "happened"), [(NumberOptedOut, "opted_out"), (NumberOptedIn, "opted_in")])
@pytest.mark.parametrize("short_code", ["55501", None])
def test_a_number_stands_in_person_alone__NTF_5(
    fact: type[NumberOptedOut | NumberOptedIn], happened: str, short_code: str | None
) -> None:
    message = publish(fact("+12125550187", "5ca1ab1e", short_code, AT))
    assert (message.type, message.subject) == (f"notify.number.{happened}.v1", "number/5ca1ab1e")
    assert SCHEMAS[message.type]().validate(message.data) == {}
    assert message.data == {
        "short_code": short_code,
        "at": "2026-03-02T09:30:00Z",
        "person": {"mobile": "+12125550187"},
    }


def test_a_fact_without_a_form_is_an_error() -> None:
    with pytest.raises(LookupError):
        publish(Event())
