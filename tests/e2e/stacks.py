"""The distributed form as `make up-distributed` starts it: nginx in front of several processes of each service."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from chassis.testing.waiting import eventually
from deploy.native.ports import free, is_free
from tests.e2e.deployments import environment

_ROOT = Path(__file__).parents[2]
_PORTS = 3
_START_SECONDS = 900


class DistributedStack:
    """A `Deployment`; `kill` ends processes of its as a power cut would, and the stack brings them back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _neighbours()
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self, *more: str, **variables: str) -> None:
        """Start everything, and wait for `ready`."""
        self.lines = []
        command = [sys.executable, "-m", "deploy.up", "--native", "--port", str(self.port), *more]
        settings = environment(WARDENRY_ADDRESS_LIMITS="false", GATEWAY_REQUESTS_PER_SECOND="100000", **variables)
        with (self.folder / "up-distributed.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=_ROOT, env=settings, stdout=subprocess.PIPE, stderr=log, text=True
            )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        eventually(lambda: "ready" in self.lines or self._ended, within=_START_SECONDS, every=0.5)
        assert "ready" in self.lines, (self.folder / "up-distributed.log").read_text()[-4000:]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(120)

    def url(self, path: str, *, site: str = "medical") -> str:
        return f"http://localhost:{self.port + (site != 'medical')}{path}"

    def mails(self, to: str) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.said('mailbox')}/messages", params={"to": to}, timeout=60, trust_env=False)
        items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return items

    @property
    def password(self) -> str:
        """The demo users' password, as it is printed."""
        return self.said("password")

    @property
    def data(self) -> Path:
        """Where the stack says that its data and logs are."""
        return Path(self.said("data and logs"))

    def said(self, what: str) -> str:
        """What it printed behind this word."""
        return next(line.partition(":")[2].strip() for line in self.lines if line.startswith(f"{what}:"))

    def processes(self, *words: str) -> list[psutil.Process]:
        """What it started whose command has these words one after the other: `serve`, `identity`."""
        return [each for each in self._own.children() if _says(each, words)]

    def ready(self, *words: str) -> int:
        """How many of them say that they are ready."""
        return sum(_is_ready(each) for each in self.processes(*words))

    def kill(self, *words: str, oldest: bool = False) -> None:
        """End one of them, of several the youngest or the oldest, with all that it started."""
        _kill((min if oldest else max)(self.processes(*words), key=_age))

    def kill_all(self, *words: str) -> None:
        """End all of them, with all that they started."""
        for process in self.processes(*words):
            _kill(process)

    def kill_server(self, program: str) -> None:
        """End a server with all that it started."""
        _kill(min((each for each in self._own.children(recursive=True) if each.name() == program), key=_age))

    @property
    def _own(self) -> psutil.Process:
        assert self.process is not None
        return psutil.Process(self.process.pid)

    @property
    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.lines.append(line.rstrip("\n"))


def _age(process: psutil.Process) -> float:
    return float(process.create_time())


def _kill(process: psutil.Process) -> None:
    """Whoever calls next finds it gone: until it has ended, what it listens on still takes calls."""
    ended = (process, *process.children(recursive=True))
    for each in ended:
        with suppress(psutil.NoSuchProcess):  # a child that ended with its parent
            each.kill()
    psutil.wait_procs(ended, timeout=30)


def _is_ready(process: psutil.Process) -> bool:
    try:
        words = process.cmdline()
        return httpx.get(f"http://127.0.0.1:{words[words.index('--port') + 1]}/readyz", trust_env=False).is_success
    except (psutil.NoSuchProcess, ValueError, httpx.TransportError):  # it ended, or only begins
        return False


def _says(process: psutil.Process, words: tuple[str, ...]) -> bool:
    try:
        said = process.cmdline()
    except psutil.NoSuchProcess:
        return False
    return any(tuple(said[start : start + len(words)]) == words for start in range(len(said)))


def _neighbours() -> int:
    """A free port whose next neighbours are free, too."""
    while True:
        (port,) = free(1)
        if all(is_free(port + number) for number in range(1, _PORTS)):
            return port
