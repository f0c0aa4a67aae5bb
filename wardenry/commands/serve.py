"""`wardenry serve SERVICE`: one service's web processes."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from granian.constants import Interfaces

from wardenry.commands.refusals import told_plainly
from wardenry.distributed import draining
from wardenry.distributed.wsgi import DRAINING_VARIABLE, SERVICE_VARIABLE
from wardenry.registry import SERVICES, bootstrap_of, settings_of
from wardenry.starting import uncollected

_LONGEST_DRAIN = 8.0


@click.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes, one a core.")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64), help="Threads in each process.")
@click.option(
    "--drain",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, _LONGEST_DRAIN),
    help="Seconds to go on answering, not ready, after SIGTERM.",
)
def serve(service: str, host: str, port: int, *, workers: int, threads: int, drain: float) -> None:
    """Answer HTTP for SERVICE, with settings from the environment, until SIGTERM.

    Beside the API it answers /livez, /readyz and /metrics, which no gateway should let through. After SIGTERM it is
    not ready, finishes what is under way, and ends within ten seconds.
    """
    with told_plainly():
        settings_of(service).from_environment(os.environ)
    os.environ[SERVICE_VARIABLE] = service
    with TemporaryDirectory(prefix="wardenry-") as name:
        folder = Path(name)
        os.environ[DRAINING_VARIABLE] = str(folder / draining.FLAG)
        if workers > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = (
                name  # the workers are one target: whichever answers answers for all
            )
        with uncollected():
            bootstrap_of(service)  # imported here, it is there in every worker that is forked
        draining.DrainingServer(
            "wardenry.distributed.wsgi:create",
            folder,
            drain,
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            websockets=False,
            log_access=False,
        ).serve()
