"""Ends a server whose owner was killed and could not do it: python -m deploy.native.watchdog OWNER FOLDER

It is a child of the owner, needs the standard library only, and ends by itself once the folder is gone.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from deploy.native.tree import Process, Tree

PAUSE = 0.1
_NOTE = "process-"
_DRAFT = "draft-"
_PROJECT = Path(__file__).parents[2]


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Have a watchdog look after this process and the server in this folder."""
    return subprocess.Popen(
        [sys.executable, "-E", "-S", "-m", "deploy.native.watchdog", str(os.getpid()), str(folder)],
        cwd=_PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what ends the owner's whole group must not end it
    )


def note(folder: Path, tree: Tree, name: str = "server") -> None:
    """Write down for the watchdog which process serves this folder now, or of several the one of that name."""
    draft = folder / f"{_DRAFT}{name}"
    draft.write_text(f"{tree.root.number} {tree.root.started}")
    draft.replace(folder / f"{_NOTE}{name}")


def watch(owner: int, folder: Path) -> None:
    """Wait until the owner or the folder is gone; if the owner went first, end and remove what it left."""
    while os.getppid() == owner:
        if not folder.exists():
            return
        time.sleep(PAUSE)
    for noted in folder.glob(f"{_NOTE}*"):
        number, started = noted.read_text().split()
        Tree(Process(int(number), int(started))).kill()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    watch(int(sys.argv[1]), Path(sys.argv[2]))
