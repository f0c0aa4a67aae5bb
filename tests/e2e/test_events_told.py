"""What services tell of a journey: in the envelope, in the shapes and under the subjects that `events.md` fixes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import jsonschema
import pytest

from chassis.bus.envelope import Envelope
from tests.e2e.traces import cells, told
from tests.e2e.trail import BIRTH, Trail
from tools.generate_contracts import ROOT

TIN, ID, USER = "[0-9]{9}", "[0-9a-f-]{36}", r"[a-z][a-z0-9._-]{5,31}"
SUBJECTS: Final = {
    "identity.signing_key": r"signing_key/\S+",
    "identity": f"account/{USER}",
    "registration.registration": f"registration/{ID}",
    "registration.directory": r"directory/\S+",
    "registration": f"practice/{TIN}",
    "entitlements.request": f"request/{ID}",
    "entitlements.access": f"access/{USER}",
    "entitlements": f"practice/{TIN}",
    "notify.message": r"message/\S+",
    "notify.number": r"number/[0-9a-f]{32}",
    "audit.history": f"history/{USER}",
}
"""The subject of each type's events, the longest beginning first."""

TELLING: Final = {
    *("identity.account.created.v1", "identity.account.confirmed.v1", "identity.code.requested.v1"),
    *("identity.contact.verified.v1", "identity.sign_in.succeeded.v1", "identity.sign_in.failed.v1"),
    *("identity.session.ended.v1", "identity.refresh_token.reused.v1", "identity.signing_key.rotated.v1"),
    *("registration.directory.changed.v1", "registration.registration.submitted.v1"),
    *("registration.outreach.opened.v1", "entitlements.request.opened.v1", "entitlements.request.approved.v1"),
    *("entitlements.request.declined.v1", "entitlements.access.given.v1", "entitlements.access.changed.v1"),
    *("entitlements.access.removed.v1", "entitlements.manager.added.v1", "entitlements.manager.removed.v1"),
    *("notify.message.sent.v1", "audit.history.viewed.v1", "audit.history.exported.v1"),
}
ACTOR: Final = re.compile(rf"(user|support):{USER}|system:[a-z_]+|client:\S+")
REQUIRED: Final = {
    *("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data"),
    *("sequence", "correlationid", "actor"),
}
ALLOWED: Final = REQUIRED | {"causationid", "actorsite", "actoraddress", "traceparent"}


@pytest.fixture(scope="module")
def events(trail: Trail) -> list[Envelope]:
    return told(trail.data)


def test_everything_that_happened_was_told(events: list[Envelope]) -> None:
    assert {event.type for event in events} >= TELLING


def test_the_envelope_is_a_cloud_event(events: list[Envelope]) -> None:
    for event in events:
        document = json.loads(event.to_json())
        assert set(document) >= REQUIRED, event.type
        assert set(document) <= ALLOWED
        assert (document["specversion"], document["source"]) == ("1.0", f"/services/{event.source}")
        assert document["type"].startswith(f"wardenry.{event.source}.")
        assert document["time"].endswith("Z")
        assert ACTOR.fullmatch(document["actor"]), document["actor"]
    assert len({event.id for event in events}) == len(events)
    assert {event.id[14] for event in events} == {"7"}


def test_data_has_its_contracts_shape(events: list[Envelope]) -> None:
    for event in events:
        schema = json.loads((ROOT / "events" / f"{event.type}.json").read_text(encoding="utf-8"))
        data = {**event.data, "sealed": ""} if "sealed" in schema.get("required", ()) else event.data
        jsonschema.Draft202012Validator(schema).validate(data)
        assert set(data) <= set(schema["properties"]), event.type


def test_subjects_are_as_fixed(events: list[Envelope]) -> None:
    for event in events:
        beginning = next(each for each in SUBJECTS if event.type.startswith(f"{each}."))
        assert re.fullmatch(SUBJECTS[beginning], event.subject), (event.type, event.subject)


def test_sequences_have_no_gaps(events: list[Envelope]) -> None:
    by_subject: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        by_subject[event.source, event.subject].append(event.sequence)
    for subject, sequences in by_subject.items():
        assert sequences == list(range(1, len(sequences) + 1)), subject


def test_causes_lead_back(events: list[Envelope]) -> None:
    known = {event.id: event for event in events}
    caused = [event for event in events if event.cause.causation_id is not None]
    assert caused
    for event in caused:
        assert event.cause.causation_id in known
        assert known[str(event.cause.causation_id)].cause.correlation_id == event.cause.correlation_id


def test_personal_data_stands_in_person_alone(events: list[Envelope], trail: Trail) -> None:
    for event in events:
        document = json.loads(event.to_json())
        data = {name: value for name, value in document.pop("data").items() if name != "person"}
        document.pop("actoraddress", None)
        told_of = [text for text in (*_texts(data), *_texts(document)) for own in trail.personal if own in text]
        assert told_of == [], event.type
    assert any(own in event.to_json().decode() for event in events for own in trail.personal)


def test_no_secret_is_told(events: list[Envelope], trail: Trail) -> None:
    for event in events:
        text = event.to_json().decode()
        for name, secret in trail.secrets.items():
            assert secret not in text, (event.type, name)
        assert BIRTH not in text
        assert not [code for code in trail.codes if code in list(_texts(event.data))]


def test_what_is_sealed_is_dropped_once_delivered__NTF_8(trail: Trail) -> None:
    holding = [cell for cell in cells(trail.data) if '"sealed"' in cell.value]
    assert [(cell.service, cell.table) for cell in holding] == []
    assert [cell for cell in cells(trail.data) if cell.column == "sealed" and cell.value] == []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)
