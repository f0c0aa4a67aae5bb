"""`wardenry bus parked`: what was set aside, in inboxes and in the broker."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from chassis.bus.operations import parked as inboxes
from chassis.bus.operations import unreadable as messages
from chassis.bus.operations.parked import NothingToSkipError, ParkedEvent
from chassis.bus.operations.shown import HIDDEN, shown
from chassis.bus.operations.unreadable import Unreadable
from chassis.telemetry.logs import configure_logs
from wardenry.commands.bus.surroundings import Surroundings, service_argument, services_argument, surroundings
from wardenry.commands.operating import RefusedError, data_option, json_option

_UNREADABLE = "unreadable"
_key_argument = click.argument("key")


@click.group()
def parked() -> None:
    """What was set aside: events that failed too often, and messages that nobody could read.

    A KEY is what `list` shows: SOURCE:SUBJECT for an event in an inbox, such as identity:account/mmartin5, or
    unreadable:DIGITS for a message in the broker.
    """


@parked.command("list")
@services_argument
@click.option("--most", default=100, show_default=True, type=click.IntRange(1), help="Unreadable messages a service.")
@data_option
@json_option
def list_command(services: tuple[str, ...], most: int, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click)
    """List what is parked for SERVICES, or for all."""
    with surroundings(data, services) as there:
        rows = [row for name in there.engines for row in _rows(there, name, most)]
    if as_json:
        click.echo(json.dumps({"items": rows}, ensure_ascii=False))
        return
    if not rows:
        click.echo("Nothing is parked.")
        return
    names = ("service", "key", "sequence", "type", "behind", "reason")
    table = Table(*(Column(name, overflow="fold") for name in names), box=None)
    for row in rows:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in names))
    Console(highlight=False, markup=False).print(table)


@parked.command("show")
@service_argument
@_key_argument
@click.option("--personal", is_flag=True, help="Show personal data, or a message's whole content, too.")
@data_option
@json_option
def show_command(service: str, key: str, personal: bool, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click)
    """Show why KEY is parked for SERVICE, and what it says; what is sealed is never shown."""
    with surroundings(data, (service,)) as there:
        found = _document(there, service, key, personal=personal)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        text = json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict) else str(value)
        click.echo(f"{name}: {text}" if "\n" not in text else f"{name}:\n{text}")


@parked.command("replay")
@service_argument
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--all", "everything", is_flag=True, help="Everything that is parked for SERVICE.")
@data_option
@json_option
def replay_command(service: str, keys: tuple[str, ...], everything: bool, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click)
    """Have parked events tried again, and in order what waits behind them; give unreadable messages back to the queue.

    Exit codes: 0 all of them; 1 some were parked no more.
    """
    if bool(keys) == everything:
        raise click.UsageError("Say either which KEYs, or --all.")
    with surroundings(data, (service,)) as there:
        events = _events(there, service, None if everything else keys)
        done = [each for each in events if inboxes.replay(there.engines[service], each)]
        given_back = _give_back(there, service, keys, everything=everything)
    replayed = len(done) + given_back
    missed = 0 if everything else len(keys) - replayed
    _say({"replayed": replayed, "not_parked": max(0, missed)}, as_json=as_json)
    if missed > 0:
        raise RefusedError(f"{missed} of them are parked no more: somebody else was faster.")


@parked.command("drop")
@service_argument
@_key_argument
@click.option("--reason", "why", required=True, help="Why; it is written to the log.")
@click.option("--by", default=getpass.getuser, show_default="you", help="Who decided so; it is written to the log.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
@json_option
def drop_command(service: str, key: str, why: str, by: str, data: Path | None, **flags: bool) -> None:
    """Skip the parked KEY for good: its effect will be missing at SERVICE. What waits behind it goes on."""
    configure_logs(service="bus")
    with surroundings(data, (service,)) as there:
        kind, _, digits = key.partition(":")
        if kind == _UNREADABLE:
            _make_sure(f"Drop the message {digits} of {service}?", yes=flags["yes"])
            dropped = messages.drop(_broker(there), service, digits, by=by, why=why) > 0
        else:
            event = _event(there, service, key)
            question = f"Skip {event.type} (number {event.sequence} of {event.subject}) at {service} for good?"
            _make_sure(question, yes=flags["yes"])
            dropped = _skip(there, service, event, by=by, why=why)
    if not dropped:
        raise RefusedError(f"{key} is parked no more: somebody else was faster.")
    _say({"dropped": key}, as_json=flags["as_json"])


def _skip(there: Surroundings, service: str, event: ParkedEvent, *, by: str, why: str) -> bool:
    try:
        return inboxes.drop(there.engines[service], event, service=service, by=by, why=why)
    except NothingToSkipError as error:
        raise RefusedError(str(error)) from error


def _rows(there: Surroundings, service: str, most: int) -> list[dict[str, Any]]:
    events = [_row_of(service, each) for each in inboxes.parked_events(there.engines[service])]
    if there.broker is None:
        return events
    return events + [_row_of_message(service, each) for each in messages.unreadable(there.broker, service, most=most)]


def _row_of(service: str, event: ParkedEvent) -> dict[str, Any]:
    return {
        "service": service,
        "key": f"{event.source}:{event.subject}",
        "sequence": event.sequence,
        "type": event.type,
        "behind": event.behind,
        "reason": event.reason,
        "attempts": event.attempts,
        "parked_at": event.parked_at.isoformat(),
    }


def _row_of_message(service: str, message: Unreadable) -> dict[str, Any]:
    return {
        "service": service,
        "key": f"{_UNREADABLE}:{message.key}",
        "sequence": None,
        "type": message.routing_key,
        "behind": None,
        "reason": f"{message.cause}: {message.wrong}",
        "bytes": message.size,
        "parked_at": message.parked_at and message.parked_at.isoformat(),
    }


def _document(there: Surroundings, service: str, key: str, *, personal: bool) -> dict[str, Any]:
    kind, _, digits = key.partition(":")
    if kind != _UNREADABLE:
        event = _event(there, service, key)
        event_shown = shown(event.document, personal=personal)
        return _row_of(service, event) | {"event_id": event.event_id, "stack": event.stack, "event": event_shown}
    message = messages.unreadable_one(_broker(there), service, digits)
    if message is None:
        raise RefusedError(f"{key} is not parked for {service}.")
    body = message.body.decode(errors="replace") if personal else HIDDEN
    return _row_of_message(service, message) | {"content": body}


def _events(there: Surroundings, service: str, keys: tuple[str, ...] | None) -> list[ParkedEvent]:
    known = {f"{each.source}:{each.subject}": each for each in inboxes.parked_events(there.engines[service])}
    return list(known.values()) if keys is None else [known[key] for key in keys if key in known]


def _event(there: Surroundings, service: str, key: str) -> ParkedEvent:
    source, _, subject = key.partition(":")
    event = inboxes.parked_event(there.engines[service], source, subject)
    if event is None:
        raise RefusedError(f"{key} is not parked for {service}.")
    return event


def _give_back(there: Surroundings, service: str, keys: tuple[str, ...], *, everything: bool) -> int:
    digits = {key.partition(":")[2] for key in keys if key.startswith(f"{_UNREADABLE}:")}
    if there.broker is None or not (digits or everything):
        return 0
    return messages.replay(there.broker, service, None if everything else digits)


def _broker(there: Surroundings) -> Any:
    if there.broker is None:
        raise RefusedError("There is no broker beside an embedded Wardenry, and so nothing unreadable.")
    return there.broker


def _make_sure(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("Nothing was done: there is nobody to ask. Say --yes.")
    if not click.confirm(question):
        raise RefusedError("Nothing was done.")


def _say(document: dict[str, Any], *, as_json: bool) -> None:
    told = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in document.items())
    click.echo(json.dumps(document) if as_json else told)
