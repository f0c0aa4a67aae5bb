"""A private RabbitMQ server, with a port mapper of its own."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from deploy.native import packages, ports
from deploy.native.broker import Broker
from deploy.native.server import Server

ADMINISTRATOR = "administrator"
PORTS = 4
_MEMORY = "600MB"
_DISK = "50MB"

# The port mapper would stay behind as a daemon if Erlang started it; so it is started first, as a child.
_START = '"$1" -address 127.0.0.1 -port "$2" & exec "$3"'

_SETTINGS = """\
listeners.tcp.1 = {host}:{port}
management.tcp.ip = {host}
management.tcp.port = {management_port}
default_user = {user}
default_pass = {password}
loopback_users = none
log.console = false
log.file.level = warning
vm_memory_high_watermark.absolute = {memory}
disk_free_limit.absolute = {disk}
collect_statistics_interval = 1000
"""

# Nodes talk on loopback alone; a dead letter without a route is tried again soon, not after three minutes.
_ADVANCED = """\
[{kernel, [{inet_dist_use_interface, {127, 0, 0, 1}}]},
 {rabbit, [{dead_letter_worker_publisher_confirm_timeout, 3000}]}].
"""


class RabbitmqServer(Server):
    """RabbitMQ with its management API on loopback ports of its own, the same over all its starts.

    What it confirmed as persistent outlives a kill (but see `has_on_disk`). It takes about 4 s to start, 15 s on
    a loaded machine, and 7 s to stop.
    """

    user_name: ClassVar[str] = "rabbitmq"

    def __init__(
        self,
        kept: Path | None = None,
        own_ports: Sequence[int] | None = None,
        user: str = ADMINISTRATOR,
        password: str | None = None,
    ) -> None:
        """Nothing is started yet; kept data need the ports and the user that they were made with."""
        super().__init__(kept)
        self._port, self._management_port, self._node_port, self._mapper_port = own_ports or ports.free(PORTS)
        self._password = password or secrets.token_urlsafe(18)
        self.broker = Broker(ports.HOST, self._port, self._management_port, user, self._password)

    def install(self) -> None:
        """Have Debian's RabbitMQ."""
        packages.RABBITMQ.path()

    def prepare(self) -> None:
        """Write its settings."""
        values = {
            "host": ports.HOST,
            "port": self._port,
            "management_port": self._management_port,
            "user": self.broker.user,
            "password": self._password,
            "memory": _MEMORY,
            "disk": _DISK,
        }
        self.write("rabbitmq.conf", _SETTINGS.format_map(values))
        self.write("advanced.config", _ADVANCED)
        self.write("enabled_plugins", "[rabbitmq_management].\n")

    def command(self) -> list[str]:
        """The port mapper and the server."""
        mapper = packages.EPMD.path()
        return ["sh", "-c", _START, "sh", str(mapper), str(self._mapper_port), str(packages.RABBITMQ.path())]

    def environment(self) -> dict[str, str]:
        """Everything that would otherwise be looked for in the system's own folders."""
        return super().environment() | {
            "RABBITMQ_NODENAME": f"wardenry-{self._port}@localhost",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_MNESIA_BASE": str(self.data / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.data / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.data / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.data / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.data / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(self.data / "pid"),
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._node_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none",
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": ports.HOST,
        }

    def ready(self) -> bool:
        """Whether it listens for AMQP."""
        return self.broker.ready()

    def close(self) -> None:
        """Kill it and remove its folder."""
        super().close()
        self.broker.close()

    def has_on_disk(self, virtual_host: str, queue: str) -> bool:
        """Whether a quorum queue outlives a kill by now.

        RabbitMQ 3.10 writes down a second late that it made one, though it confirms messages at once: a kill
        within that second loses the queue with all that was confirmed in it.
        """
        name = f"{virtual_host}_{queue}".encode()
        return any(name in register.read_bytes() for register in self.data.glob("mnesia/*/quorum/*/names.dets"))

    def control(self, *words: str) -> str:
        """Run `rabbitmqctl` with these words; what it answered. Takes a second or more."""
        return self.run(self._control(), "--quiet", *words)

    def _control(self) -> Path:
        return packages.RABBITMQ.path().with_name("rabbitmqctl")
