"""Finds the programs of servers and of tests, and installs their Debian packages where they are missing."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.native.errors import ServerError

INSTALLER = Path(__file__).with_name("install-packages")
INSTALL_SECONDS = 900


@dataclass(frozen=True)
class Program:
    """A server's program: where Debian puts it, as a pattern below the root, and what packages bring it."""

    name: str
    pattern: str
    packages: tuple[str, ...]

    def found(self, root: Path = Path("/")) -> Path | None:
        """The program's path, of several the newest version's, or None where it is not installed."""
        return max(root.glob(self.pattern), key=_version, default=None)

    def path(self) -> Path:
        """The program's path, installed first if missing. Raises ServerError when that cannot be done."""
        return self.found() or self._installed()

    def _installed(self) -> Path:
        install(*self.packages)
        if path := self.found():
            return path
        raise ServerError(f"installed {' '.join(self.packages)}, but there is no /{self.pattern}")


POSTGRESQL = Program("PostgreSQL", "usr/lib/postgresql/*/bin/postgres", ("postgresql",))
RABBITMQ = Program("RabbitMQ", "usr/lib/rabbitmq/bin/rabbitmq-server", ("rabbitmq-server",))
EPMD = Program("the Erlang port mapper", "usr/bin/epmd", ("rabbitmq-server",))
CHROMIUM = Program("Chromium", "usr/bin/chromium", ("chromium",))
FAKETIME = Program("libfaketime", "usr/lib/*/faketime/libfaketime.so.1", ("libfaketime",))
PROMTOOL = Program("promtool", "usr/bin/promtool", ("prometheus",))
NGINX = Program("nginx", "usr/sbin/nginx", ("nginx",))


def install(*packages: str) -> None:
    """Install Debian packages without starting a service; raises ServerError, which says what to do."""
    try:
        done = subprocess.run(
            [INSTALLER, *packages],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ServerError(f"installing {' '.join(packages)} took over {INSTALL_SECONDS} s") from error
    if done.returncode:
        raise ServerError(f"{' '.join(packages)} cannot be installed here:\n{done.stderr.strip()}")


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parts if part.isdecimal())
