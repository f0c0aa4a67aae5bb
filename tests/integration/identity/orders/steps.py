"""Steps that succeed, as everybody takes them: chance alone hardly ever comes that far."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.integration.identity.orders.ledger import Session
from tests.integration.identity.orders.sites import Sites
from tests.integration.identity.orders.walks import (
    LATEST,
    OWNER,
    WHO,
)

SPANS = st.sampled_from(
    [
        *[timedelta(seconds=20)] * 4,
        *[timedelta(seconds=70), timedelta(minutes=6), timedelta(minutes=11), timedelta(minutes=16)] * 2,
        *[timedelta(minutes=31), timedelta(hours=12), timedelta(hours=25), timedelta(hours=73), timedelta(days=31)],
    ]
)


class Steps(Sites):
    """One after the other; and time."""

    def comes_in(self, who: int, *, remember: bool = False) -> Session:
        self.in_turn(who, remember=remember)
        return self.found.sessions[-1]

    def in_turn(self, who: int, *, remember: bool = False, site: bool = False) -> None:
        """Password, code, second step."""
        self.signs_in(who, site=site)
        self.send(LATEST, "own", "own", 0, same=True)
        self.steps(LATEST, remember=remember, site=site)

    def signs_in(self, who: int, password: str = "present", device: int | None = None, *, site: bool = False) -> None:
        self.sign_in(who, password, device, fox=True, site=not site)

    def steps(
        self,
        which: int,
        way: str = "code",
        thing: int = 0,
        *,
        remember: bool = False,
        site: bool = False,
        same: bool = True,
    ) -> None:
        self.pass_step(which, "own", "own", way, thing, remember=remember, site=not site, same=same)

    @rule(who=WHO)
    def somebody_comes_in(self, who: int) -> None:
        """As everybody does; chance alone hardly ever comes that far."""
        soul = self.souls[who]
        if soul.state == "active" and not soul.wrong.locked(self.now) and soul.temporary_until is None:
            self.in_turn(who)

    @rule()
    def the_next_step_is_taken(self) -> None:
        """Of the latest flow, as its client would."""
        flow = self.flow(0)
        code = self.code(0, flow)
        if flow is None or flow.over or not self.carries_on(flow):
            self.signs_in(OWNER)
            return
        if flow.kind == "new_password":
            self.choose_a_password_of_ones_own(0, "own", site=True)
        elif flow.kind == "recovery" and flow.step == "proven":
            self.set_a_recovered_password(0, "own")
        elif code is None or code.flow is not flow:
            self.send(0, "own", "own", 0, same=True)
        elif flow.kind == "recovery":
            self.prove(0, "own", "own", None, 0)
        else:
            self.steps(0, remember=True)

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.world.clock.advance(seconds=span.total_seconds())
        self.settle_what_is_due()
