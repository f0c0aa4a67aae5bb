"""The only place where registration is wired."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import time, timedelta
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from pydantic import HttpUrl

from chassis.assembly import Errand, Service
from chassis.bus.loop import Wakeup
from chassis.calling.breaker import Breaker
from chassis.calling.deadline import BoundedTransport
from chassis.jobs.calendar import Daily, Hourly
from chassis.jobs.job import Job
from chassis.jobs.scheduler import Jobs
from chassis.kernel.cause import Cause
from chassis.kernel.clock import Clock
from chassis.kernel.ids import new_id
from chassis.security.hashing import HashingSlots, SlotsMeter
from chassis.security.service_tokens import ServiceTokens
from chassis.settings import secret_bytes
from chassis.telemetry.outgoing import TracedTransport
from chassis.telemetry.telemetry import Telemetry
from chassis.web.application import create_app
from chassis.wiring import Wiring, around, wire
from services.registration.adapters.csv_catalogue import read_catalogue
from services.registration.adapters.directory_csv import DirectoryCsv
from services.registration.adapters.http_accounts import IDENTITY, HttpAccounts
from services.registration.adapters.http_delegation import ENTITLEMENTS, HttpDelegation
from services.registration.adapters.import_runner import ImportRunner
from services.registration.adapters.mail_domains import AnyMailDomains, DnsMailDomains
from services.registration.adapters.people_csv import read_csv
from services.registration.adapters.people_documents import PeopleDocuments
from services.registration.adapters.people_xlsx import read_xlsx
from services.registration.adapters.row_spool import RowSpool
from services.registration.adapters.service_calls import Callee, ServiceCalls, TimeLimits
from services.registration.adapters.store import SqlStore
from services.registration.adapters.temporary_secrets import Argon2TemporarySecrets
from services.registration.adapters.turns import turn_for
from services.registration.api.register import BLUEPRINTS
from services.registration.application.directory_file import ImportProgress, Progress
from services.registration.application.end_invitations import (
    announce_invitation_ends,
    count_expiring,
    count_unannounced_ends,
    expire_invitations,
)
from services.registration.application.forget_imports import count_forgotten_imports, forget_imports
from services.registration.application.forget_invitees import count_forgotten_invitees, forget_invitees
from services.registration.application.import_directory import (
    ImportDirectory,
    ImportResult,
    ImportTools,
)
from services.registration.application.import_directory import (
    import_directory as import_file,
)
from services.registration.application.lapse_registrations import (
    count_lapsing,
    count_registrations,
    lapse_registrations,
)
from services.registration.application.ports import Ports, Store
from services.registration.application.tell_overdue import count_overdue, tell_overdue
from services.registration.domain.invitations import InvitationRules
from services.registration.domain.review import ReviewRules
from services.registration.events.published import SOURCE, publish
from services.registration.events.sources import SOURCES
from services.registration.events.subscribed import SUBSCRIPTIONS
from services.registration.settings import Settings

_LAPSE_MINUTE, _OVERDUE_MINUTE, _EXPIRY_MINUTE, _FORGETTING_MINUTE, _CLEARING_MINUTE = 20, 25, 35, 40, 50
_LOOK_FOR_IMPORTS = 0.5  # seconds: another process may have confirmed one
_MORNING = time(7, 0)
_CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=20)


def build_from_environment(environment: Mapping[str, str], telemetry: Telemetry | None = None) -> Service:
    """The service with settings from the environment; raises `SettingsError`."""
    return build(Settings.from_environment(environment), telemetry=telemetry)


def build(
    settings: Settings,
    clock: Clock | None = None,
    *,
    transports: Mapping[str, httpx.BaseTransport] | None = None,
    telemetry: Telemetry | None = None,
) -> Service:
    """The service, idle: nothing is connected and no thread runs.

    `transports` are other ways to identity and entitlements than the network, by the service's name, such as
    `httpx.WSGITransport` in the embedded mode.
    """
    wiring: Wiring[Store] = wire(SOURCE, settings, SqlStore, publish, clock, telemetry=telemetry)
    tracer = wiring.telemetry.tracer
    ways = {
        callee.name: TracedTransport((transports or {}).get(callee.name) or BoundedTransport(_CONNECTIONS), tracer)
        for callee in (IDENTITY, ENTITLEMENTS)
    }
    ports = make_ports(settings, wiring.clock, ways, wiring.telemetry.meters.hashing)
    edge = wiring.edge(
        settings,
        ports,
        title="Wardenry registration",
        description="How people come to an account: the directory, registrations, invitations, outreach.",
        blueprints=BLUEPRINTS,
    )
    worker = wiring.worker(SUBSCRIPTIONS, ports)
    runner = ImportRunner(wiring.transaction, ports)
    return wiring.service(
        create_app(edge),
        SOURCES,
        worker,
        errands=(Errand("imports", runner.step, Wakeup(), poll=_LOOK_FOR_IMPORTS),),
        jobs=_jobs(wiring, ports, settings),
    )


def _jobs(wiring: Wiring[Store], ports: Ports, settings: Settings) -> Jobs[Store]:
    zone = ZoneInfo(settings.jobs_time_zone)
    return wiring.jobs(
        Job(
            "registration-lapse",
            Hourly(_LAPSE_MINUTE, zone),
            batch=lambda work, as_of: lapse_registrations(work, ports, as_of),
            count=lambda work, as_of: count_lapsing(work, ports, as_of),
            whole=count_registrations,
        ),
        Job(
            "invitation-expiry",
            Hourly(_EXPIRY_MINUTE, zone),
            batch=lambda work, as_of: expire_invitations(work, ports, as_of),
            count=count_expiring,
        ),
        Job(
            "invitation-ending-notices",
            Daily(_MORNING, zone),
            batch=lambda work, as_of: announce_invitation_ends(work, ports, as_of),
            count=lambda work, as_of: count_unannounced_ends(work, ports, as_of),
        ),
        Job(
            "invitation-forgetting",
            Hourly(_FORGETTING_MINUTE, zone),
            batch=lambda work, as_of: forget_invitees(work, ports, as_of),
            count=lambda work, as_of: count_forgotten_invitees(work, ports, as_of),
        ),
        Job(
            "import-clearing",
            Hourly(_CLEARING_MINUTE, zone),
            batch=lambda work, as_of: forget_imports(work, ports, as_of),
            count=lambda work, as_of: count_forgotten_imports(work, ports, as_of),
        ),
        Job(
            "outreach-overdue",
            Hourly(_OVERDUE_MINUTE, zone),
            batch=lambda work, as_of: tell_overdue(work, ports, as_of),
            count=count_overdue,
        ),
    )


def make_ports(
    settings: Settings, clock: Clock, ways: Mapping[str, httpx.BaseTransport], meter: SlotsMeter | None = None
) -> Ports:
    """What the use cases are handed; `ways` lead to identity and entitlements, by the service's name."""
    tokens, limits = ServiceTokens([secret_bytes(settings.service_secret)], SOURCE, clock), TimeLimits()

    def calls(callee: Callee, url: HttpUrl) -> ServiceCalls:
        client = httpx.Client(base_url=str(url), transport=ways[callee.name], timeout=limits.of_each_wait)
        return ServiceCalls(callee, client, partial(tokens.issue, callee.name), Breaker(), limits)

    slots = HashingSlots(settings.hash_slots, settings.hash_queue, settings.hash_wait, meter)
    return Ports(
        clock=clock,
        accounts=HttpAccounts(calls(IDENTITY, settings.identity_url)),
        delegation=HttpDelegation(calls(ENTITLEMENTS, settings.entitlements_url)),
        temporary=Argon2TemporarySecrets(slots, settings.hash_slots),
        mail_domains=DnsMailDomains() if settings.email_domains_looked_up else AnyMailDomains(),
        rules=ReviewRules(read_catalogue(), settings.most_tins),
        people_files={"csv": read_csv, "xlsx": read_xlsx},
        people_documents=PeopleDocuments(),
        zone=ZoneInfo(settings.jobs_time_zone),
        confirm_within=timedelta(days=settings.confirm_days),
        invitations=InvitationRules(
            valid=timedelta(days=settings.invitation_days),
            announce=timedelta(days=settings.invitation_announce_days),
            kept=timedelta(days=settings.invitation_kept_days),
        ),
        outreach_within=timedelta(days=settings.outreach_days),
    )


def import_directory(
    service: Service, path: Path, progress: Progress | None = None, *, actor: str = "system:directory"
) -> ImportResult:
    """Import a directory file into a migrated database (REG-17), telling `progress` how far it is.

    Raises `FileUnreadableError` before anything was changed, `ImportRunningError` beside another import.
    """
    wiring: Wiring[Store] = around(service, SqlStore, publish)
    begin = partial(wiring.transaction, Cause(actor, str(new_id())))
    with closing(RowSpool()) as spool, _without_the_collector():
        tools = ImportTools(begin, spool, turn_for(service.engine))
        return import_file(ImportDirectory(DirectoryCsv(path), progress or _nobody), tools)


def seed_demo(service: Service) -> None:
    """Have the demo practices in the directory; what became of them since the first time stays."""
    with as_file(files("services.registration").joinpath("data", "demo_practices.csv")) as path:
        tins = {row[0] for rows in DirectoryCsv(path).batches(lambda _: None) for row in rows}
        with service.engine.connect().execution_options(write=False) as connection, connection.begin():
            known = SqlStore(connection).practices.named(tins)
        if tins - set(known):
            import_directory(service, path, actor="system:demo")


@contextmanager
def _without_the_collector() -> Iterator[None]:
    """Leave the cycle collector out: a million rows have no cycles, and looking for some takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _nobody(_: ImportProgress) -> None:
    """Nobody watches."""
