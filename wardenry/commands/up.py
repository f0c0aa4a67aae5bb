"""`wardenry up`: everything in one process, for trying out (OPS-1)."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from chassis.telemetry.logs import configure_logs
from wardenry.commands.refusals import told_plainly
from wardenry.embedded.composition import Embedded, StuckError
from wardenry.embedded.doors import DoorError
from wardenry.embedded.folder import DataFolder, FolderError
from wardenry.ending import told_to_end, wait_for
from wardenry.stacks import tell_when_asked
from wardenry.starting import uncollected

_HIGHEST_PORT = 65534


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, _HIGHEST_PORT))
@click.option("--data", default="data", show_default=True, type=click.Path(path_type=Path), help="The data folder.")
@click.option("--fresh", is_flag=True, help="Forget what is in the data folder, and begin anew.")
@click.option("--no-demo", is_flag=True, help="Begin without the demo practices and users.")
def up(port: int, data: Path, fresh: bool, no_demo: bool) -> None:  # noqa: FBT001 (click's signature)
    """Start everything in one process on loopback: gateway, services, mailbox.

    The medical site is on PORT, the behavioral site on the next. For trying out, not for real people's data: mails
    stay in a local mailbox, and every demo user has the same password.
    """
    configure_logs(service="up", level=os.environ.get("WARDENRY_LOG_LEVEL", "WARNING"))
    told = told_to_end()
    tell_when_asked()
    with told_plainly(FolderError, DoorError, StuckError):
        with uncollected():
            embedded = Embedded(DataFolder(data), port, fresh=fresh)
        with closing(embedded):
            embedded.start(demo=not no_demo)
            for line in embedded.greeting(demo=not no_demo):
                click.echo(line)
            wait_for(told)
