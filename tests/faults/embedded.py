"""Where the embedded mode's databases are, for the reckoning to look into."""

from __future__ import annotations

from tests.e2e.deployments import Embedded
from wardenry.registry import SERVICES


def databases(deployment: Embedded) -> dict[str, str]:
    """Each service's SQLite file, as a URL."""
    return {name: f"sqlite:///{deployment.data / name}.sqlite" for name in SERVICES}
