"""Whatever way access comes by, nobody ends up giving more than delegation.md lets them (GO-2, ENT-2 to ENT-4).

People of every standing walk all paths at random, over HTTP, events, jobs and operators' functions. Beside them stand
plain books (`books.py`), which say after each step what had to be done or refused, and what the tables must hold.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

from deploy.native.databases import Databases
from tests.integration.delegation.happening import Happening
from tests.integration.delegation.inviting import Inviting
from tests.integration.delegation.managing import Managing
from tests.integration.delegation.offices import Offices
from tests.integration.delegation.reviewing import Reviewing
from tests.integration.delegation.walk import MOST

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # on a machine that is busy with others

ENOUGH: Final = 16
WALKS: Final = int(os.environ.get("WARDENRY_TEST_WALKS", ENOUGH))
"""How many walks there are on each kind of database."""

FIRST: Final = int(os.environ.get("WARDENRY_TEST_FIRST_WALK", "1"))
"""The number of the first, which all that happens in it follows from."""

STEPS: Final = 60


WALKED: Final = (
    *("matrix 200", "matrix 403", "matrix 409", "matrix, oneself 200", "matrix, oneself 403", "approval 200"),
    *("approval 403", "decline 200", "decline 403", "bulk edit 200", "bulk edit 403", "undoing 200", "undoing 412"),
    *("removal 200", "removal 403", "invitation 201", "invitation 403", "invitation changed 200"),
    *("renewal 200", "renewal 403", "renewal 409", "redemption 200", "redemption reduced", "bulk file done"),
    *("bulk file refused", "bulk file failed", "review decision 200", "review decision 403", "access suspended"),
    *("functions withheld", "appointment done", "appointment refused", "removal by a case done"),
    *("removal by a case refused", "seeds done", "seeds refused", "account disabled", "account reactivated"),
    *("account removed",),
)
"""What must have come about on the way, for the walks to have shown anything."""


class EveryPath(Managing, Inviting, Reviewing, Happening):
    """All of them."""


@pytest.fixture(params=["sqlite", "postgresql"])
def offices(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Offices]:
    if request.param == "sqlite":
        made = Offices(f"sqlite:///{tmp_path}/entitlements", f"sqlite:///{tmp_path}/registration", MOST)
        yield made
        made.close()
        return
    server: Databases = request.getfixturevalue("postgresql")
    one, other = server.create(), server.create()
    made = Offices(one.url, other.url, MOST)
    yield made
    made.close()
    server.drop(one)
    server.drop(other)


def test_on_every_path_what_is_done_is_what_the_table_lets_one_give__GO_2_ENT_3_ENT_4(offices: Offices) -> None:
    done = Counter[str]()
    for number in range(FIRST, FIRST + WALKS):
        walk = EveryPath(offices, done, Random(number))  # noqa: S311 -- test data
        try:
            walk.go(STEPS)
        except AssertionError as failed:
            failed.add_note(f"walk {number}, at: {walk.step}")
            raise
    assert WALKS < ENOUGH or set(WALKED) <= done.keys(), (set(WALKED) - done.keys(), done)
