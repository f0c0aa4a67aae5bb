"""`wardenry migrate [SERVICE…]`: databases to the newest revision."""

from __future__ import annotations

import json
import os

import click

from chassis.db.migrations.runner import DatabaseAheadError
from wardenry.commands.refusals import told_plainly
from wardenry.registry import SERVICES, bootstrap_of


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def migrate(services: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Bring the databases of SERVICES (all, if none is named) to the newest revision."""
    for name in services or SERVICES:
        with told_plainly():
            assembled = bootstrap_of(name).build_from_environment(os.environ)
        with told_plainly(DatabaseAheadError):
            assembled.migrate()
        assembled.engine.dispose()
        click.echo(json.dumps({"service": name, "migrated": True}) if as_json else f"{name}: up to date")
