"""The OpenAPI document is true, and its page keeps to a strict policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.unit.chassis.web.sample import Sample

BASE = "/api/sample/v1"


@pytest.fixture
def document(sample: Sample) -> dict[str, Any]:
    response = sample.client.get(f"{BASE}/openapi.json")
    assert response.content_type == "application/json"
    found: dict[str, Any] = response.json  # type: ignore[assignment]
    return found


def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {op["operationId"]: op for path in document["paths"].values() for op in path.values() if "operationId" in op}


def parameters(operation: dict[str, Any]) -> set[str]:
    return {part["$ref"].rpartition("/")[2] for part in operation["parameters"] if "$ref" in part}


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_it_shows_the_public_routes_alone(document: dict[str, Any]) -> None:
    assert all(path.startswith(BASE) for path in document["paths"])
    assert f"{BASE}/notes/{{note_id}}" in document["paths"]
    assert "internal" not in str(document)
    assert "oidc" not in str(document)


def test_operations_are_named_once(document: dict[str, Any]) -> None:
    count = sum(1 for path in document["paths"].values() for name in path if name in ("get", "put", "post", "delete"))
    assert len(operations(document)) == count


def test_it_says_who_may_call(document: dict[str, Any]) -> None:
    found = operations(document)
    assert found["notes_who"]["security"] == []
    assert found["notes_list_notes"]["security"] == [{"accessToken": []}]
    assert found["odd_support"]["security"] == [{"accessToken": ["support"]}]
    assert "401" in found["notes_list_notes"]["responses"]
    assert "401" not in found["notes_who"]["responses"]


def test_it_names_the_headers(document: dict[str, Any]) -> None:
    found = operations(document)
    assert parameters(found["notes_change_note"]) == {"CorrelationID", "IdempotencyKey", "IfMatch"}
    assert parameters(found["notes_get_note"]) == {"CorrelationID"}


def test_refusals_are_problem_documents(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                name = response["$ref"].rpartition("/")[2]
                content = document["components"]["responses"][name]["content"]
                assert list(content) == ["application/problem+json"]
                assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


def test_bodies_are_closed_and_limited__OPS_8(document: dict[str, Any]) -> None:
    wish = document["components"]["schemas"]["NoteWish"]
    assert wish["additionalProperties"] is False
    assert wish["properties"]["labels"]["maxItems"] == 1000
    assert document["components"]["schemas"]["Guess"]["properties"]["code"]["maxLength"] == 2000


def test_the_page_asks_nobody_else_and_has_nothing_inline(sample: Sample) -> None:
    page = sample.client.get(f"{BASE}/docs")
    assert page.content_type.startswith("text/html")
    assert "style" not in re.sub(r"stylesheet|docs/swagger-ui\.css", "", page.text)
    assert not re.findall(r"<script(?![^>]*src=)", page.text)
    assert "//" not in page.text
    for path in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert sample.client.get(f"{BASE}/{path}").status_code == 200, path
    assert sample.client.get(f"{BASE}/docs/nothing.js").status_code == 404
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
