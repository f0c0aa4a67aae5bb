"""`wardenry bus subscriber`: outside systems that take events from the broker."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Column, Table

from chassis.bus.broker import connected
from chassis.bus.operations.limits import policies
from chassis.bus.operations.subscribers import SubscriberError, Subscribers, open_types
from wardenry.commands.bus.surroundings import broker_errors_told, broker_settings, management_of
from wardenry.commands.operating import RefusedError, json_option
from wardenry.commands.refusals import UnusableError
from wardenry.registry import published

_POLICY = "wardenry-subscribers"


@click.group()
def subscriber() -> None:
    """Outside consumers: each a queue and a user of its own, for the types that you list and nothing else.

    Needs WARDENRY_BROKER_MANAGEMENT_URL. What to tell whoever programs one is in docs/consumers/README.md.
    """


@subscriber.command("types")
@json_option
def types_command(as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """List the types of events that an outside consumer may be given."""
    types = open_types(published())
    click.echo(json.dumps({"types": types}) if as_json else "\n".join(types))


@subscriber.command("add")
@click.argument("name")
@click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="Such as entitlements.access.given.v1; repeatable."
)
@click.option("--all", "everything", is_flag=True, help="Every type that `types` lists.")
@click.option("--new-password", is_flag=True, help="Give one that is there already a new password.")
@json_option
def add_command(name: str, types: tuple[str, ...], **flags: bool) -> None:
    """Make the consumer NAME and show its password, once; or change what the one of this name may take."""
    if bool(types) == flags["everything"]:
        raise click.UsageError("Say either which --type, or --all.")
    with _subscribers() as known:
        added = known.add(name, types or open_types(published()), new_password=flags["new_password"])
    user = added.subscriber.queue
    told = {"user": user, "password": added.password, "queue": user, "types": added.subscriber.types}
    if flags["as_json"]:
        click.echo(json.dumps(told))
        return
    click.echo(f"user and queue: {user}")
    click.echo(f"password:       {added.password or 'as before'}")
    click.echo("types:          " + "\n                ".join(added.subscriber.types))
    if added.password:
        click.echo("Keep the password now: it is not shown again.")


@subscriber.command("list")
@json_option
def list_command(as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """List the outside consumers, with what they may take and what waits for them."""
    with _subscribers() as known:
        found = [(each, known.waiting(each.name)) for each in known.all()]
    if as_json:
        rows = [{"name": each.name, "waiting": waiting, "types": each.types} for each, waiting in found]
        click.echo(json.dumps({"items": rows}))
        return
    table = Table("name", Column("waiting", justify="right"), Column("types", overflow="fold"), box=None)
    for each, waiting in found:
        table.add_row(each.name, str(waiting), "\n".join(each.types))
    Console(highlight=False).print(table)


@subscriber.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def remove_command(name: str, yes: bool, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Remove the consumer NAME: its user, its queue, and what waits in it."""
    with _subscribers() as known:
        if not yes and not (sys.stdin.isatty() and click.confirm(f"Remove {name} with what waits for it?")):
            raise RefusedError("Nothing was done: say --yes.")
        known.remove(name)
    click.echo(json.dumps({"removed": name}) if as_json else f"{name} is removed.")


@contextmanager
def _subscribers() -> Iterator[Subscribers]:
    """With the limits of their queues set, where nobody has yet: one that is not read must never hold up the others."""
    settings = broker_settings()
    with broker_errors_told(), connected(settings.url) as connection, management_of(settings) as management:
        if management is None:
            raise UnusableError("WARDENRY_BROKER_MANAGEMENT_URL is missing: users are made through it.")
        if management.policy(_POLICY) is None:
            management.put_policy(_POLICY, policies(settings.limits)[_POLICY])
        try:
            yield Subscribers(connection, management, open_types(published()), lambda: secrets.token_urlsafe(24))
        except SubscriberError as error:
            raise RefusedError(str(error)) from error
