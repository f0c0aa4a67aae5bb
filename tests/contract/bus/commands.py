"""`wardenry bus …` as an operator types it, in this process, with an environment of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from wardenry.commands.bus import bus


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What it said as JSON."""
        return json.loads(self.out)


class Operator:
    """Types commands, each with the same last words."""

    def __init__(self, environment: Mapping[str, str], *last: str) -> None:
        self.environment = dict(environment)
        self._last = last

    def bus(self, *words: str, **extra: str) -> Said:
        """Run one; `extra` is more of the environment."""
        environment = {**self.environment, **extra}
        result = CliRunner().invoke(bus, [*words, *self._last], env=environment, catch_exceptions=False)
        return Said(result.exit_code, result.stdout, result.stderr)
