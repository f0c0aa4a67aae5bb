"""What wiring a service comes to, whatever the service: each `bootstrap` fills this in, and adds what is its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any, Generic, TypeVar

from flask import Flask
from sqlalchemy import Connection, Engine

from chassis.assembly import Errand, Service
from chassis.bus.inbox import Appetite
from chassis.bus.loop import Wakeup
from chassis.bus.readings import bus_figures
from chassis.bus.subscriptions import Subscription
from chassis.bus.worker import InboxWorker
from chassis.db.clock import clock_of
from chassis.db.engine import make_engine
from chassis.db.migrations import standing
from chassis.db.outbox import Outlet
from chassis.db.sessions import EndedSessions, VerificationKeys
from chassis.db.work import SqlUnitOfWork
from chassis.jobs.breadth import Breadth
from chassis.jobs.figures import job_figures
from chassis.jobs.job import Job
from chassis.jobs.scheduler import Jobs
from chassis.kernel.cause import Cause
from chassis.kernel.clock import Clock
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Publish
from chassis.kernel.work import UnitOfWork
from chassis.security.tokens import AccessTokenVerifier
from chassis.settings import ServiceSettings, secret_bytes
from chassis.telemetry.health import Check
from chassis.telemetry.telemetry import Telemetry
from chassis.web.definition import ServiceApp
from chassis.web.exchange import OnBegin

Store = TypeVar("Store")
Ports = TypeVar("Ports")
Outcome = TypeVar("Outcome")

_LOOK_FOR_JOBS = 15.0  # seconds


def _nothing() -> None:
    """Does nothing."""


@dataclass(frozen=True, slots=True)
class Wiring(Generic[Store]):
    """A service without its edges: what its web application, its worker and its commands all stand on.

    `name` is the service's name and source, `migrations` its Alembic script location. Nothing is connected yet.
    """

    name: str
    migrations: str
    engine: Engine
    store: Callable[[Connection], Store]
    publish: Publish
    clock: Clock
    events_kept: timedelta
    outbox_wakeup: Wakeup = field(default_factory=Wakeup)
    inbox_wakeup: Wakeup = field(default_factory=Wakeup)
    telemetry: Telemetry = field(default_factory=Telemetry)
    breadth: Breadth = field(default_factory=Breadth)
    _prepared: Event = field(default_factory=Event, init=False)

    @property
    def ready(self) -> Mapping[str, Check]:
        """Checks that hold where the service is prepared, and its database can be worked with."""
        return {
            "database": partial(standing.fits, self.engine, self.migrations, self.name),
            "prepared": self._prepared.is_set,
        }

    @property
    def outlet(self) -> Outlet:
        """Where the service's facts leave."""
        return Outlet(self.name, self.publish, self.outbox_wakeup)

    def begin(self, cause: Cause, on_begin: OnBegin | None = None) -> SqlUnitOfWork[Store]:
        """A new unit of work."""
        return SqlUnitOfWork(self.engine, self.store, self.outlet, cause, self.clock, on_begin=on_begin)

    @contextmanager
    def transaction(self, cause: Cause) -> Iterator[UnitOfWork[Store]]:
        """A unit of work that is committed where its block ends well, and rolled back where it does not."""
        work = self.begin(cause)
        try:
            yield work
            work.commit()
        finally:
            work.rollback()

    def run(self, actor: str, use_case: Callable[[UnitOfWork[Store]], Outcome]) -> Outcome:
        """Run a use case in a transaction of its own, in the name of an actor such as `system:demo`."""
        with self.transaction(Cause(actor, str(new_id()))) as work:
            return use_case(work)

    def worker(
        self,
        subscriptions: Sequence[Subscription[Store, Ports]],
        ports: Ports,
        *,
        applied: Callable[[], None] = _nothing,
    ) -> InboxWorker[Store, Ports]:
        """What applies the service's inbox; `applied` is told after each commit that had effects."""
        return InboxWorker(
            self.engine, subscriptions, self.store, ports, self.outlet, applied=applied, telemetry=self.telemetry
        )

    def jobs(self, *jobs: Job[Store]) -> Jobs[Store]:
        """What runs these jobs, in this order."""
        return Jobs(jobs, self.engine, self.begin, self.clock, self.breadth)

    def edge(self, settings: ServiceSettings, ports: Ports, **more: Any) -> ServiceApp[Store, Ports]:
        """The definition of the web application; `more` is what `ServiceApp` asks for beyond what all share."""
        shared: dict[str, Any] = {
            "name": self.name,
            "engine": self.engine,
            "begin": self.begin,
            "ports": ports,
            "verify_token": AccessTokenVerifier(
                settings.issuer, VerificationKeys(self.engine), EndedSessions(self.engine), self.clock
            ),
            "edge_secret": secret_bytes(settings.edge_secret),
            "ready": self.ready,
            "telemetry": self.telemetry,
            "default_site": settings.default_site,
            "trust_gateway": settings.trust_gateway,
            "address_limits": settings.address_limits,
            "clock": self.clock,
        }
        return ServiceApp(**(shared | more))

    def service(
        self,
        app: Flask,
        sources: tuple[str, ...],
        worker: InboxWorker[Any, Any],
        *,
        prepare: Callable[[], None] = _nothing,
        errands: tuple[Errand, ...] = (),
        beside: tuple[Errand, ...] = (),
        jobs: Jobs[Store] | None = None,
        release_claims: Callable[[], None] = _nothing,
        keeps_sealed: bool = False,
    ) -> Service:
        """The service put together, for whatever runs it."""
        self.telemetry.readings.add("bus", partial(bus_figures, self.engine))
        if jobs is not None:
            self.telemetry.readings.add("jobs", partial(job_figures, self.engine, [job.name for job in jobs.all]))
            errands = (*errands, Errand("jobs", jobs.step, Wakeup(), poll=_LOOK_FOR_JOBS))
        return Service(
            name=self.name,
            engine=self.engine,
            app=app,
            sources=sources,
            events_kept=self.events_kept,
            appetite=Appetite(worker.wants, keeps_sealed=keeps_sealed),
            inbox_step=worker.step,
            inbox_wakeup=self.inbox_wakeup,
            outbox_wakeup=self.outbox_wakeup,
            migrate=self._migrate,
            prepare=partial(self._prepare, prepare),
            errands=errands,
            beside=beside,
            jobs=jobs,
            release_claims=release_claims,
            ready=self.ready,
            telemetry=self.telemetry,
        )

    def _migrate(self) -> None:
        if standing.fits(self.engine, self.migrations, self.name):
            return
        from chassis.db.migrations import runner  # noqa: PLC0415 (Alembic takes long to import; few processes migrate)

        runner.migrate(self.engine, self.migrations, self.name)

    def _prepare(self, prepare: Callable[[], None]) -> None:
        prepare()
        self._prepared.set()


def wire(
    name: str,
    settings: ServiceSettings,
    store: Callable[[Connection], Store],
    publish: Publish,
    clock: Clock | None = None,
    *,
    telemetry: Telemetry | None = None,
) -> Wiring[Store]:
    """The wiring of `services.<name>` with its settings."""
    seen = telemetry or Telemetry()
    engine = make_engine(settings.database_url.get_secret_value(), meter=seen.meters.connections)
    kept = timedelta(days=settings.events_kept_days)
    return Wiring(
        name,
        migrations_of(name),
        engine,
        store,
        publish,
        clock or clock_of(engine),
        kept,
        telemetry=seen,
        breadth=Breadth(percent=settings.jobs_most_percent),
    )


def around(
    service: Service, store: Callable[[Connection], Store], publish: Publish, clock: Clock | None = None
) -> Wiring[Store]:
    """The wiring of a service that is already put together: for seeding, and for commands beside it."""
    return Wiring(
        service.name,
        migrations_of(service.name),
        service.engine,
        store,
        publish,
        clock or clock_of(service.engine),
        service.events_kept,
        service.outbox_wakeup,
        service.inbox_wakeup,
    )


def migrations_of(name: str) -> str:
    """Where the Alembic revisions of `services.<name>` are."""
    return f"services.{name}:migrations"
