"""Killed at any moment and started again, the embedded mode loses nothing and doubles nothing (OPS-1, OPS-3, AUD-1)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.deployments import Embedded
from tests.faults.blows import embedded_killed, embedded_paused
from tests.faults.campaign import Campaign
from tests.faults.clients import Manager
from tests.faults.embedded import databases
from tests.faults.ledger import Ledger
from tests.faults.reckoning import opened, reckon
from tests.faults.recovery import Stopwatch
from tests.faults.rounds import Round
from tests.faults.storm import Storm
from tests.faults.telling import tell

USUAL = Round(people=40, kills=15, seed=7, longest_pause=5, calm_every=5)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(7200)
def test_killed_at_random_nothing_is_lost_or_doubled__OPS_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kill_round = USUAL.changed_by()
    deployment = Embedded(tmp_path / "data")
    deployment.start(within=240)
    manager = Manager(deployment, deployment.password, Ledger())
    campaign = Campaign(manager, kill_round.people)
    with closing(manager), opened(databases(deployment)) as engines:
        stopwatch = Stopwatch(engines, deployment.answers, deployment.ailment)
        blows = (embedded_killed(deployment), embedded_paused(deployment))
        storm = Storm(
            blows, kill_round.seed, stopwatch, longest_pause=kill_round.longest_pause, calm_every=kill_round.calm_every
        )
        campaign.start()
        storm.rage(lambda: storm.kills < kill_round.kills)
        campaign.join()
        stopwatch.measure("the last blow")
        reckoning = reckon(engines, campaign.ledger)
    assert deployment.stop() == 0
    assert campaign.failures == []
    tell(capsys, storm, stopwatch, campaign.ledger, reckoning)
    assert reckoning.faults == []
    assert stopwatch.recoveries.stuck == []
