"""Wardenry's own processes on this machine: started, looked after, ended, and never left behind."""

import shutil
import signal
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from deploy.native import ports, watchdog
from deploy.native.errors import ServerError
from deploy.native.plan import Spec
from deploy.native.process import PrivateProcess
from deploy.native.users import User

END_SECONDS = 20
ONCE_SECONDS = 300
_LOOK_EVERY = 0.2
_PAUSE = 1.0
_LOG_LINES = 20


class Processes:
    """Whatever ends by itself is started again, as a container engine does, until `close`.

    A watchdog ends all of them if this process dies. `logs` has a file for each.
    """

    def __init__(self, logs: Path) -> None:
        """Nothing is started yet."""
        self._logs = logs
        self._folder = Path(tempfile.mkdtemp(prefix="wardenry-processes-"))
        self._watchdog = watchdog.start(self._folder)
        self._specs: dict[str, Spec] = {}
        self._running: dict[str, PrivateProcess] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def run(self, specs: Sequence[Spec]) -> None:
        """Run those that end, all at once; raises ServerError with what a failed one wrote."""
        processes = {spec.name: self._launch(spec) for spec in specs}
        for name, process in processes.items():
            if process.wait(ONCE_SECONDS) != 0:
                raise ServerError(f"{name} failed:\n{self._end_of_log(name)}")

    def start(self, specs: Sequence[Spec]) -> None:
        """Start those that stay, and look after them."""
        self._specs = {spec.name: spec for spec in specs}
        with self._lock:
            for spec in specs:
                self._running[spec.name] = self._launch(spec)
        self._keeper.start()

    @property
    def numbers(self) -> Mapping[str, int]:
        """The process numbers by name, of those that run now."""
        with self._lock:
            return {name: process.tree.root.number for name, process in self._running.items()}

    def unready(self) -> list[str]:
        """The names of those that do not say they are ready."""
        with ThreadPoolExecutor(8) as pool:
            told = dict(zip(self._specs, pool.map(_is_ready, self._specs.values()), strict=True))
        return [name for name, ready in told.items() if not ready]

    def close(self) -> None:
        """End all of them as they wish to be ended, at once."""
        self._closing.set()
        if self._keeper.is_alive():
            self._keeper.join()
        with ThreadPoolExecutor(max(1, len(self._running))) as pool:
            list(pool.map(_end, self._running.values()))
        self._running.clear()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._watchdog.wait()

    def _launch(self, spec: Spec) -> PrivateProcess:
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self._folder), "LANG": "C.UTF-8", **spec.environment}
        process = PrivateProcess(
            spec.command, user=User(), folder=self._folder, environment=environment, log=self._log(spec.name)
        )
        watchdog.note(self._folder, process.tree, spec.name)
        return process

    def _keep(self) -> None:
        while not self._closing.wait(_LOOK_EVERY):
            for name, process in list(self._running.items()):
                if not process.running and not self._closing.wait(_PAUSE):
                    process.kill()  # what it left of itself
                    with self._lock:
                        self._running[name] = self._launch(self._specs[name])

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _end_of_log(self, name: str) -> str:
        return "\n".join(self._log(name).read_text(errors="replace").splitlines()[-_LOG_LINES:])


def _end(process: PrivateProcess) -> None:
    try:
        process.end(signal.SIGTERM, END_SECONDS)
    except ServerError:
        process.kill()


def _is_ready(spec: Spec) -> bool:
    try:
        return httpx.get(f"http://{ports.HOST}:{spec.port}/readyz", timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False
