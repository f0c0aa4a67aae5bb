"""Limits by network address, which embedded mode has on demand: they say when to come again (IDN-9, REG-2, REG-6)."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.deployments import Embedded
from tests.e2e.people import registration
from tests.e2e.refusals import refused

LIMITED: list[tuple[str, str, object, int]] = [
    ("POST", "/api/identity/v1/accounts/availability", {"user_id": "one.after.another"}, 30),
    ("POST", "/api/registration/v1/registrations", registration("many.at.once", [{"tin": "1"}]), 20),
    ("POST", "/api/registration/v1/registrations/preview", {}, 60),
    ("GET", "/api/registration/v1/practices/123456789", None, 120),
]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    deployment = Embedded(tmp_path_factory.mktemp("limited") / "data", "--no-demo")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WARDENRY_ADDRESS_LIMITS", "on")
        deployment.start()
    yield deployment
    assert deployment.stop() == 0


@pytest.mark.parametrize(("method", "path", "body", "times"), LIMITED, ids=[path for _, path, *_ in LIMITED])
def test_one_address_asks_so_often__IDN_9(limited: Embedded, method: str, path: str, body: object, times: int) -> None:
    with httpx.Client(base_url=limited.url(""), timeout=30) as http:
        answers = [http.request(method, path, json=body) for _ in range(times + 1)]
        assert 429 not in {answer.status_code for answer in answers[:times]}
        problem = refused(answers[-1], 429, "too_many_attempts")
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 900, problem
        spoofed = {"X-Forwarded-For": "203.0.113.7", "X-Wardenry-Address": "203.0.113.7", "X-Real-IP": "203.0.113.7"}
        refused(http.request(method, path, json=body, headers=spoofed), 429, "too_many_attempts")
        assert http.get("/api/registration/v1/job-roles").status_code == 200
