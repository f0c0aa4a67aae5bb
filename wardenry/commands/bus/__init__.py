"""`wardenry bus`: what joins the services, for those who operate them (OPS-7)."""

from __future__ import annotations

import click

from wardenry.commands.named import NamedGroup


@click.group(
    cls=NamedGroup,
    package="wardenry.commands.bus",
    names=("declare", "lag", "parked", "replay", "subscriber", "tail"),
)
def bus() -> None:
    """Exchange and queues, what waits and what is parked, history, and outside consumers."""
