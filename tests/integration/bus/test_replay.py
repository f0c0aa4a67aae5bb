"""The same over RabbitMQ and PostgreSQL (OPS-4)."""

from tests.contract.bus.test_replay import *  # noqa: F403 (the same tests, another `world`)
