from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from chassis.bus.envelope import CONTENT_TYPE, Envelope, UnreadableEnvelopeError, from_json
from chassis.kernel.cause import Cause

ENVELOPE = Envelope(
    id="0190b0a0-0000-7000-8000-000000000001",
    source="identity",
    type="identity.account.created.v1",
    subject="account/mmartin5",
    sequence=3,
    time=datetime(2026, 3, 2, 9, 30, 0, 120_000, tzinfo=UTC),
    data={"user_id": "mmartin5"},
    cause=Cause("user:mmartin5", "c-1", causation_id="e-1", site="medical", address="192.0.2.1", traceparent=None),
)


def test_what_is_written_is_read() -> None:
    assert from_json(ENVELOPE.to_json()) == ENVELOPE


def test_the_document_is_the_contracts() -> None:
    assert json.loads(ENVELOPE.to_json()) == {
        "specversion": "1.0",
        "id": "0190b0a0-0000-7000-8000-000000000001",
        "source": "/services/identity",
        "type": "wardenry.identity.account.created.v1",
        "subject": "account/mmartin5",
        "time": "2026-03-02T09:30:00.120000Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:wardenry:event:identity.account.created.v1",
        "sequence": 3,
        "correlationid": "c-1",
        "causationid": "e-1",
        "actor": "user:mmartin5",
        "actorsite": "medical",
        "actoraddress": "192.0.2.1",
        "data": {"user_id": "mmartin5"},
    }


def test_an_independent_reader_understands_it() -> None:
    message = HTTPMessage({"content-type": CONTENT_TYPE}, ENVELOPE.to_json())
    event = from_structured_event(message)
    assert event.get_id() == ENVELOPE.id
    assert event.get_type() == "wardenry.identity.account.created.v1"
    assert event.get_time() == ENVELOPE.time
    assert event.get_extension("sequence") == 3
    assert event.get_data() == {"user_id": "mmartin5"}


@pytest.mark.parametrize(
    "name", ["id", "source", "type", "subject", "time", "sequence", "actor", "data", "specversion"]
)
def test_what_lacks_an_attribute_is_unreadable_and_says_which(name: str) -> None:
    document = json.loads(ENVELOPE.to_json())
    del document[name]
    with pytest.raises(UnreadableEnvelopeError, match=name):
        from_json(json.dumps(document))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sequence", 0),
        ("sequence", "3"),
        ("sequence", True),
        ("time", "yesterday"),
        ("time", "2026-03-02T09:30:00"),
        ("data", []),
        ("source", "/elsewhere/identity"),
        ("specversion", "0.3"),
        ("id", 7),
    ],
)
def test_what_has_a_wrong_attribute_is_unreadable(name: str, value: Any) -> None:
    document = json.loads(ENVELOPE.to_json()) | {name: value}
    with pytest.raises(UnreadableEnvelopeError, match=name):
        from_json(json.dumps(document))


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[]", b"null", b"{"])
def test_what_is_no_document_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableEnvelopeError):
        from_json(raw)


def test_absent_values_are_left_out() -> None:
    bare = replace(ENVELOPE, cause=Cause("system:jobs", "c-2"))
    assert {"causationid", "actorsite", "actoraddress", "traceparent"} & set(bare.document()) == set()
    assert from_json(bare.to_json()) == bare
