"""Imports a file in a process of its own, which dies once so many practices were written; at -1 while it reads.

It writes smaller batches than others do, so that a small file has several of them.

python -m tests.integration.registration.importing URL FILE WRITTEN
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from services.registration.application import import_directory as importing
from services.registration.application.directory_file import ImportProgress
from services.registration.bootstrap import build, import_directory
from tests.contract.registration.world import settings

BATCH = 5_000


def main(url: str, path: str, die_after: int) -> None:
    def progress(now: ImportProgress) -> None:
        if die_after < 0 or (now.stage == "writing" and now.done >= die_after):
            os.kill(os.getpid(), signal.SIGKILL)

    importing.BATCH = BATCH
    import_directory(build(settings(url)), Path(path), progress)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
