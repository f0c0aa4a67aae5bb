"""The servers as containers. This way needs an engine, so it has run only where there is one."""

import contextlib
import secrets
from collections.abc import Iterator

from testcontainers.core.container import DockerContainer

from chassis.testing.waiting import eventually
from deploy.native.broker import Broker
from deploy.native.databases import Databases

POSTGRESQL_IMAGE = "postgres:15"
RABBITMQ_IMAGE = "rabbitmq:3-management"
_ADMINISTRATOR = "administrator"
_AMQP, _MANAGEMENT, _SQL = 5672, 15672, 5432
_SECONDS = 90


@contextlib.contextmanager
def postgresql() -> Iterator[Databases]:
    """A PostgreSQL container, ready."""
    password = secrets.token_urlsafe(18)
    container = DockerContainer(POSTGRESQL_IMAGE).with_exposed_ports(_SQL)
    container.with_env("POSTGRES_USER", _ADMINISTRATOR).with_env("POSTGRES_PASSWORD", password)
    container.with_env("POSTGRES_DB", "postgres")
    container.with_command("postgres -c max_connections=200 -c fsync=off -c synchronous_commit=off")
    with container:
        host, port = container.get_container_host_ip(), container.get_exposed_port(_SQL)
        databases = Databases(host, int(port), _ADMINISTRATOR, password)
        eventually(databases.ready, within=_SECONDS)
        yield databases


@contextlib.contextmanager
def rabbitmq() -> Iterator[Broker]:
    """A RabbitMQ container with its management API, ready."""
    password = secrets.token_urlsafe(18)
    container = DockerContainer(RABBITMQ_IMAGE).with_exposed_ports(_AMQP, _MANAGEMENT)
    container.with_env("RABBITMQ_DEFAULT_USER", _ADMINISTRATOR)
    container.with_env("RABBITMQ_DEFAULT_PASS", password)
    with container:
        port, management = (int(container.get_exposed_port(inside)) for inside in (_AMQP, _MANAGEMENT))
        broker = Broker(container.get_container_host_ip(), port, management, _ADMINISTRATOR, password)
        with contextlib.closing(broker):
            eventually(lambda: broker.ready(_AMQP), within=_SECONDS)
            yield broker
