"""Write `contracts/`: the shapes of all events and the documents of all services' APIs, from the code's own schemas."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from wardenry.embedded.folder import DataFolder
from wardenry.embedded.services import assemble
from wardenry.registry import SERVICES

ROOT = Path(__file__).resolve().parent.parent / "contracts"
_COMPONENTS = "#/components/schemas/"
_PORT = 8080


def generated() -> Iterator[tuple[Path, str]]:
    """Every file of `contracts/` with what must stand in it."""
    schemas = {event: schema for name in SERVICES for event, schema in published(name).items()}
    for event, schema in sorted(schemas.items()):
        yield ROOT / "events" / f"{event}.json", _text(event_schema(event, schema))
    yield ROOT / "asyncapi.json", _text(asyncapi(schemas))
    for name, document in openapi_documents():
        yield ROOT / "openapi" / f"{name}.json", _text(document)


def published(service: str) -> Mapping[str, type[Schema]]:
    """A service's published types with the schema of their data."""
    schemas: Mapping[str, type[Schema]] = import_module(f"services.{service}.events.published").SCHEMAS
    return schemas


def event_schema(event: str, schema: type[Schema]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an event's `data`."""
    names, components = _components({event: schema})
    root = components.pop(names[event])
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:wardenry:event:{event}", **root}
    document["title"] = event
    if components:
        document["$defs"] = components
    moved: dict[str, Any] = json.loads(json.dumps(document).replace(_COMPONENTS, "#/$defs/"))
    return moved


def asyncapi(schemas: Mapping[str, type[Schema]]) -> dict[str, Any]:
    """The AsyncAPI 3 document of everything that passes the exchange."""
    names, components = _components(schemas)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Wardenry events",
            "version": "1",
            "description": "CloudEvents 1.0 in structured JSON on the topic exchange wardenry.events.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {event: _channel(event) for event in sorted(schemas)},
        "operations": {
            f"receive.{event}": {"action": "receive", "channel": {"$ref": f"#/channels/{event}"}}
            for event in sorted(schemas)
        },
        "components": {
            "messages": {event: _message(event, names[event]) for event in sorted(schemas)},
            "schemas": components,
        },
    }


def openapi_documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each service's name with its OpenAPI 3.1 document."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        data.prepare()
        for service in assemble(data, _PORT, {}).apis:
            answer = service.app.test_client().get(f"/api/{service.name}/v1/openapi.json")
            yield service.name, json.loads(answer.get_data())
            service.engine.dispose()


def _components(schemas: Mapping[str, type[Schema]]) -> tuple[dict[str, str], dict[str, Any]]:
    """Each event's component by name, and the components; several events may share one."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("events", "1", openapi_version="3.1.0", plugins=[plugin])
    for schema in sorted(set(schemas.values()), key=_name):
        spec.components.schema(_name(schema), schema=schema)
    components: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    for component in components.values():
        component.pop("additionalProperties", None)  # fields may be added within a version (`events.md`, rule 3)
    return {event: _name(schema) for event, schema in schemas.items()}, components


def _name(schema: Any) -> str:
    owner = schema if isinstance(schema, type) else type(schema)
    service = owner.__module__.split(".")[1]
    return f"{service}.{owner.__name__.removesuffix('Schema')}"


def _channel(event: str) -> dict[str, Any]:
    return {"address": event, "messages": {event: {"$ref": f"#/components/messages/{event}"}}}


def _message(event: str, component: str) -> dict[str, Any]:
    return {
        "name": f"wardenry.{event}",
        "contentType": "application/cloudevents+json",
        "payload": {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
            "properties": {
                "type": {"const": f"wardenry.{event}"},
                "data": {"$ref": f"{_COMPONENTS}{component}"},
            },
        },
    }


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every file, and remove what is generated no more."""
    wanted = dict(generated())
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in set(ROOT.rglob("*.json")) - set(wanted):
        path.unlink()
    print(f"{len(wanted)} files in contracts/")


if __name__ == "__main__":
    main()
