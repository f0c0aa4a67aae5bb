"""What every test has: the servers of tests/stack/fixtures.py; properties are judged without a clock."""

from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.stack.fixtures",)

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
