"""Readiness tells the truth, in time, and liveness only asks for a restart where one helps (OPS-5)."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path

from chassis.telemetry.health import Drain, Health


def test_ready_needs_every_check__OPS_5() -> None:
    holds = {"database": True, "broker": True}
    health = Health({name: partial(holds.__getitem__, name) for name in holds}, Drain())
    assert health.readyz().holds
    holds["broker"] = False
    verdict = health.readyz()
    assert not verdict.holds
    assert verdict.document["checks"] == {"database": True, "broker": False}
    assert health.livez().holds


def test_a_check_that_hangs_does_not_hold_and_holds_nobody_up__OPS_8() -> None:
    hang, asked = threading.Event(), []

    def database() -> bool:
        asked.append(1)
        return hang.wait(60)

    health = Health({"database": database, "other": lambda: True}, Drain(), limit=0.2)
    begun = time.monotonic()
    for _ in range(3):
        assert health.readyz().document["checks"] == {"database": False, "other": True}
    assert time.monotonic() - begun < 10
    assert len(asked) == 1
    hang.set()
    assert Health({"database": lambda: True}, Drain()).readyz().holds


def test_draining_is_not_ready_but_alive__OPS_5(tmp_path: Path) -> None:
    flag = tmp_path / "draining"
    health = Health({}, Drain(flag))
    assert health.readyz().document == {"ready": True, "draining": False, "checks": {}}
    flag.touch()
    assert health.readyz().document == {"ready": False, "draining": True, "checks": {}}
    assert health.livez().holds


def test_a_dead_thread_asks_for_a_restart__OPS_5() -> None:
    alive = {"relay": True, "inbox": True}
    health = Health({}, Drain(), {name: partial(alive.__getitem__, name) for name in alive})
    assert health.livez().document == {"alive": True}
    alive["relay"] = False
    assert (health.livez().holds, health.livez().document) == (False, {"alive": False, "dead": ["relay"]})
