"""All walks in one machine."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.integration.identity.orders.own_beginnings import OwnBeginnings
from tests.integration.identity.orders.shared_beginnings import SharedBeginnings

_BEGINS: Final = "begins_with_"
BEGINNINGS: Final = [
    name.removeprefix(_BEGINS)
    for each in (OwnBeginnings, SharedBeginnings)
    for name in vars(each)
    if name.startswith(_BEGINS)
]


class Orders(SharedBeginnings):
    """A beginning that leads somewhere, then anything at all."""

    @initialize(beginning=st.sampled_from(BEGINNINGS))
    def begin(self, beginning: str) -> None:
        self.people_come()
        self.begin_browsing()
        self.closely = True
        getattr(self, f"{_BEGINS}{beginning}")()
        self.everybody_has_what_they_have_shown()
        self.closely = False
