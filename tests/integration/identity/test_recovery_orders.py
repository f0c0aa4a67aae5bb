"""Whatever is called in whatever order, nobody comes to a new password without code, birth date and answer (IDN-7)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.integration.identity.world import PASSWORD, RECOVERED, World

ALL = frozenset({"code", "date_of_birth", "answer"})
FLOWS = st.sampled_from([0, 0, 0, 1, 2])
SECRETS = st.sampled_from(["own"] * 6 + ["others", "none"])
PROOFS = st.sampled_from([ALL] * 5 + [ALL - {each} for each in sorted(ALL)] + [frozenset(), frozenset({"answer"})])
"""Which of the three are right."""


class Orders(RuleBasedStateMachine):
    """Two clients recover one account and a third nobody's, with any calls at all.

    A model beside them knows no more than the rule: who has given all proofs at once, with the code that was sent
    last and to them, and what password there may be.
    """

    world: World
    number = 0
    done = 0

    @initialize()
    def somebody_registers(self) -> None:
        Orders.number += 1
        self.user_id = f"person{Orders.number:03d}"
        self.world.register(self.user_id)
        self.flows = [self.world.forgot(each) for each in (self.user_id, self.user_id, "nobody55")]
        self.sent_to: int | None = None
        self.proven: set[int] = set()
        self.recovered = False

    @rule(which=FLOWS, secret=SECRETS, pause=st.booleans())
    def send(self, which: int, secret: str, pause: bool) -> None:
        if pause:
            self.world.clock.advance(seconds=61)
        answer = self.world.recover(self._flow(which, secret), "send")
        if answer.status_code == 202:
            assert secret == "own"
            self.sent_to = which if which != 2 else self.sent_to

    @rule(which=FLOWS, secret=SECRETS, right=PROOFS)
    def prove(self, which: int, secret: str, right: frozenset[str]) -> None:
        code = self.world.code()
        wrong: dict[str, Any] = {
            "date_of_birth": "1980-03-01",
            "answer": {"question": "birth_city", "text": "rome"},
            "code": str((int(code) + 1) % 10**6).zfill(6),
        }
        changed = {name: value for name, value in wrong.items() if name not in right}
        given = changed.pop("code", code)
        if self.world.prove(self._flow(which, secret), given, **changed).status_code == 204:
            assert (right, secret, which) == (ALL, "own", self.sent_to)
            self.proven.add(which)

    @rule(which=FLOWS, secret=SECRETS)
    def set_password(self, which: int, secret: str) -> None:
        if self.world.recover(self._flow(which, secret), "password").status_code == 204:
            assert secret == "own"
            assert which in self.proven
            assert not self.recovered, "a second recovery that was begun before the first was done"
            self.recovered = True
            Orders.done += 1

    @rule(which=FLOWS)
    def take_the_next_step(self, which: int) -> None:
        """What its client would do; chance alone hardly ever comes to the end."""
        if which in self.proven:
            self.set_password(which, "own")
        elif which == self.sent_to:
            self.prove(which, "own", ALL)
        else:
            self.send(which, "own", pause=True)

    @rule()
    def sign_in_and_out_of_turn(self) -> None:
        """Other flows of the account lend nothing to this one."""
        answer = self.world.post("/sign-in", {"user_id": self.user_id, "password": self._password})
        if answer.status_code == 200:
            self.world.recover(answer.get_json(), "password", {"new_password": "other-willow-anchor-9"})

    @invariant()
    def the_password_is_what_was_proven(self) -> None:
        if self.number and hasattr(self, "recovered"):
            answer = self.world.post("/sign-in", {"user_id": self.user_id, "password": self._password})
            assert answer.status_code == 200

    @property
    def _password(self) -> str:
        return RECOVERED if self.recovered else PASSWORD

    def _flow(self, which: int, secret: str) -> dict[str, Any]:
        flow = self.flows[which]
        others = self.flows[(which + 1) % 3]["challenge_secret"]
        return {**flow, "challenge_secret": {"own": flow["challenge_secret"], "others": others, "none": ""}[secret]}


@contextmanager
def a_world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(f"sqlite:///{Path(folder) / 'identity.sqlite'}")
        yield world
        world.service.engine.dispose()


def test_no_order_of_calls_reaches_a_password_without_all_proofs__IDN_7() -> None:
    with a_world() as world:
        Orders.world = world
        run_state_machine_as_test(
            Orders,
            settings=settings(
                max_examples=25,
                stateful_step_count=15,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert Orders.done, "no order led to a new password, so that nothing was tried"
