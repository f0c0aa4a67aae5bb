"""`wardenry support add USER_ID`: the plan's own agents (IDN-14)."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from chassis.kernel.user_ids import fold
from services.identity.application.add_support_agent import AddSupportAgent, add_support_agent
from wardenry.commands.operating import data_option, json_option, operate


@click.group()
def support() -> None:
    """Support agents."""


@support.command("add")
@click.argument("user_id")
@data_option
@json_option
def add_command(user_id: str, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Make a support agent of USER_ID, whose account must be confirmed; it counts from their next sign-in on."""
    added = operate(data, partial(add_support_agent, AddSupportAgent(user_id)))
    if as_json:
        click.echo(json.dumps({"user_id": fold(user_id), "added": added}))
    else:
        click.echo(f"{fold(user_id)} is {'now' if added else 'already'} a support agent.")
