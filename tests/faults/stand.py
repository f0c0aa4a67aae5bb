"""The distributed form over a RabbitMQ and a PostgreSQL of its own, which it reaches through proxies alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import Engine, text

from chassis.testing.waiting import eventually
from deploy.native.broker import VirtualHost
from deploy.native.postgresql import PostgresqlServer
from deploy.native.rabbitmq import RabbitmqServer
from tests.e2e.distributed import PASSWORD, Distributed
from tests.e2e.people import registration
from tests.e2e.seeding import seed
from tests.faults.campaign import Campaign
from tests.faults.clients import Manager, PatientClient
from tests.faults.journeys import TIN
from tests.faults.ledger import Ledger, Step
from tests.faults.proxy import Proxy
from tests.faults.reckoning import Reckoning, opened, reckon
from wardenry.registry import SERVICES


class Stand:
    """Everything that can be made to fail. `ledger` gathers what all campaigns on it were acknowledged."""

    def __init__(self, folder: Path) -> None:
        """Nothing is started yet."""
        self.folder = folder
        self.postgresql = PostgresqlServer(durable=True)
        self.rabbitmq = RabbitmqServer()
        self.ledger = Ledger()
        self._campaigns = 0
        self._callers = ThreadPoolExecutor(8)
        self._things = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as things:
            things.enter_context(self.postgresql)
            things.enter_context(self.rabbitmq)
            self.to_database = {
                service: things.enter_context(Proxy(self.postgresql.databases.port)) for service in SERVICES
            }
            self.to_broker = things.enter_context(Proxy(self.rabbitmq.broker.port))
            self.databases = {service: self.postgresql.databases.create() for service in SERVICES}
            self.virtual_host: VirtualHost = self.rabbitmq.broker.create_virtual_host()
            self.deployment = Distributed(
                self.folder,
                {service: self.to_database[service].through(made.url) for service, made in self.databases.items()},
                self.to_broker.through(self.virtual_host.url),
            )
            things.callback(self.deployment.stop)
            self.deployment.start()
            seed(self.deployment)
            self.manager = Manager(self.deployment, PASSWORD, self.ledger)
            things.callback(self.manager.close)
            self._things = things.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._things.close()

    @contextmanager
    def engines(self) -> Iterator[dict[str, Engine]]:
        """Engines on the databases, straight, whatever becomes of the proxy."""
        with opened({service: made.url for service, made in self.databases.items()}) as engines:
            yield engines

    def campaign(self, people: int | None, *, at_once: int = 4) -> Campaign:
        """People who come; the names of each campaign's are its own."""
        self._campaigns += 1
        return Campaign(self.manager, people, at_once=at_once, name=f"{self._campaigns:02d}")

    def registering(self, user_id: str) -> Future[None]:
        """Somebody registers, and calls until they are answered; their user ID must begin as a campaign's do."""
        return self._callers.submit(self._register, user_id)

    def _register(self, user_id: str) -> None:
        client = PatientClient(self.deployment, self.ledger)
        body = registration(user_id, [{"tin": TIN, "line": "medical"}])
        with closing(client):
            client.call("POST", "/api/registration/v1/registrations", expect={201}, json=body)
        self.ledger.acknowledged(Step.REGISTERED, user_id)

    def rows(self, service: str, query: str, **values: Any) -> list[Any]:
        """What a service's database answers, asked straight."""
        with self.engines() as engines, engines[service].connect() as connection:
            return list(connection.execute(text(query), values))

    def execute(self, service: str, statement: str) -> None:
        """Change a service's database behind its back."""
        with self.engines() as engines, engines[service].begin() as connection:
            connection.execute(text(statement))

    def administer(self, statement: str) -> None:
        """Have the server's administrator do something that no transaction may hold."""
        plain = self.postgresql.databases.url("postgres").replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())

    def reckon(self) -> Reckoning:
        """What became of everything so far."""
        with self.engines() as engines:
            return reckon(engines, self.ledger)

    def heal(self) -> None:
        """Have everything up again that a test left down."""
        for proxy in (*self.to_database.values(), self.to_broker):
            proxy.heal()
        office = self.deployment.post_office
        office.slowness, office.mute = 0.0, False
        for server in (self.postgresql, self.rabbitmq):
            server.resume()
            if not server.running:
                server.start()
        for name in self.deployment.processes:
            self.deployment.revive(name)
        eventually(self.deployment.answers, within=240, every=0.2)
