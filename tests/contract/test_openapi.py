"""Every service answers as its OpenAPI document says, whatever it is sent, with a token and without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import Case, checks
from schemathesis.schemas import APIOperation

from tests.contract.assembled import Assembled
from wardenry.embedded.folder import DataFolder

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

SERVICES: Final = ("identity", "registration", "entitlements", "notify", "audit")
EXAMPLES: Final = 10
MANAGER, OTHER = "mmartin5", "geogym1"
ENDING: Final = frozenset({"/sign-out", "/me/sessions"})
"""Calls that may end the session under way."""

CONFORMING: Final = [
    checks.not_a_server_error,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
TINS: Final = {"tin": "123456789"}
ANSWERED: Final[dict[str, tuple[dict[str, str], dict[str, str]]]] = {
    "/terms": ({}, {}),
    "/me": ({}, {}),
    "/me/session": ({}, {}),
    "/me/sessions": ({}, {}),
    "/me/authenticators": ({}, {}),
    "/me/recovery-codes": ({}, {}),
    "/job-roles": ({}, {}),
    "/security-questions": ({}, {}),
    "/practices/{tin}": (TINS, {}),
    "/invitations": ({}, {"limit": "2"}),
    "/functions": ({}, {}),
    "/levels": ({}, {}),
    "/users": ({}, {"tin": "223344556", "limit": "1"}),
    "/users/counts": ({}, {}),
    "/users/{user_id}/access": ({"user_id": MANAGER}, {}),
    "/requests": ({}, {"limit": "2"}),
    "/me/access": ({}, {}),
    "/me/practices": ({}, {}),
    "/practices/{tin}/managers": (TINS, {}),
    "/practices/{tin}/access": (TINS, {}),
    "/explain": (
        {},
        {"user_id": MANAGER, "function": "claim_status", "tin": "123456789", "line": "medical"},
    ),
    "/me/messages": ({}, {}),
    "/history": ({}, {"limit": "3"}),
    "/history.csv": ({}, TINS),
    "/history.xlsx": ({}, TINS),
}
"""What a manager of the demo can read: path and query parameters of each call."""


@pytest.fixture(scope="module")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assembled]:
    made = Assembled(DataFolder(tmp_path_factory.mktemp("assembled") / "data"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def schemas(assembled: Assembled) -> dict[str, Any]:
    apps = {name: whole(assembled.services[name].app.wsgi_app) for name in SERVICES}
    return {name: schemathesis.openapi.from_wsgi(f"/api/{name}/v1/openapi.json", app) for name, app in apps.items()}


def whole(app: WsgiApp) -> WsgiApp:
    """The application as a server runs it: an answer is read to its end and closed."""

    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = app(environ, start_response)
        try:
            return list(answer)
        finally:
            getattr(answer, "close", tuple)()

    return run


@pytest.fixture(scope="module")
def token(assembled: Assembled) -> str:
    return assembled.access_token(MANAGER)


def operations(schemas: dict[str, Any], service: str) -> list[APIOperation[Any, Any, Any, Any]]:
    return [found.ok() for found in schemas[service].get_all_operations()]


def bounded(operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> None:
    """Send a few requests of every kind, right and wrong ones; each answer must be one that the document names."""

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Case[Any]) -> None:
        conforms(case, headers)

    run()


def conforms(case: Case[Any], headers: dict[str, str]) -> int:
    response = case.call(headers=headers)
    case.validate_response(response, checks=CONFORMING, headers=headers)
    named = case.operation.definition.raw["responses"]
    assert str(response.status_code) in named, f"{case.operation.label}: {response.status_code} {response.text}"
    return int(response.status_code)


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_valid(schemas: dict[str, Any], service: str) -> None:
    document = schemas[service].raw_schema
    validate(document)
    assert document["openapi"].startswith("3.1.")


@pytest.mark.parametrize("service", SERVICES)
def test_answers_to_nobody_conform(schemas: dict[str, Any], service: str) -> None:
    for operation in operations(schemas, service):
        bounded(operation, {})


@pytest.mark.parametrize("service", SERVICES)
def test_answers_to_a_manager_conform(assembled: Assembled, schemas: dict[str, Any], token: str, service: str) -> None:
    for operation in operations(schemas, service):
        ends = any(path in operation.path for path in ENDING)
        bounded(operation, {"Authorization": f"Bearer {assembled.access_token(OTHER) if ends else token}"})


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_manager_reads_conforms(schemas: dict[str, Any], token: str, service: str) -> None:
    for operation in operations(schemas, service):
        call = ANSWERED.get(operation.path.removeprefix(f"/api/{service}/v1"))
        if operation.method.upper() != "GET" or call is None:
            continue
        case = operation.Case(path_parameters=call[0], query=call[1])
        assert conforms(case, {"Authorization": f"Bearer {token}"}) == 200
