"""What is forgotten, once more with RabbitMQ and PostgreSQL."""

from tests.contract.bus.test_pruning import *  # noqa: F403 (the same tests, another `world`)
