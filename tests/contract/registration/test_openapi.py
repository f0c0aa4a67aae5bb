"""The OpenAPI document says what a whole registration must have, though any part of one is looked at (REG-9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.contract.registration.world import PATH, World


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    world = World(f"sqlite:///{tmp_path / 'registration.sqlite'}")
    told: dict[str, Any] = world.service.app.test_client().get(f"{PATH}/openapi.json").get_json()
    world.service.engine.dispose()
    return told


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_it_names_every_path_of_the_contract(document: dict[str, Any]) -> None:
    wanted = {
        "/practices/{tin}",
        "/job-roles",
        "/security-questions",
        "/registrations/preview",
        "/registrations",
        "/registrations/{registration_id}",
        "/outreach",
        "/outreach/{tin}",
    }
    assert wanted <= {path.removeprefix(PATH) for path in document["paths"]}


def test_it_says_what_a_registration_needs__REG_9(document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["Registration"]
    needed = {"practice_type", "profile", "user_id", "password", "date_of_birth", "security_answers"}
    assert set(schema["required"]) == needed
    assert schema["additionalProperties"] is False
