"""What the commands of `wardenry bus` work upon: the broker, and every service's database, in either mode."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pika.adapters.blocking_connection import BlockingConnection
from pika.exceptions import AMQPError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from chassis.bus.broker import BrokerUnavailableError, connected
from chassis.bus.operations.management import Management, ManagementError, managed
from chassis.bus.topology import TopologyError
from chassis.db.engine import make_engine
from wardenry.commands.bus.settings import BrokerSettings
from wardenry.commands.refusals import UnusableError, told_plainly
from wardenry.embedded.folder import MARK, DataFolder, FolderError
from wardenry.registry import SERVICES, settings_of

service_argument = click.argument("service", type=click.Choice(SERVICES))
services_argument = click.argument("services", nargs=-1, type=click.Choice(SERVICES))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The services' databases by name, and the broker where there is one."""

    engines: dict[str, Engine]
    broker: BlockingConnection | None


@contextmanager
def surroundings(data: Path | None, services: Sequence[str] = SERVICES) -> Iterator[Surroundings]:
    """A data folder's databases, or those of the environment with its broker; let go of at the end.

    Whatever cannot be used ends the command with one sentence and exit code 2.
    """
    with ExitStack() as stack:
        stack.enter_context(_errors_told())
        engines = {name: _engine(data, name) for name in services or SERVICES}
        for engine in engines.values():
            stack.callback(engine.dispose)
        broker = None if data else stack.enter_context(connected(broker_settings().url))
        yield Surroundings(engines, broker)


@contextmanager
def broker_errors_told() -> Iterator[None]:
    """A broker that cannot be used, or breaks off, ends the command with one sentence and exit code 2."""
    with told_plainly(BrokerUnavailableError, ManagementError, TopologyError):
        try:
            yield
        except AMQPError as error:
            raise UnusableError(f"The broker broke off: {str(error) or type(error).__name__}.") from error


def broker_settings() -> BrokerSettings:
    """The broker as the environment names it."""
    with told_plainly():
        return BrokerSettings.from_environment(os.environ)


@contextmanager
def management_of(settings: BrokerSettings) -> Iterator[Management | None]:
    """The management API, where the environment names it."""
    if settings.management_url is None:
        yield None
        return
    with managed(settings.management_url, settings.url) as management:
        yield management


@contextmanager
def _errors_told() -> Iterator[None]:
    with broker_errors_told(), told_plainly(FolderError):
        try:
            yield
        except DBAPIError as error:
            raise UnusableError(f"A database cannot be used: {_first_line(error.orig)}") from error


def _engine(data: Path | None, service: str) -> Engine:
    if data is None:
        with told_plainly():
            settings = settings_of(service).from_environment(os.environ)
        return make_engine(settings.database_url.get_secret_value(), pool_size=2)
    if not (data / MARK).exists() or not (data / f"{service}.sqlite").exists():
        raise FolderError(f"No Wardenry has run in {data}: name the folder of one with --data.")
    return make_engine(DataFolder(data).database_url(service), pool_size=2)


def _first_line(error: Any) -> str:
    return str(error).partition("\n")[0]
