"""The bus's promises once more, carried by RabbitMQ and kept in PostgreSQL (OPS-2, OPS-3)."""

from tests.contract.bus.test_delivery import *  # noqa: F403 (the same tests, another `world`)
