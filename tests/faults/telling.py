"""What a round came to, in words."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.faults.ledger import Ledger
from tests.faults.reckoning import Reckoning
from tests.faults.recovery import Stopwatch
from tests.faults.storm import Storm

_FAULTS_SHOWN = 20


def told(storm: Storm, stopwatch: Stopwatch, ledger: Ledger, reckoning: Reckoning) -> Iterator[str]:
    """Lines for a terminal."""
    struck = ", ".join(f"{kind} {times}" for kind, times in sorted(storm.struck.items()))
    yield f"{storm.kills} kills ({struck})"
    yield f"{ledger.changes} changes acknowledged, {ledger.repeats} calls repeated"
    yield str(reckoning)
    yield from (f"  {fault}" for fault in reckoning.faults[:_FAULTS_SHOWN])
    yield from stopwatch.recoveries.table()
    yield from (f"  {each}" for each in (*stopwatch.recoveries.late, *stopwatch.recoveries.stuck))


def tell(
    capsys: pytest.CaptureFixture[str], storm: Storm, stopwatch: Stopwatch, ledger: Ledger, reckoning: Reckoning
) -> None:
    """Say it on the terminal, whatever pytest captures."""
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(told(storm, stopwatch, ledger, reckoning)) + "\n")
