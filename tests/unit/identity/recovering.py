"""The steps of a recovery as a test takes them, right unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.identity.application.begin_recovery import BeginRecovery, Begun, begin_recovery
from services.identity.application.code_desk import Sent
from services.identity.application.prove_recovery import ProveRecovery, prove_recovery
from services.identity.application.send_recovery_code import SendRecoveryCode, send_recovery_code
from services.identity.application.set_recovered_password import SetRecoveredPassword, set_recovered_password
from services.identity.domain.security_questions import Answer
from tests.unit.identity.world import World

BORN = date(1980, 2, 29)
ANSWER = Answer("birth_city", "sao paulo")
NEW = "brisk-willow-anchor-3"


@dataclass
class Recovering:
    """One client's recovery of one user ID."""

    world: World
    begun: Begun

    @classmethod
    def of(cls, world: World, user_id: str = "mmartin5") -> Recovering:
        return cls(world, world.run(begin_recovery, BeginRecovery(user_id, "medical")))

    def send(self, method: str | None = None) -> Sent:
        chosen = self.begun.methods[0].id if method is None else method
        return self.world.run(
            send_recovery_code, SendRecoveryCode(self.begun.challenge, self.begun.challenge_secret, chosen)
        )

    def prove(self, **changed: Any) -> None:
        right = ProveRecovery(self.begun.challenge, self.begun.challenge_secret, self.world.code, BORN, ANSWER)
        self.world.run(prove_recovery, replace(right, **changed))

    def set(self, password: str = NEW) -> None:
        command = SetRecoveredPassword(self.begun.challenge, self.begun.challenge_secret, password)
        self.world.run(set_recovered_password, command)

    def with_secret(self, secret: str) -> Recovering:
        """The same flow, by somebody with another secret."""
        return Recovering(self.world, replace(self.begun, challenge_secret=secret))
