"""Any process of the distributed form killed at any moment: nothing is lost, nothing doubled (OPS-2, OPS-3, AUD-1)."""

from __future__ import annotations

import pytest

from tests.faults.blows import process_paused, processes_killed
from tests.faults.recovery import Stopwatch
from tests.faults.rounds import Round
from tests.faults.stand import Stand
from tests.faults.storm import Storm
from tests.faults.telling import tell

USUAL = Round(people=100, kills=85, seed=7, longest_pause=0.5, calm_every=20)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(7200)
def test_any_process_killed_at_random_nothing_is_lost_or_doubled__OPS_3(
    stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    kill_round = USUAL.changed_by()
    with stand.engines() as engines:
        stopwatch = Stopwatch(engines, stand.deployment.answers)
        blows = (processes_killed(stand.deployment), process_paused(stand.deployment))
        storm = Storm(
            blows, kill_round.seed, stopwatch, longest_pause=kill_round.longest_pause, calm_every=kill_round.calm_every
        )
        campaign = stand.campaign(kill_round.people)
        campaign.start()
        storm.rage(lambda: storm.kills < kill_round.kills)
        campaign.join()
        stopwatch.measure("the last blow")
    assert campaign.failures == []
    reckoning = stand.reckon()
    tell(capsys, storm, stopwatch, campaign.ledger, reckoning)
    assert reckoning.faults == []
    assert stopwatch.recoveries.stuck == []
