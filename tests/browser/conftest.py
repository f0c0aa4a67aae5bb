"""One `wardenry up` for all browser tests; each test has a browser context of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import PATIENCE, Visitor, visiting
from tests.e2e.deployments import Embedded
from tools.translations import compile_all

NewVisitor = Callable[..., Visitor]

expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser, and takes its time where the machine is busy with others."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(10 * PATIENCE))


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """`wardenry up` with demo data."""
    deployment = Embedded(tmp_path_factory.mktemp("browser") / "data")
    deployment.start()
    yield deployment
    assert deployment.stop() == 0


@pytest.fixture(scope="session")
def worlds() -> None:
    """What portals of a test's own need made before: the words in all languages."""
    compile_all()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that knows no deployment."""
    with chromium.new_context(reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE * 1000)
        yield context.new_page()


@pytest.fixture
def new_visitor(chromium: Browser, embedded: Embedded) -> Iterator[NewVisitor]:
    """Makes visitors: `scripts`, `width` and `locale` say with what; none may have met trouble."""
    with ExitStack() as stack:
        visitors: list[Visitor] = []

        def make(**options: Any) -> Visitor:
            visitors.append(stack.enter_context(partial(visiting, chromium, embedded)(**options)))
            return visitors[-1]

        yield make
        assert [trouble for visitor in visitors for trouble in visitor.troubles] == []
