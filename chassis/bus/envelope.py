"""The event envelope: CloudEvents 1.0 in structured JSON, with Wardenry's extensions (`events.md`, Envelope)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from chassis.kernel.cause import Cause

CONTENT_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "wardenry."
SOURCE_PREFIX = "/services/"
_LARGEST = 1_048_576
_TEXTS = ("id", "source", "type", "subject", "time", "correlationid", "actor")


class UnreadableEnvelopeError(ValueError):
    """What arrived is no envelope at all: it cannot be put into an inbox, only set aside as it is."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event on its way.

    `type` and `source` stand without their prefixes (`identity.account.created.v1`, `identity`); `sequence` counts
    from 1 within source and subject, without gaps. `replayed_from` is set where this is history, sent again to one
    consumer: it is the first number of the subject that is to be had.
    """

    id: str
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    data: Mapping[str, Any]
    cause: Cause
    replayed_from: int | None = None

    def document(self) -> dict[str, Any]:
        """The envelope as a JSON document; attributes without a value are left out."""
        cause = self.cause
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "source": SOURCE_PREFIX + self.source,
            "type": TYPE_PREFIX + self.type,
            "subject": self.subject,
            "time": rfc3339(self.time),
            "datacontenttype": "application/json",
            "dataschema": f"urn:wardenry:event:{self.type}",
            "sequence": self.sequence,
            "replayedfrom": self.replayed_from,
            "correlationid": cause.correlation_id,
            "causationid": cause.causation_id,
            "actor": cause.actor,
            "actorsite": cause.site,
            "actoraddress": cause.address,
            "traceparent": cause.traceparent,
            "data": dict(self.data),
        }
        return {name: value for name, value in attributes.items() if value is not None}

    def to_json(self) -> bytes:
        """The structured form, UTF-8."""
        return orjson.dumps(self.document())


def rfc3339(moment: datetime) -> str:
    """A moment as events and answers write it: UTC, with `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_json(raw: bytes | str) -> Envelope:
    """Read the structured form; raises `UnreadableEnvelopeError` naming what is missing or wrong, or too large."""
    if len(raw) > _LARGEST:
        raise UnreadableEnvelopeError(f"{len(raw)} bytes are more than an event may have")
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise UnreadableEnvelopeError(f"not JSON: {error}") from error
    return from_document(document)


def from_document(document: Any) -> Envelope:
    """Read the JSON document of an envelope; raises `UnreadableEnvelopeError` naming what is missing or wrong."""
    if not isinstance(document, dict):
        raise UnreadableEnvelopeError("not a JSON object")
    for name in _TEXTS:
        if not isinstance(document.get(name), str) or not document[name]:
            raise UnreadableEnvelopeError(f"attribute {name!r} is missing or not a text")
    _check_values(document)
    return Envelope(
        id=document["id"],
        source=document["source"].removeprefix(SOURCE_PREFIX),
        type=document["type"].removeprefix(TYPE_PREFIX),
        subject=document["subject"],
        sequence=document["sequence"],
        time=_moment(document["time"]),
        data=document["data"],
        cause=Cause(
            actor=document["actor"],
            correlation_id=document["correlationid"],
            causation_id=document.get("causationid"),
            site=document.get("actorsite"),
            address=document.get("actoraddress"),
            traceparent=document.get("traceparent"),
        ),
        replayed_from=document.get("replayedfrom"),
    )


def _check_values(document: dict[str, Any]) -> None:
    if document.get("specversion") != "1.0":
        raise UnreadableEnvelopeError("attribute 'specversion' is not '1.0'")
    if not document["source"].startswith(SOURCE_PREFIX) or not document["type"].startswith(TYPE_PREFIX):
        raise UnreadableEnvelopeError("attributes 'source' and 'type' are not Wardenry's")
    for name, value in (("sequence", document.get("sequence")), ("replayedfrom", document.get("replayedfrom", 1))):
        if type(value) is not int or value < 1:
            raise UnreadableEnvelopeError(f"attribute {name!r} is not a whole number from 1 on")
    if not isinstance(document.get("data"), dict):
        raise UnreadableEnvelopeError("attribute 'data' is not an object")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadableEnvelopeError(f"attribute 'time' is not RFC 3339: {text!r}") from error
    if moment.tzinfo is None:
        raise UnreadableEnvelopeError(f"attribute 'time' has no time zone: {text!r}")
    return moment
