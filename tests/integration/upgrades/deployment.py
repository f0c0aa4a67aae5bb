"""Processes of several versions over one set of databases and one broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from chassis.testing.waiting import eventually
from deploy.native.ports import free

_WARDENRY = (sys.executable, "-m", "wardenry")
_READY = 200


@dataclass
class Deployment:
    """`urls` has the web processes by version."""

    folder: Path
    variables: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20))

    def migrate(self, tree: Path, *services: str) -> subprocess.CompletedProcess[str]:
        """`wardenry migrate` of a tree's version."""
        return subprocess.run(
            [*_WARDENRY, "migrate", *services],
            cwd=tree,
            env=self.variables,
            check=False,
            timeout=300,
            capture_output=True,
            text=True,
        )

    def serve(self, version: str, tree: Path) -> None:
        """Start registration's web process, and wait until it lives."""
        (port,) = free(1)
        self._start(f"serve {version}", tree, "serve", "registration", "--port", str(port), "--threads", "4")
        self.urls[version] = f"http://127.0.0.1:{port}"
        eventually(lambda: self._asked(version, "/livez") == _READY, within=300, every=0.2)

    def work(self, version: str, tree: Path, *services: str) -> None:
        """Start the work processes of these services."""
        for service in services:
            self._start(f"work {version} {service}", tree, "work", service)

    def end(self, version: str) -> None:
        """As an orchestrator ends a version: no calls any more, then SIGTERM."""
        self.urls.pop(version, None)
        names = [name for name in self.running if name.split()[1] == version]
        for name in names:
            self.running[name].send_signal(signal.SIGTERM)
        for name in names:
            assert self.running.pop(name).wait(120) == 0, name

    def kill(self) -> None:
        """End whatever is left, with all that it started."""
        self.urls.clear()
        for process in self.running.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._client.close()

    def ready(self, version: str) -> bool:
        """Whether a gateway would send it calls."""
        return self._asked(version, "/readyz") == _READY

    def await_ready(self, version: str) -> None:
        """Wait until it is ready; where it is already, this says that it still is."""
        eventually(lambda: self.ready(version), within=300, every=0.2)

    def servers(self) -> Sequence[tuple[str, str]]:
        """What a gateway sends calls to: whatever is ready."""
        urls = dict(self.urls)
        return [(version, url) for version, url in urls.items() if self.ready(version)] or list(urls.items())

    def _asked(self, version: str, path: str) -> int:
        try:
            return self._client.get(f"{self.urls[version]}{path}").status_code
        except (httpx.TransportError, KeyError):
            return 0

    def _start(self, name: str, tree: Path, *words: str) -> None:
        with (self.folder / f"{name.replace(' ', '-')}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*_WARDENRY, *words], cwd=tree, env=self.variables, stdout=log, stderr=log, start_new_session=True
            )
