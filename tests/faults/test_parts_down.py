"""A part is down: whatever needs it is refused, and says so; whatever does not need it goes on (OPS-8)."""

from __future__ import annotations

import uuid

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.people import registration
from tests.faults.ledger import Step
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

_TIN = "123456789"


def test_without_identity_registering_is_refused_and_nothing_is_kept__OPS_8_REG_9(stand: Stand) -> None:
    body = registration("personparts1", [{"tin": _TIN, "line": "medical"}])
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    stand.deployment.kill("serve identity")
    refused = _post(stand, "/api/registration/v1/registrations", body, headers)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["code"] == "unavailable"
    assert stand.rows("registration", "SELECT id FROM registration WHERE user_id = 'personparts1'") == []

    stand.deployment.start_process("serve identity")
    eventually(lambda: _post(stand, "/api/registration/v1/registrations", body, headers).status_code == 201, within=180)
    stand.ledger.acknowledged(Step.REGISTERED, "personparts1")
    assert stand.reckon().faults == []


def test_without_identity_running_sessions_go_on__IDN_10_OPS_8(stand: Stand) -> None:
    headers = stand.manager.headers()
    stand.deployment.kill("serve identity")
    stand.deployment.kill("work identity")
    assert _checked(stand, headers).json()["allowed"] is True


def test_without_its_database_a_service_answers_no_check_and_is_not_ready__ENT_10_OPS_5(stand: Stand) -> None:
    headers = stand.manager.headers()
    stand.to_database["entitlements"].refuse()
    refused = _checked(stand, headers)
    assert refused.status_code == 503
    assert "allowed" not in refused.json()
    assert not stand.deployment.ready("entitlements")
    assert stand.deployment.ready("registration")
    stand.to_database["entitlements"].heal()
    eventually(lambda: stand.deployment.ready("entitlements"), within=30)
    assert _checked(stand, headers).json()["allowed"] is True


def _checked(stand: Stand, headers: dict[str, str]) -> httpx.Response:
    body = {"user_id": "mmartin5", "function": "claim_status", "tin": _TIN, "line": "medical"}
    return _post(stand, "/api/entitlements/v1/check", body, headers | {"Idempotency-Key": uuid.uuid4().hex})


def _post(stand: Stand, path: str, body: object, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(stand.deployment.url(path), json=body, headers=headers, timeout=60)
