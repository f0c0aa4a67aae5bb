"""Has access follow the lines of business in a process of its own, which dies with its last step all but committed.

python -m tests.integration.entitlements.following URL STEPS
"""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import event

from services.entitlements.bootstrap import build
from tests.integration.entitlements.world import settings


def main(url: str, steps: int) -> None:
    service = build(settings(url))
    errand = next(errand for errand in service.errands if errand.name == "lines")
    for _ in range(steps):
        assert errand.step()
    event.listen(service.engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    errand.step()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
