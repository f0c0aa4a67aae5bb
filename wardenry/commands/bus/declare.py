"""`wardenry bus declare`: the broker's exchange, queues, bindings and limits, as the code wants them."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.table import Column, Table

from chassis.bus.broker import connected
from chassis.bus.operations.declaring import carry_out
from chassis.bus.operations.rebuilding import StillInUseError
from chassis.bus.operations.survey import Action, Plan, Step, survey
from wardenry.commands.bus.surroundings import broker_errors_told, broker_settings, management_of
from wardenry.commands.operating import RefusedError, json_option
from wardenry.registry import listeners

_SIGNS = {Action.CREATE: "+", Action.BIND: "+", Action.UNBIND: "-"}


@click.command()
@click.option("--dry-run", is_flag=True, help="Show the plan, change nothing.")
@click.option("--yes", is_flag=True, help="Carry the plan out without asking.")
@json_option
def declare(dry_run: bool, yes: bool, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Show what the broker lacks or has otherwise, and after a yes put it right; again and again is harmless.

    `wardenry work` makes what is missing by itself. This command also sets limits, which it needs
    WARDENRY_BROKER_MANAGEMENT_URL for, and rebuilds queues of an earlier version without losing what waits in them.

    Exit codes: 0 nothing to do, or done, or shown; 1 refused: not confirmed, or hindered; 2 the broker is unusable.
    """
    settings = broker_settings()
    with broker_errors_told(), connected(settings.url) as connection, management_of(settings) as management:
        plan = survey(connection, listeners(), settings.limits, management)
        done: list[tuple[Step, str]] = []
        if not as_json:
            _show(plan)
        if plan.steps and not dry_run:
            _make_sure(plan, yes=yes, as_json=as_json)
            try:
                carry_out(
                    plan,
                    connection,
                    listeners(),
                    settings.limits,
                    management,
                    told=lambda step, outcome: done.append((step, outcome)),
                )
            except StillInUseError as error:
                raise RefusedError(str(error)) from error
    if as_json:
        click.echo(json.dumps(_document(plan, done), ensure_ascii=False))
    for step, outcome in () if as_json else done:
        click.echo(f"{step.action} {step.what}: {outcome}")


def _make_sure(plan: Plan, *, yes: bool, as_json: bool) -> None:
    for step in plan.hindered:
        raise RefusedError(f"Nothing was done. {step.what}: {step.hindrance}.")
    if yes:
        return
    if as_json or not sys.stdin.isatty():
        raise RefusedError("Nothing was done: there is nobody to ask. Say --yes to carry the plan out.")
    if not click.confirm("Carry this out?"):
        raise RefusedError("Nothing was done.")


def _show(plan: Plan) -> None:
    console = Console(highlight=False)
    if not plan.steps:
        console.print("The broker is as it should be: nothing to do.")
    else:
        table = Table(Column(""), Column("what", overflow="fold"), Column("why", overflow="fold"), box=None)
        for step in plan.steps:
            key = f" {step.key}" if step.key else ""
            why = f"{step.why}\n! {step.hindrance}" if step.hindrance else step.why
            table.add_row(f"{_SIGNS.get(step.action, '~')} {step.action}", step.what + key, why)
        console.print(table)
    for note in plan.notes:
        console.print(note, markup=False)


def _document(plan: Plan, done: list[tuple[Step, str]]) -> dict[str, object]:
    return {
        "plan": [step.document() for step in plan.steps],
        "notes": list(plan.notes),
        "done": [step.document() | {"outcome": outcome} for step, outcome in done],
    }
