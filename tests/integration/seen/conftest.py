"""Processes over real servers, of which a test starts those that it needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.native.broker import Broker
from deploy.native.databases import Databases
from tests.integration.seen.processes import Seen
from wardenry.registry import SERVICES


@pytest.fixture
def seen(tmp_path_factory: pytest.TempPathFactory, postgresql: Databases, rabbitmq: Broker) -> Iterator[Seen]:
    """Nothing of it is started, and no database migrated."""
    databases = {service: postgresql.create() for service in SERVICES}
    vhost = rabbitmq.create_virtual_host()
    urls = {service: database.url for service, database in databases.items()}
    made = Seen(tmp_path_factory.mktemp("seen"), urls, vhost.url)
    made.post_office.start()
    try:
        yield made
    finally:
        made.stop()
        rabbitmq.delete_virtual_host(vhost.name)
        for database in databases.values():
            postgresql.drop(database)
