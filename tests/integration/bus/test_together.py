"""What is taken together, once more with RabbitMQ and PostgreSQL."""

from tests.contract.bus.test_together import *  # noqa: F403 (the same tests, another `world`)
