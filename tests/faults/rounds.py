"""How long and hard a round of kills is: short and the same in every test run, as long as wished in a soak."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Round:
    """So many kills while so many people come through; the rest is as a `Storm` has it."""

    people: int
    kills: int
    seed: int
    longest_pause: float
    calm_every: int

    def changed_by(self, environment: Mapping[str, str] = os.environ) -> Round:
        """By `FAULTS_PEOPLE`, `FAULTS_KILLS`, `FAULTS_SEED`, `FAULTS_PAUSE`, `FAULTS_CALM`, where they are given."""
        return Round(
            people=int(environment.get("FAULTS_PEOPLE", self.people)),
            kills=int(environment.get("FAULTS_KILLS", self.kills)),
            seed=int(environment.get("FAULTS_SEED", self.seed)),
            longest_pause=float(environment.get("FAULTS_PAUSE", self.longest_pause)),
            calm_every=int(environment.get("FAULTS_CALM", self.calm_every)),
        )
