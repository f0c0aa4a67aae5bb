"""A private PostgreSQL server."""

import secrets
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from deploy.native import packages, ports
from deploy.native.databases import Databases
from deploy.native.server import Server

ADMINISTRATOR = "administrator"
_CONNECTIONS = 200
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresqlServer(Server):
    """PostgreSQL on a loopback port of its own, the same over all its starts.

    A durable one keeps what it acknowledged whatever is killed; a fast one never waits for the disk, and so
    is not for tests of crashes.
    """

    user_name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # the fast way: open transactions are rolled back

    def __init__(
        self,
        *,
        durable: bool = False,
        kept: Path | None = None,
        port: int | None = None,
        password: str | None = None,
        settings: Sequence[str] = (),
    ) -> None:
        """Nothing is started yet; kept data need the password that they were made with.

        `settings` are more of PostgreSQL's own, as `name=value`.
        """
        super().__init__(kept)
        self.durable = durable
        self._settings = tuple(settings)
        self.databases = Databases(
            ports.HOST, port or ports.free(1)[0], ADMINISTRATOR, password or secrets.token_urlsafe(18)
        )

    def install(self) -> None:
        """Have Debian's newest PostgreSQL."""
        packages.POSTGRESQL.path()

    def prepare(self) -> None:
        """Lay out an empty cluster whose administrator has a password of their own."""
        password = self.write("password", self.databases.password)
        try:
            self.run(
                self._binary("initdb"),
                *("--pgdata", self._cluster, "--username", ADMINISTRATOR, "--pwfile", password),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            )
        finally:
            password.unlink()

    def command(self) -> list[str]:
        """The server, on loopback alone and without sockets, whose paths have a narrow limit."""
        settings = [
            f"listen_addresses={self.databases.host}",
            f"port={self.databases.port}",
            "unix_socket_directories=",
            f"max_connections={_CONNECTIONS}",
            *([] if self.durable else _FAST),
            *self._settings,
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        return [str(self._binary("postgres")), "-D", str(self._cluster), *options]

    def ready(self) -> bool:
        """Whether it lets its administrator in."""
        return self.databases.ready()

    @property
    def _cluster(self) -> Path:
        return self.data / "cluster"

    def _binary(self, name: str) -> Path:
        return packages.POSTGRESQL.path().with_name(name)
