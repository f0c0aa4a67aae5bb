"""What people are told of temporary IDs follows the setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.registration.world import World


@pytest.mark.parametrize(("changes", "days"), [({}, 30), ({"invitation_days": 3}, 3)])
def test_how_long_a_temporary_id_is_good_is_told__REG_14(tmp_path: Path, changes: dict[str, Any], days: int) -> None:
    world = World(f"sqlite:///{tmp_path / 'registration.sqlite'}", **changes)
    answer = world.get("/terms")
    assert (answer.status_code, answer.get_json()) == (200, {"invitation_days": days})
    world.service.engine.dispose()
