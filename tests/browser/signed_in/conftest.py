"""Those who are signed in once for all tests: Mary Martin, and the agents of support."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import visiting
from tests.browser.registering import log_in
from tests.e2e.deployments import Embedded


@pytest.fixture(scope="session")
def managers_state(chromium: Browser, embedded: Embedded) -> Any:
    """The cookies of Mary Martin's browser, signed in."""
    return signed_in(chromium, embedded, "mmartin5")


@pytest.fixture(scope="module")
def agents_states(chromium: Browser, embedded: Embedded) -> list[Any]:
    """The cookies of two support agents' browsers, signed in."""
    return [signed_in(chromium, embedded, agent) for agent in ("support1", "support2")]


def signed_in(chromium: Browser, embedded: Embedded, user_id: str) -> Any:
    """The cookies of a new browser in which a demo user is signed in."""
    with visiting(chromium, embedded) as visitor:
        log_in(visitor, user_id, embedded.password)
        visitor.arrives("/dashboard")
        return visitor.context.storage_state()
