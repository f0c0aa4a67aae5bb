"""The only place where audit is wired."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from chassis.assembly import Service
from chassis.db.work import SqlUnitOfWork
from chassis.kernel.cause import Cause
from chassis.kernel.clock import Clock
from chassis.telemetry.telemetry import Telemetry
from chassis.web.application import create_app
from chassis.web.exchange import OnBegin
from chassis.wiring import Wiring, wire
from services.audit.adapters.csv_document import csv_document
from services.audit.adapters.files import new_file
from services.audit.adapters.store import SqlStore
from services.audit.adapters.work import LoggedUnitOfWork
from services.audit.adapters.xlsx_document import xlsx_document
from services.audit.api.register import BLUEPRINTS
from services.audit.application.ports import Ports, Store
from services.audit.domain.reading import Format
from services.audit.events.published import SOURCE, publish
from services.audit.events.sources import SOURCES
from services.audit.events.subscribed import SUBSCRIPTIONS
from services.audit.settings import Settings


def build_from_environment(environment: Mapping[str, str], telemetry: Telemetry | None = None) -> Service:
    """The service with settings from the environment; raises `SettingsError`."""
    return build(Settings.from_environment(environment), telemetry=telemetry)


def build(settings: Settings, clock: Clock | None = None, *, telemetry: Telemetry | None = None) -> Service:
    """The service, idle: nothing is connected and no thread runs."""
    wiring: Wiring[Store] = wire(SOURCE, settings, SqlStore, publish, clock, telemetry=telemetry)
    ports = make_ports(wiring.clock)

    def begin(cause: Cause, on_begin: OnBegin | None = None) -> SqlUnitOfWork[Store]:
        return LoggedUnitOfWork(wiring.engine, wiring.outlet, cause, ports, on_begin=on_begin)

    edge = wiring.edge(
        settings,
        ports,
        title="Wardenry audit",
        description="What happened, once and in order, and who was given which access by whom.",
        blueprints=BLUEPRINTS,
        begin=begin,
    )
    return wiring.service(create_app(edge), SOURCES, wiring.worker(SUBSCRIPTIONS, ports))


def make_ports(clock: Clock) -> Ports:
    """What the use cases are handed."""
    documents = {Format.XLSX: xlsx_document, Format.CSV: csv_document}
    return Ports(clock=clock, salts=secrets.token_bytes, documents=documents, new_file=new_file)
