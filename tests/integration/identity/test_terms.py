"""What people are told of times and limits follows the settings, on pages (by `terms`) and in mails (by the events)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from tests.integration.identity.world import API, World

DEFAULTS: Final = {
    "code_minutes": 10,
    "sign_in_minutes": 10,
    "lock_failures": 10,
    "lock_minutes": 15,
    "device_days": 30,
    "contact_undo_hours": 72,
    "vouching_hours": 72,
}
SETTINGS: Final = {
    "code_minutes": ("code_minutes", 7),
    "sign_in_minutes": ("challenge_minutes", 21),
    "lock_failures": ("lock_after_failures", 6),
    "lock_minutes": ("lock_minutes", 45),
    "device_days": ("device_days", 12),
    "contact_undo_hours": ("contact_undo_hours", 30),
    "vouching_hours": ("vouching_hours", 96),
}


def told(world: World) -> dict[str, int]:
    answer = world.service.app.test_client().get(f"{API}/terms")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_the_terms_are_the_rules_numbers_unless_set__IDN_2_IDN_4_IDN_5_IDN_9_IDN_17(world: World) -> None:
    assert told(world) == DEFAULTS


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_changes_is_told__IDN_2_IDN_4_IDN_5_IDN_9_IDN_17(tmp_path: Path, name: str) -> None:
    setting, value = SETTINGS[name]
    changes: dict[str, Any] = {setting: value}
    world = World(f"sqlite:///{tmp_path / 'identity.sqlite'}", **changes)
    assert told(world) == DEFAULTS | {name: value}
    world.service.engine.dispose()
