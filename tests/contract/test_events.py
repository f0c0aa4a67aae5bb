"""Publishers and consumers fit together: nobody waits for what nobody says (`events.md`, Who listens to what)."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import marshmallow as ma
import pytest

from chassis.bus.standing import STANDING_EFFECTS
from chassis.bus.subscriptions import EVERY_TYPE, Subscription
from tools.generate_contracts import ROOT, generated, published
from wardenry.registry import SERVICES, listeners

PUBLISHED = {event: schema for name in SERVICES for event, schema in published(name).items()}


def subscriptions(service: str) -> tuple[Subscription[Any, Any], ...]:
    declared: tuple[Subscription[Any, Any], ...] = import_module(f"services.{service}.events.subscribed").SUBSCRIPTIONS
    return declared


WANTED = [(name, each) for name in SERVICES for each in subscriptions(name) if each.type != EVERY_TYPE and each.schema]


@pytest.mark.parametrize(("service", "subscription"), WANTED, ids=lambda each: getattr(each, "type", each))
def test_what_a_service_listens_to_is_published_with_all_that_it_needs(
    service: str, subscription: Subscription[Any, Any]
) -> None:
    assert subscription.type.split(".")[0] in listeners()[service]
    assert subscription.type in PUBLISHED
    assert subscription.schema is not None
    missing = list(_missing(subscription.schema(), PUBLISHED[subscription.type](), "data"))
    assert missing == []


def _missing(consumed: ma.Schema, promised: ma.Schema, place: str) -> list[str]:
    lacks = []
    for name, field in consumed.fields.items():
        key = field.data_key or name
        promise = next((each for own, each in promised.fields.items() if (each.data_key or own) == key), None)
        if promise is None:
            lacks += [f"{place}.{key}"] if field.required else []
            continue
        if promise.allow_none and not field.allow_none:
            lacks.append(f"{place}.{key} may be null")
        if not promise.required and field.required:
            lacks.append(f"{place}.{key} may be absent")
        lacks += _missing_within(field, promise, f"{place}.{key}")
    return lacks


def _missing_within(field: ma.fields.Field[Any], promise: ma.fields.Field[Any], place: str) -> list[str]:
    if isinstance(field, ma.fields.List) and isinstance(promise, ma.fields.List):
        return _missing_within(field.inner, promise.inner, f"{place}[]")
    if isinstance(field, ma.fields.Nested) and isinstance(promise, ma.fields.Nested):
        return list(_missing(field.schema, promise.schema, place))
    return []


def test_every_published_type_has_a_listener() -> None:
    """The audit service listens to everything, so nothing is said to nobody (AUD-1)."""
    assert {name for name in SERVICES if name != "audit" and published(name)} <= set(listeners()["audit"])
    assert any(each.type == EVERY_TYPE for each in subscriptions("audit"))


def test_standing_effects_are_published() -> None:
    assert set(STANDING_EFFECTS) <= set(PUBLISHED)


def test_contracts_say_what_the_code_says() -> None:
    """`make contracts` writes them anew."""
    wanted = dict(generated())
    there = {path: path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.json"))}
    assert {_short(path) for path in wanted} == {_short(path) for path in there}
    assert [_short(path) for path, text in wanted.items() if there[path] != text] == []


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("event", sorted(PUBLISHED))
def test_personal_data_stands_in_person_alone(event: str) -> None:
    """Erasure reaches `data.person`; what stands elsewhere would stay (`events.md`, rule 5)."""
    schema = json.loads((ROOT / "events" / f"{event}.json").read_text(encoding="utf-8"))
    personal = {"first_name", "last_name", "middle_initial", "email", "phone", "mobile", "address", "date_of_birth"}
    assert personal & set(schema.get("properties", {})) == set()
