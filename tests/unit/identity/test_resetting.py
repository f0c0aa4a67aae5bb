"""Whom a manager's hand reaches: primary administrators, and nobody past what they administer (IDN-8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.access import Held, Level, Reach, reach_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OVER = NOW - timedelta(seconds=1)
STATE, OGYAM = "123456789", "223344556"


def held(level: str, tin: str = STATE, line: str = "medical", until: datetime | None = None) -> Held:
    return Held("somebody", tin, line, Level.of(level), until)


CASES = [
    ([held("primary")], [held("processor")], Reach.ALLOWED),
    ([held("primary")], [held("auditor")], Reach.ALLOWED),
    ([held("primary")], [held("secondary")], Reach.ALLOWED),
    ([held("primary")], [held("primary")], Reach.ALLOWED),
    ([held("primary")], [held("processor"), held("processor", OGYAM)], Reach.ALLOWED),
    ([held("primary")], [held("processor"), held("primary", OGYAM)], Reach.BARRED),
    ([held("primary")], [held("processor"), held("secondary", OGYAM)], Reach.BARRED),
    ([held("primary")], [held("processor"), held("primary", line="behavioral")], Reach.BARRED),
    ([held("primary"), held("secondary", OGYAM)], [held("processor"), held("primary", OGYAM)], Reach.BARRED),
    ([held("primary"), held("primary", OGYAM)], [held("processor"), held("primary", OGYAM)], Reach.ALLOWED),
    ([held("secondary")], [held("processor")], Reach.BARRED),
    ([held("processor")], [held("processor")], Reach.UNSEEN),
    ([held("auditor")], [held("processor")], Reach.UNSEEN),
    ([], [held("processor")], Reach.UNSEEN),
    ([held("primary")], [], Reach.UNSEEN),
    ([held("primary")], [held("processor", OGYAM)], Reach.UNSEEN),
    ([held("primary")], [held("processor", line="behavioral")], Reach.UNSEEN),
    ([held("primary")], [held("processor", until=OVER)], Reach.UNSEEN),
    ([held("primary", until=OVER)], [held("processor")], Reach.UNSEEN),
    ([held("primary", until=NOW + timedelta(days=1))], [held("processor")], Reach.ALLOWED),
    ([held("primary")], [held("processor"), held("primary", OGYAM, until=OVER)], Reach.ALLOWED),
]


@pytest.mark.parametrize(("giver", "holder", "reach"), CASES)
def test_a_manager_reaches_whom_they_administer_and_no_further__IDN_8(
    giver: list[Held], holder: list[Held], reach: Reach
) -> None:
    assert reach_of(giver, holder, NOW) is reach
