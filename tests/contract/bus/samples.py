"""Made-up data for an event, from its JSON Schema in `contracts/events`: every property, null only where it must."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts" / "events"
_PLAIN: Mapping[str, Any] = {"string": "text", "integer": 7, "number": 7.5, "boolean": True, "null": None}
_FORMATS = {"date-time": "2026-03-01T09:30:00Z", "uuid": "01890a5d-ac96-774b-bcce-b302099a8057"}
_TINS = ("^[0-9]{9}$", r"^\d{9}$")


def schema_of(event_type: str) -> dict[str, Any]:
    """What is promised of an event's data."""
    found: dict[str, Any] = json.loads((CONTRACTS / f"{event_type}.json").read_text(encoding="utf-8"))
    return found


def sample(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """Data that the schema allows; `root` has the definitions that it refers to."""
    if "$ref" in schema:
        return sample(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    for some in ("anyOf", "oneOf", "allOf"):
        if some in schema:
            return sample(schema[some][0], root)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    return _of_kind(kind, schema, root)


def _of_kind(kind: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    if kind == "array":
        return [sample(schema.get("items", {}), root)]
    if kind == "object":
        return {name: sample(each, root) for name, each in schema.get("properties", {}).items()}
    if schema.get("pattern") in _TINS:
        return "123456789"
    return _FORMATS.get(schema.get("format", ""), _PLAIN[kind])
