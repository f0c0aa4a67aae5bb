"""What every private server has in common: a folder, a user, a process, and a watchdog over them."""

import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from deploy.native import watchdog
from deploy.native.errors import ServerError
from deploy.native.process import PrivateProcess
from deploy.native.users import User, server_user

START_SECONDS = 240
STOP_SECONDS = 60
_PAUSE = 0.05
_LOG_LINES = 20
_PREPARED = "prepared"


class Server(ABC):
    """A server on loopback whose data lies in a temporary folder and outlives stopping, killing and starting.

    `close`, or leaving the `with` block, kills it and removes the folder; so does a watchdog when this process dies.
    Data that are to be kept lie in a folder of their own, and outlive that as well. As root it runs as the user whom
    its Debian package made, otherwise as whoever runs this. It is ended by its own number only: nothing that was not
    started here is ever touched.
    """

    user_name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, kept: Path | None = None) -> None:
        """Nothing is installed, laid out or started yet. `kept` is where data lie that are to be kept."""
        self._kept = kept
        self._folder: Path | None = None
        self._process: PrivateProcess | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def install(self) -> None:
        """Have the program installed; raises ServerError when that cannot be done."""

    @abstractmethod
    def prepare(self) -> None:
        """Lay out `data`, once, before the first start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The program with its arguments."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers as it should; asked again and again during start."""

    def environment(self) -> dict[str, str]:
        """All that the program finds in its environment."""
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.data), "LANG": "C.UTF-8"}

    @property
    def folder(self) -> Path:
        """Where everything of this server lies; raises ServerError before the first start."""
        if self._folder is None:
            raise ServerError(f"{type(self).__name__} has not been started")
        return self._folder

    @property
    def data(self) -> Path:
        """The part of `folder` that is the server's own."""
        return self._kept or self.folder / "data"

    @property
    def log(self) -> Path:
        """What it wrote to its standard streams, over all starts."""
        return self.folder / "output.log"

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.running

    def start(self) -> Self:
        """Start it, a first time or again, and wait until it is ready.

        Raises ServerError, with the log's end, when it ends by itself or is not ready in time.
        """
        if self.running:
            raise ServerError(f"{type(self).__name__} runs already")
        if self._folder is None:
            self._lay_out()
        self._process = PrivateProcess(
            self.command(), user=self._user(), folder=self.data, environment=self.environment(), log=self.log
        )
        watchdog.note(self.folder, self._process.tree)
        self._wait_until_ready()
        return self

    def stop(self) -> None:
        """End it the way its makers wish; raises ServerError when that takes too long."""
        if self._process is not None:
            self._process.end(self.stop_signal, STOP_SECONDS)

    def kill(self) -> None:
        """End it and all its processes by SIGKILL; its data stays as it was at that moment."""
        if self._process is not None:
            self._process.kill()

    def pause(self) -> None:
        """Stop all its processes in their tracks, until `resume`."""
        if self._process is not None:
            self._process.pause()

    def resume(self) -> None:
        """Let them go on."""
        if self._process is not None:
            self._process.resume()

    def close(self) -> None:
        """Kill it and remove its folder."""
        self.kill()
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None
        if self._watchdog is not None:
            self._watchdog.wait()
            self._watchdog = None

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, *command: str | Path) -> str:
        """Run a program that ends, as the server's user and in its environment; what it wrote.

        Raises ServerError with that when it fails.
        """
        user = self._user()
        done = subprocess.run(
            command,
            cwd=self.data,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=user.number,
            group=user.group,
            extra_groups=user.groups,
            timeout=START_SECONDS,
            check=False,
        )
        if done.returncode:
            raise ServerError(f"{Path(command[0]).name} failed:\n{done.stdout}")
        return done.stdout

    def write(self, name: str, text: str) -> Path:
        """Write a file of settings for the server alone to read, and not to change."""
        path = self.data / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        self._user().own(path)
        return path

    def _user(self) -> User:
        return server_user(self.user_name)

    def _lay_out(self) -> None:
        self.install()
        self._folder = Path(tempfile.mkdtemp(prefix=f"wardenry-{self.user_name}-"))
        self._folder.chmod(0o755)  # mkdtemp's 0700 would shut the server's user out
        self._watchdog = watchdog.start(self._folder)
        prepared = self.data / _PREPARED
        if not prepared.exists():
            shutil.rmtree(self.data, ignore_errors=True)  # what a killed start may have begun
            self.data.mkdir(mode=0o700, parents=True)
            self._user().own(self.data)
            self.prepare()
            prepared.touch()

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self.ready():
            if not self.running or time.monotonic() > end:
                self.kill()
                raise ServerError(f"{type(self).__name__} did not start:\n{self._end_of_log()}")
            time.sleep(_PAUSE)

    def _end_of_log(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LOG_LINES:])
