"""The distributed form on this machine: the processes of docker-compose.yml over private servers, behind nginx."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy import composed
from deploy.make_secrets import BROKER_USER, SERVICES, Addresses, SecretFiles, make_secrets
from deploy.native import plan, ports, rabbitmq
from deploy.native.errors import ServerError
from deploy.native.keeper import Keeper
from deploy.native.mail import MailCatcher
from deploy.native.nginx import SITES, NginxServer
from deploy.native.postgresql import PostgresqlServer
from deploy.native.processes import Processes
from deploy.native.rabbitmq import RabbitmqServer
from deploy.native.server import Server

MAILBOX = len(SITES)
"""The mailbox's port, counted from the first site's."""

_READY_SECONDS = 300
_LOOK_EVERY = 0.5
_DEMO = "demo"
_HELD_BACK = ("GATEWAY_REQUESTS_PER_SECOND", "GATEWAY_BURST")


def site_urls(port: int) -> dict[str, str]:
    """Where browsers find each site: the first on this port, the next on the next."""
    return {site: f"http://localhost:{port + number}" for number, site in enumerate(SITES)}


class Stack:
    """Everything that `docker compose up` starts but what only watches; up within the `with` block.

    The medical site is on `port`, the behavioral one on the next, the mailbox on the one after. What must last lies
    in `folder`, from one start to the next; so do the logs. `environment` has variables of docker-compose.yml.
    """

    def __init__(self, folder: Path, port: int, environment: Mapping[str, str]) -> None:
        """Nothing is started yet."""
        self.folder = folder
        self.logs = folder / "logs"
        self._port = port
        self._sites = site_urls(port)
        urls = {f"WARDENRY_{site.upper()}_URL": url for site, url in self._sites.items()}
        self._parts = composed.parts({**environment, **urls})
        self._here = plan.Here(folder / "secrets", {})
        self._servers: list[Server] = []
        self._started = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:
            self._start(started)
            self._started = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._started.close()

    def add_demo(self) -> None:
        """Put the demo practices and people in, unless they are there."""
        self._processes.run([plan.single(self._parts[_DEMO], self._here)])

    def _start(self, started: ExitStack) -> None:
        for port in range(self._port, self._port + MAILBOX + 1):
            if not ports.is_free(port):
                raise ServerError(f"port {port} is in use: name another first one, of {MAILBOX + 1} in a row")
        self.logs.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._serve_data(started)
        self._catch_mail(started)
        gateway = self._gateway()
        specs = plan.lay_out(self._parts, self._here)
        self._processes = started.enter_context(closing(Processes(self.logs)))
        self._processes.run(list(plan.once(self._parts, self._here)))
        self._processes.start(specs)
        self._wait_until_ready()
        servers = (*self._servers, started.enter_context(gateway))
        started.enter_context(closing(Keeper(servers)))

    def _serve_data(self, started: ExitStack) -> None:
        postgresql_port, *broker_ports = self._lasting_ports()
        files = SecretFiles(self._here.secrets)
        addresses = Addresses(f"{ports.HOST}:{postgresql_port}", f"{ports.HOST}:{broker_ports[0]}", sites=self._sites)
        make_secrets(files, addresses)
        databases = started.enter_context(
            PostgresqlServer(
                durable=True,
                kept=self.folder / "postgresql",
                port=postgresql_port,
                password=files.read("postgresql_password"),
            )
        )
        started.callback(databases.stop)
        self._servers.append(databases)
        for service in SERVICES:
            databases.databases.ensure(service, files.read(f"{service}_database_password"))
        password = files.read("broker_password")
        broker = started.enter_context(RabbitmqServer(self.folder / "rabbitmq", broker_ports, BROKER_USER, password))
        started.callback(broker.stop)
        self._servers.append(broker)
        self._here.places["rabbitmq:15672"] = f"{ports.HOST}:{broker_ports[1]}"

    def _catch_mail(self, started: ExitStack) -> None:
        (port,) = ports.free(1)
        tls = (self._here.secrets / "mail_certificate", self._here.secrets / "mail_certificate_key")
        mail = MailCatcher(port, self._port + MAILBOX, tls, self.folder / "mails.jsonl")
        mail.start()
        started.callback(mail.stop)
        self._here.places["mail:1025"] = f"{ports.HOST}:{port}"

    def _gateway(self) -> NginxServer:
        """Not started; where the web processes are it learns when they are laid out."""
        site_ports = [self._port + number for number in range(len(SITES))]
        given = self._parts["gateway"].environment
        held_back = {name: given[name] for name in _HELD_BACK}
        gateway = NginxServer(self._here.web, site_ports, held_back, self._here.any_web)
        for site, port in gateway.inside_ports.items():
            listen = given[f"GATEWAY_INSIDE_{site.upper()}_LISTEN"]
            self._here.places[f"gateway:{listen}"] = f"{ports.HOST}:{port}"
        return gateway

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + _READY_SECONDS
        while unready := self._processes.unready():
            if time.monotonic() > end:
                raise ServerError(f"not ready after {_READY_SECONDS} s: {', '.join(unready)}; see {self.logs}")
            time.sleep(_LOOK_EVERY)

    def _lasting_ports(self) -> Sequence[int]:
        """The servers' ports, the same at every start: RabbitMQ's data bear the name of a node with a port in it."""
        path = self.folder / "ports.json"
        if not path.exists():
            path.write_text(json.dumps(ports.free(1 + rabbitmq.PORTS)), encoding="utf-8")
        found: list[int] = json.loads(path.read_text(encoding="utf-8"))
        return found
