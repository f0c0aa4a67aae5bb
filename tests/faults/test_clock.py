"""Clocks are wrong: every process goes by its database's time, so nothing expires early or late (IDN-2, IDN-10)."""

from __future__ import annotations

import uuid

import httpx
import pytest

from deploy.native.packages import FAKETIME
from tests.e2e.people import CODE
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

_AHEAD, _BEHIND = "+1h", "-1h"
_CLOCKS_PUT_BACK = "@2026-11-01 01:59:58"
"""Two seconds before an hour comes a second time, in New York."""


def test_an_hour_apart_the_processes_agree_on_what_has_expired__IDN_2_IDN_10(stand: Stand) -> None:
    for name in stand.deployment.processes:
        stand.deployment.restart(name, **_clock(_AHEAD if name.startswith("serve") else _BEHIND))
    _journeys_go_well(stand)


def test_where_clocks_are_put_back_an_hour_nothing_comes_twice__IDN_2_NTF_2(stand: Stand) -> None:
    for name in stand.deployment.processes:
        stand.deployment.restart(name, **_clock(_CLOCKS_PUT_BACK), TZ="America/New_York")
    _journeys_go_well(stand)


def test_an_hour_behind_nothing_is_accepted_that_has_expired__IDN_2(stand: Stand) -> None:
    stand.deployment.restart("serve identity", **_clock(_BEHIND))
    stand.registering("personclock1").result(600)
    assert stand.reckon().faults == []
    (mail,) = stand.deployment.mails("personclock1@example.com")
    stand.execute("identity", "UPDATE code SET expires_at = now() - interval '1 second' WHERE user_id = 'personclock1'")
    found = CODE.search(mail["text"])
    assert found
    refused = httpx.post(
        stand.deployment.url("/api/identity/v1/accounts/personclock1/confirm"),
        json={"code": found[0]},
        headers={"Idempotency-Key": uuid.uuid4().hex},
        timeout=30,
    )
    assert refused.is_client_error, refused.text
    assert stand.reckon().faults == []


def _journeys_go_well(stand: Stand) -> None:
    campaign = stand.campaign(4)
    campaign.start()
    campaign.join()
    assert campaign.failures == []
    assert stand.reckon().faults == []
    for name in stand.deployment.processes:
        stand.deployment.restart(name)


def _clock(shift: str) -> dict[str, str]:
    return {"LD_PRELOAD": str(FAKETIME.path()), "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
