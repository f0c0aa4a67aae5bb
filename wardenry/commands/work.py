"""`wardenry work SERVICE`: one service's relay, consumer, inbox worker and errands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click

from chassis.bus.topology import declare
from chassis.telemetry.health import Health
from chassis.telemetry.logs import configure_logs
from chassis.telemetry.process import scraped, tracer_to
from chassis.telemetry.telemetry import Telemetry
from wardenry.commands.refusals import UnusableError, told_plainly
from wardenry.distributed.door import HealthDoor, HealthDoorError
from wardenry.distributed.preparing import keep_preparing
from wardenry.distributed.workers import Workers
from wardenry.ending import told_to_end, wait_for
from wardenry.registry import SERVICES, bootstrap_of, listeners, settings_of
from wardenry.stacks import tell_when_asked
from wardenry.starting import uncollected

_FINISH_WITHIN = 8.0  # the rest of ten seconds is for connections to close and the last traces to leave


@click.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to answer /livez, /readyz and /metrics.")
def work(service: str, host: str, port: int | None) -> None:
    """Carry events for SERVICE, with settings from the environment, until SIGTERM.

    Then it is not ready, finishes what is under way, and ends within ten seconds: with exit code 1 where something had
    to be cut short, which comes again.
    """
    configure_logs(service=service)
    tell_when_asked()
    with told_plainly(), uncollected():
        settings = settings_of(service).from_environment(os.environ)
        tracer = tracer_to(service, settings.otlp_endpoint, settings.trace_ratio)
        telemetry = scraped(service, tracer)
        assembled = bootstrap_of(service).build_from_environment(os.environ, telemetry)
    if settings.broker_url is None:
        raise UnusableError("WARDENRY_BROKER_URL is missing: name the RabbitMQ that joins the services.")
    broker = settings.broker_url.get_secret_value()
    topology = listeners()
    heard = any(service in sources for sources in topology.values())
    workers = Workers(assembled, broker, partial(declare, broker, topology), heard=heard)
    told = told_to_end()
    with _answering(host, port, workers.health(), telemetry):
        tracer.start()
        finished = True
        if keep_preparing(assembled.prepare, told):
            workers.start()
            click.echo("ready")
            wait_for(told)
            telemetry.drain.begin()
            finished = workers.stop(_FINISH_WITHIN)
        tracer.stop()
    if not finished:
        raise SystemExit(1)


@contextmanager
def _answering(host: str, port: int | None, health: Health, telemetry: Telemetry) -> Iterator[None]:
    if port is None:
        yield
        return
    with told_plainly(HealthDoorError):
        door = HealthDoor(host, port, health, telemetry)
    door.open()
    yield
    door.close()
