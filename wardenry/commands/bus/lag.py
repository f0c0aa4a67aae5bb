"""`wardenry bus lag`: how far behind everything is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from chassis.bus.operations.lag import QueueLag, SubscriberLag, database_lag, queue_lag, subscriber_lag
from chassis.bus.operations.subscribers import PREFIX
from wardenry.commands.bus.surroundings import (
    Surroundings,
    broker_settings,
    management_of,
    services_argument,
    surroundings,
)
from wardenry.commands.operating import data_option, json_option

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_HELD = ("retrying", "unknown", "missing", "parked", "unreadable")


@click.command()
@services_argument
@data_option
@json_option
def lag(services: tuple[str, ...], data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Show what waits, for SERVICES or all: in outboxes, in the broker's queues, in inboxes; and what is held up.

    Held-up subjects are those tried again (retrying), waiting for something unknown so far (unknown), lacking an event
    before the next one (missing), or set aside (parked). Ages are those of the oldest. Outside consumers are listed
    where WARDENRY_BROKER_MANAGEMENT_URL is set.
    """
    with surroundings(data, services) as there:
        rows = {name: _row(there, name) for name in there.engines}
        subscribers = _subscribers(there)
    if as_json:
        document = {"services": rows, "subscribers": [each.document() for each in subscribers]}
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    _print(rows, subscribers)


def _row(there: Surroundings, service: str) -> dict[str, Any]:
    queue = queue_lag(there.broker, service) if there.broker else QueueLag(None, None)
    return database_lag(there.engines[service]).document() | queue.document()


def _subscribers(there: Surroundings) -> list[SubscriberLag]:
    if there.broker is None:
        return []
    with management_of(broker_settings()) as management:
        return subscriber_lag(there.broker, management, PREFIX) if management else []


def _print(rows: dict[str, dict[str, Any]], subscribers: list[SubscriberLag]) -> None:
    console = Console(highlight=False)
    table = Table("service", "outbox", "queue", "inbox", "held up", box=None)
    for name, row in rows.items():
        held = ", ".join(f"{row[kind]} {kind}" for kind in _HELD if row[kind])
        table.add_row(name, _waiting(row, "outbox"), _count(row["queue"]), _waiting(row, "inbox"), held)
    console.print(table)
    if subscribers:
        table = Table("subscriber", Column("waiting", justify="right"), Column("limit", justify="right"), "", box=None)
        for each in subscribers:
            note = "full: drops its oldest" if each.dropping else ""
            table.add_row(each.name, str(each.waiting), _count(each.limit), note)
        console.print(table)


def _waiting(row: dict[str, Any], place: str) -> str:
    age = row[f"{place}_age"]
    return str(row[place]) if age is None else f"{row[place]}, oldest {_age(age)}"


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def _age(seconds: float) -> str:
    for unit, sign in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {sign}"
    return f"{seconds:.1f} s"
