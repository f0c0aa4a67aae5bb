"""`wardenry bus tail`: events as they pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from chassis.bus.broker import connected
from chassis.bus.operations.shown import shown
from chassis.bus.operations.tail import passing_broker, passing_outboxes
from wardenry.commands.bus.surroundings import broker_errors_told, broker_settings, surroundings
from wardenry.commands.operating import data_option, json_option


@click.command()
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...")
@click.option("--personal", is_flag=True, help="Show personal data, too.")
@data_option
@json_option
def tail(patterns: tuple[str, ...], personal: bool, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click)
    """Watch events pass until Ctrl-C: all, or those whose type matches a PATTERN such as 'identity.#'.

    Nobody's queue is touched, and whoever reads slowly holds up nobody. With --json a document a line.
    """
    try:
        for document in _passing(patterns or ("#",), data):
            told = shown(document, personal=personal)
            click.echo(json.dumps(told, ensure_ascii=False) if as_json else _line(told))
    except KeyboardInterrupt:
        click.echo("", err=True)


def _passing(patterns: tuple[str, ...], data: Path | None) -> Iterator[dict[str, Any]]:
    if data is not None:
        with surroundings(data) as there:
            yield from passing_outboxes(there.engines, patterns)
        return
    with broker_errors_told(), connected(broker_settings().url) as connection:
        yield from passing_broker(connection, patterns)


def _line(document: dict[str, Any]) -> str:
    event_type = str(document["type"]).removeprefix("wardenry.")
    if "unreadable" in document:
        return f"{'':8}  {event_type:42}  ({document['unreadable']} bytes that nobody can read)"
    number = f"{document.get('subject', '')} #{document.get('sequence', '')}"
    facts = json.dumps(document["data"], ensure_ascii=False)
    return (
        f"{str(document.get('time', ''))[11:19]:8}  {event_type:42}  {number:32}  {document.get('actor', '')}  {facts}"
    )
