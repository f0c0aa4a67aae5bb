"""How soon all is as before once a server is back: `python -m tests.faults.returns --times 4`.

Each way in which RabbitMQ or PostgreSQL can go and return, one after the other, while people come through; every
second time processes are killed meanwhile, too.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults import blows
from tests.faults.recovery import Recoveries, Stopwatch
from tests.faults.stand import Stand
from tests.faults.storm import Blow

_REST = 2.0


def measured(stand: Stand, times: int, seed: int) -> tuple[Recoveries, Sequence[str]]:
    """How long each was felt, and what is wrong behind it."""
    dice = random.Random(seed)  # noqa: S311 (which processes to kill is no secret)
    killed = blows.processes_killed(stand.deployment)
    with stand.engines() as engines:
        stopwatch = Stopwatch(engines, stand.deployment.answers)
        campaign = stand.campaign(None)
        campaign.start()
        for number in range(times):
            for blow in _grave(stand):
                time.sleep(_REST)
                if number % 2:
                    killed.strike(dice)
                blow.strike(dice)
                kind = f"{blow.kind}, {killed.kind}" if number % 2 else blow.kind
                stopwatch.measure(kind)
                _say(f"{stopwatch.recoveries.whole[kind][-1]:5.1f} s  {kind}")
        campaign.enough()
        campaign.join()
        faults = [*stand.reckon().faults, *stopwatch.recoveries.stuck, *campaign.failures]
    return stopwatch.recoveries, faults


def _grave(stand: Stand) -> Sequence[Blow]:
    mix = (
        blows.server_killed("RabbitMQ", stand.rabbitmq),
        blows.server_restarted("RabbitMQ", stand.rabbitmq),
        blows.server_paused("RabbitMQ", stand.rabbitmq),
        blows.server_killed("PostgreSQL", stand.postgresql),
        blows.server_restarted("PostgreSQL", stand.postgresql),
        blows.server_paused("PostgreSQL", stand.postgresql),
        *blows.network_failures("RabbitMQ", (stand.to_broker,)),
        *blows.network_failures("PostgreSQL", tuple(stand.to_database.values())),
    )
    return [blow for blow in mix if blow.grave]


def main() -> int:
    """Run it, and print what it found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.returns", description=__doc__)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--seed", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Stand(Path(folder)) as stand:
        recoveries, faults = measured(stand, asked.times, asked.seed)
    for line in (*recoveries.table(), *faults):
        _say(line)
    return 1 if faults else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
