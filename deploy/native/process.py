"""One run of a server's program: in a group of its own, ended by its own number, and only so."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.native.errors import ServerError
from deploy.native.tree import Tree, process
from deploy.native.users import User


class PrivateProcess:
    """A program running with all that it starts, its output appended to a log."""

    def __init__(
        self, command: Sequence[str], *, user: User, folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        """Start it now, in that folder, with that environment and no other, as that user."""
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=user.number,
                group=user.group,
                extra_groups=user.groups,
                start_new_session=True,
            )
        self.tree = Tree(process(self._child.pid))

    @property
    def running(self) -> bool:
        """Whether the program itself runs."""
        return self._child.poll() is None

    def wait(self, seconds: float) -> int | None:
        """The exit code of a program that ends by itself, None where it has not within so many seconds."""
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self, number: signal.Signals, seconds: float) -> None:
        """Send the program this signal and wait for its end; what it leaves behind is killed.

        Raises ServerError when it still runs after so many seconds.
        """
        self.tree.running()  # remembers its children before they lose their parent
        self._child.send_signal(number)
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise ServerError(f"process {self._child.pid} has not ended within {seconds:.0f} s") from error
        self.tree.kill()

    def kill(self) -> None:
        """End it and all that it started, nothing asked."""
        if not self.tree.kill():
            raise ServerError(f"process {self._child.pid} or one of its children cannot be killed")
        self._child.wait()

    def pause(self) -> None:
        """Stop all its processes in their tracks, until `resume`."""
        self.tree.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let them go on."""
        self.tree.signal(signal.SIGCONT)
