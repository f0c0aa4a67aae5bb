"""A service's web process, as `wardenry serve` starts it, for as long as something is measured."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import psutil

from chassis.testing.waiting import eventually
from deploy.native.ports import free
from tests.e2e.deployments import WARDENRY

_TOLD = 2_000


@dataclass(frozen=True, slots=True)
class WebProcess:
    """Where it answers, and the process."""

    port: int
    process: psutil.Process

    @property
    def memory(self) -> float:
        """MiB that it and its workers hold."""
        both = (self.process, *self.process.children(recursive=True))
        return sum(each.memory_info().rss for each in both) / 2**20


@contextmanager
def web_process(service: str, variables: Mapping[str, str], *, threads: int, workers: int = 1) -> Iterator[WebProcess]:
    """One that is ready, of so many workers with so many threads; raises `RuntimeError` with what it said else."""
    (port,) = free(1)
    command = [WARDENRY, "serve", service, "--port", str(port), "--threads", str(threads)]
    command += ["--workers", str(workers)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=dict(variables), stdout=log, stderr=log)
        try:
            eventually(lambda: _answers(port) or process.poll() is not None, within=60)
            if process.poll() is not None:
                log.seek(0)
                raise RuntimeError(log.read().decode()[-_TOLD:])
            yield WebProcess(port, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(20)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).is_success
    except httpx.TransportError:
        return False
