"""The soak: all faults mixed at random, for as long as wished; what was lost, doubled, out of order or stuck is told.

`python -m tests.faults --minutes 30 [--seed N] [--form distributed|embedded]`; the exit code is 1 on any fault.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.deployments import Embedded
from tests.faults import blows
from tests.faults.campaign import Campaign
from tests.faults.clients import Manager
from tests.faults.embedded import databases
from tests.faults.ledger import Ledger
from tests.faults.reckoning import opened, reckon
from tests.faults.recovery import Stopwatch
from tests.faults.stand import Stand
from tests.faults.storm import Storm
from tests.faults.telling import told

_LONGEST_PAUSE = 2.0
_CALM_EVERY = 16
_TOLD_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Arena:
    """What a soak rages on."""

    storm: Storm
    campaign: Campaign
    stopwatch: Stopwatch


@contextmanager
def distributed(folder: Path, seed: int) -> Iterator[Arena]:
    """All processes, both servers and the ways to them."""
    with Stand(folder) as stand, stand.engines() as engines:
        mix = (
            blows.processes_killed(stand.deployment, 80),
            blows.process_paused(stand.deployment),
            blows.server_killed("RabbitMQ", stand.rabbitmq),
            blows.server_restarted("RabbitMQ", stand.rabbitmq, 0.5),
            blows.server_paused("RabbitMQ", stand.rabbitmq),
            blows.server_killed("PostgreSQL", stand.postgresql),
            blows.server_restarted("PostgreSQL", stand.postgresql, 0.5),
            blows.server_paused("PostgreSQL", stand.postgresql),
            *blows.network_failures("RabbitMQ", (stand.to_broker,), 1),
            *blows.network_failures("PostgreSQL", tuple(stand.to_database.values()), 1),
        )
        stopwatch = Stopwatch(engines, stand.deployment.answers)
        yield Arena(
            Storm(mix, seed, stopwatch, longest_pause=_LONGEST_PAUSE, calm_every=_CALM_EVERY),
            stand.campaign(None),
            stopwatch,
        )


@contextmanager
def embedded(folder: Path, seed: int) -> Iterator[Arena]:
    """The one process."""
    deployment = Embedded(folder / "data")
    deployment.start(within=240)
    with opened(databases(deployment)) as engines:
        mix = (blows.embedded_killed(deployment), blows.embedded_paused(deployment))
        stopwatch = Stopwatch(engines, deployment.answers, deployment.ailment)
        storm = Storm(mix, seed, stopwatch, longest_pause=2 * _LONGEST_PAUSE, calm_every=_CALM_EVERY)
        yield Arena(storm, Campaign(Manager(deployment, deployment.password, Ledger()), None), stopwatch)
    deployment.stop()


def soak(arena: Arena, minutes: float) -> bool:
    """Rage for so long, then let all come to rest; whether nothing was wrong."""
    began = spoke = time.monotonic()
    arena.campaign.start()

    def going() -> bool:
        nonlocal spoke
        now = time.monotonic()
        if now - spoke > _TOLD_EVERY:
            spoke = now
            _say(f"{(now - began) / 60:.0f} min: {arena.storm.kills} kills, {arena.campaign.ledger.changes} changes")
        return now - began < 60 * minutes

    arena.storm.rage(going)
    arena.campaign.enough()
    arena.campaign.join()
    arena.stopwatch.measure("the last blow")
    reckoning = reckon(arena.stopwatch.engines, arena.campaign.ledger)
    for line in (*told(arena.storm, arena.stopwatch, arena.campaign.ledger, reckoning), *arena.campaign.failures):
        _say(line)
    return not (reckoning.faults or arena.stopwatch.recoveries.stuck or arena.campaign.failures)


def main() -> int:
    """Run the forms that are asked for, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for each form")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--form", choices=FORMS, action="append", help="one of them alone")
    asked = parser.parse_args()
    well = True
    for form in asked.form or FORMS:
        _say(f"== {form}, {asked.minutes:g} minutes, seed {asked.seed}")
        with tempfile.TemporaryDirectory() as folder, FORMS[form](Path(folder), asked.seed) as arena:
            well = soak(arena, asked.minutes) and well
    return 0 if well else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


FORMS = {"distributed": distributed, "embedded": embedded}

if __name__ == "__main__":
    raise SystemExit(main())
