"""Single processes of the distributed form, each with a port where it says how it is."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from chassis.testing.waiting import eventually
from deploy.native.ports import free
from tests.e2e.deployments import WARDENRY
from tests.e2e.distributed import Distributed
from wardenry.registry import bootstrap_of

START_SECONDS = 200.0


class Seen(Distributed):
    """The distributed form whose working processes have a door, too."""

    def __init__(self, folder: Path, databases: Mapping[str, str], broker: str) -> None:
        super().__init__(folder, databases, broker)
        self.set("WARDENRY_ADDRESS_LIMITS", "true")
        self._doors = {name: free(1)[0] for name in self.processes}

    def set(self, variable: str, value: str) -> None:
        """Of every process that is started from now on."""
        self._environment[variable] = value

    def migrate(self, service: str) -> None:
        """Bring a service's database to the newest revision."""
        assembled = bootstrap_of(service).build_from_environment(self._environment)
        assembled.migrate()
        assembled.engine.dispose()

    def start_process(self, name: str, *more: str, **variables: str) -> None:
        kind, service = name.split()
        threads = ("--threads", "4") if kind == "serve" and "--threads" not in more else ()
        command = [WARDENRY, kind, service, "--port", str(self.port(name)), *threads, *more]
        with (self.folder / f"{kind}-{service}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, env=self._environment | variables, stdout=log, stderr=log, start_new_session=True
            )

    def port(self, name: str) -> int:
        kind, service = name.split()
        return self.ports[service] if kind == "serve" else self._doors[name]

    def ask(self, name: str, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port(name)}{path}", timeout=30, **options)

    def status(self, name: str, path: str) -> int:
        """What it answers, 0 where nobody does."""
        try:
            return self.ask(name, path).status_code
        except httpx.TransportError:
            return 0

    def until(self, name: str, path: str, status: int, within: float = START_SECONDS) -> None:
        eventually(lambda: self.status(name, path) == status, within=within, every=0.1)

    def tell(self, name: str, number: int = signal.SIGTERM) -> None:
        self._running[name].send_signal(number)

    def ended(self, name: str, within: float) -> int:
        """Its exit code."""
        process = self._running.pop(name)
        try:
            return process.wait(within)
        finally:
            process.kill()

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name.replace(' ', '-')}.log").read_text(encoding="utf-8", errors="replace")
