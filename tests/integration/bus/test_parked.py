"""The same over RabbitMQ and PostgreSQL (OPS-3)."""

from tests.contract.bus.test_parked import *  # noqa: F403 (the same tests, another `world`)
