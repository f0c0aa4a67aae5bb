"""Real servers and a real browser for tests: one of each per test process, a database and a virtual host per test.

They are never left out: what is missing is installed, and where that cannot be done the tests fail and say what to
do. Servers start with the first test that asks for them, in every worker of pytest-xdist for itself.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from deploy.native.broker import Broker
from deploy.native.databases import Databases
from deploy.native.postgresql import PostgresqlServer
from deploy.native.rabbitmq import RabbitmqServer
from tests.stack import containers
from tests.stack.engine import use_containers

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """A PostgreSQL server that the session's tests share; fast, and so not for tests that kill it."""
    if use_containers():
        with containers.postgresql() as databases:
            yield databases
    else:
        with PostgresqlServer() as server:
            yield server.databases


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[Broker]:
    """A RabbitMQ server that the session's tests share."""
    if use_containers():
        with containers.rabbitmq() as broker:
            yield broker
    else:
        with RabbitmqServer() as server:
            yield server.broker


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The browser of all tests of this process: Playwright takes one start in a process, and no second beside it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- most test processes never need it

    from tests.browser.browsing import launch  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def database(postgresql: Databases) -> Iterator[str]:
    """The URL of an empty database of the test's own, `postgresql+psycopg://...`, in the name of its owner."""
    made = postgresql.create()
    yield made.url
    postgresql.drop(made)


@pytest.fixture
def vhost(rabbitmq: Broker) -> Iterator[str]:
    """The URL of an empty virtual host of the test's own, `amqp://...`, with all permissions."""
    made = rabbitmq.create_virtual_host()
    yield made.url
    rabbitmq.delete_virtual_host(made.name)


@pytest.fixture
def own_postgresql() -> Iterator[Callable[[], PostgresqlServer]]:
    """Starts durable PostgreSQL servers for this test alone, to be killed, paused and started again."""
    with contextlib.ExitStack() as servers:
        yield lambda: servers.enter_context(PostgresqlServer(durable=True))


@pytest.fixture
def own_rabbitmq() -> Iterator[Callable[[], RabbitmqServer]]:
    """Starts RabbitMQ servers for this test alone, to be killed, paused and started again."""
    with contextlib.ExitStack() as servers:
        yield lambda: servers.enter_context(RabbitmqServer())
