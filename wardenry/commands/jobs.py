"""`wardenry jobs`: what the services do by the calendar, now or as of another day (OPS-7, GO-7)."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from chassis.assembly import Service
from chassis.jobs.breadth import TooBroadError
from chassis.jobs.scheduler import Jobs
from wardenry.commands.operating import data_option, json_option
from wardenry.commands.refusals import UnusableError, told_plainly
from wardenry.embedded.folder import DataFolder, FolderError
from wardenry.embedded.services import assemble
from wardenry.registry import SERVICES, WITH_JOBS, bootstrap_of

_ANY_PORT = 8080
_SOME_FAILED = 1
_TOO_MANY = "too_many_accounts"
_MOST_NIGHTS = 60


class Moment(click.ParamType[datetime]):
    """A moment in RFC 3339; without an offset it is in UTC, without a time of day at its beginning."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, aware."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-12-01T03:00:00Z or 2026-12-01", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


service_argument = click.argument("service", type=click.Choice(SERVICES), required=False)


@click.group()
def jobs() -> None:
    """What the services do by the calendar."""


@jobs.command("list")
@service_argument
@data_option
@json_option
def list_command(service: str | None, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """List the jobs of SERVICE, or of all: when each is due, when it last ended, what it did then, and what failed."""
    with _services(service, data) as services:
        items = [item for each in services for item in _standing(each)]
    if as_json:
        click.echo(json.dumps({"items": items}))
        return
    _table(items, "service", "job", "due", "ended_at", "touched", "failures")


@jobs.command("run")
@service_argument
@click.option("--job", "name", metavar="NAME", help="This job alone.")
@click.option("--as-of", type=Moment(), help="Do what is due by then; what is written bears the real time.")
@click.option("--dry-run", is_flag=True, help="Change nothing: say how many things each job would touch.")
@click.option("--yes", is_flag=True, help="Go on where a job would touch very many accounts.")
@data_option
@json_option
def run_command(
    service: str | None,
    *,
    name: str | None,
    as_of: datetime | None,
    dry_run: bool,
    yes: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Run the jobs of SERVICE, or of all, beside a running Wardenry: what is due is done, whatever the time of day.

    A job that would touch more than 5 % of all accounts, and more than 100, touches none and asks; where nobody can be
    asked it stops with `too_many_accounts`, and `--yes` does it.

    Exit codes: 0 all done; 1 a job failed or was stopped, and the others are done; 2 there is no such job, or settings
    are wrong.
    """
    with _services(service, data) as services:
        chosen = [(each, job) for each in services for job in _names(each) if name in {None, job}]
        if not chosen:
            raise UnusableError("There is no such job: see `wardenry jobs list`.")
        wish = _Wish(as_of, dry_run=dry_run, yes=yes, may_ask=not as_json and sys.stdin.isatty())
        items = [_run(each, job, wish) for each, job in chosen]
    if as_json:
        told = as_of.astimezone(UTC).isoformat().replace("+00:00", "Z") if as_of else None
        click.echo(json.dumps({"as_of": told, "dry_run": dry_run, "items": items}))
    else:
        _table(items, "service", "job", "touched", "error")
    if any(item["error"] for item in items):
        raise SystemExit(_SOME_FAILED)


@jobs.command("forecast")
@service_argument
@click.option("--nights", default=7, show_default=True, type=click.IntRange(1, _MOST_NIGHTS), help="How many.")
@data_option
@json_option
def forecast_command(service: str | None, *, nights: int, data: Path | None, as_json: bool) -> None:
    """Show what the jobs of SERVICE, or of all, would remind, disable, remove and expire in the coming nights.

    Each number is what is due by then if nothing happens until then; nothing is changed.
    """
    now = datetime.now(UTC)
    moments = [now + timedelta(days=night) for night in range(1, nights + 1)]
    with _services(service, data) as services:
        items = [
            {"service": each.name, "job": job, "due": [each.jobs.forecast(job, moment) for moment in moments]}
            for each in services
            for job in _names(each)
            if each.jobs is not None
        ]
    days = [moment.date().isoformat() for moment in moments]
    if as_json:
        click.echo(json.dumps({"nights": days, "items": items}))
        return
    rows = [{**item, **dict(zip(days, item["due"], strict=True))} for item in items]
    _table(rows, "service", "job", *days)


@dataclass(frozen=True, slots=True)
class _Wish:
    """How jobs are to be run; `may_ask` says that there is somebody to ask."""

    as_of: datetime | None
    dry_run: bool
    yes: bool
    may_ask: bool


def _run(service: Service, name: str, wish: _Wish) -> dict[str, Any]:
    item: dict[str, Any] = {"service": service.name, "job": name, "touched": None, "error": None}
    if service.jobs is not None:
        try:
            item["touched"] = _touched(service.jobs, name, wish)
        except TooBroadError as refusal:
            click.echo(str(refusal), err=True)
            item["error"] = _TOO_MANY
        except Exception as error:  # noqa: BLE001 (whatever it is, the other jobs are still to be done)
            click.echo(f"The job {name} of {service.name} failed:\n{traceback.format_exc()}", err=True)
            item["error"] = type(error).__name__
    return item


def _touched(jobs: Jobs[Any], name: str, wish: _Wish) -> int:
    if wish.dry_run:
        return jobs.forecast(name, wish.as_of)
    try:
        return jobs.run(name, wish.as_of, however_many=wish.yes)
    except TooBroadError as refusal:
        asked = f"{name} would touch {refusal.touched} of {refusal.whole} accounts. Is that meant?"
        if not (wish.may_ask and click.confirm(asked, err=True)):
            raise
        return jobs.run(name, wish.as_of, however_many=True)


def _standing(service: Service) -> Iterator[dict[str, Any]]:
    if service.jobs is None:
        return
    progress = service.jobs.progress()
    for job in service.jobs.all:
        each = progress[job.name]
        yield {
            "service": service.name,
            "job": job.name,
            "due": str(job.calendar),
            "ended_at": each.ended_at.isoformat().replace("+00:00", "Z") if each.ended_at else None,
            "touched": each.touched,
            "failures": each.failures,
        }


def _names(service: Service) -> list[str]:
    return [job.name for job in service.jobs.all] if service.jobs else []


@contextmanager
def _services(name: str | None, data: Path | None) -> Iterator[list[Service]]:
    """The services that have jobs, or the one that is named, over migrated databases."""
    with told_plainly(FolderError):
        found = _assembled(name, data)
    for each in found:
        each.migrate()
    yield found
    for each in found:
        each.engine.dispose()


def _assembled(name: str | None, data: Path | None) -> list[Service]:
    names = WITH_JOBS if name is None else (name,)
    if data is None:
        return [bootstrap_of(each).build_from_environment(os.environ) for each in names]
    folder = DataFolder(data)
    folder.prepare()
    return [each for each in assemble(folder, _ANY_PORT, os.environ).all if each.name in names]


def _table(items: list[dict[str, Any]], *columns: str) -> None:
    table = Table(*(Column(name, no_wrap=name == "job", overflow="fold") for name in columns))
    for item in items:
        table.add_row(*("" if item[column] is None else str(item[column]) for column in columns))
    Console().print(table)
