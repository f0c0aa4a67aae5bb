"""Mary Martin signed in once for all tests."""

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
    with visiting(chromium, embedded) as visitor:
        log_in(visitor, "mmartin5", embedded.password)
        visitor.arrives("/dashboard")
        return visitor.context.storage_state()
