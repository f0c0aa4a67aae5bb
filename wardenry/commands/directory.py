"""`wardenry directory import FILE`: the plan's directory of practices (REG-17)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from chassis.assembly import Service
from services.registration import bootstrap as registration
from services.registration.application.directory_file import FileUnreadableError, ImportProgress
from services.registration.application.directory_file import Progress as Told
from services.registration.application.errors import ImportRunningError
from services.registration.application.import_directory import ImportResult
from wardenry.commands.refusals import told_plainly
from wardenry.embedded.folder import DataFolder, FolderError
from wardenry.embedded.services import assemble

_SHOWN = 20
_SOME_WRONG = 1
_ANY_PORT = 8080


@click.group()
def directory() -> None:
    """The plan's directory of practices."""


@directory.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="An embedded Wardenry's data folder; it may be running.")
@click.option("--json", "as_json", is_flag=True, help="Say what became of the rows as JSON.")
def import_command(file: Path, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Take the practices of FILE into the directory; rows that are wrong are reported and stop nothing.

    Without --data the database is the one that the environment names. Exit codes: 0 every row was taken or
    superseded; 1 some were wrong; 2 the file could not be read.
    """
    with told_plainly(FolderError, FileUnreadableError, ImportRunningError):
        service = _service(data)
        service.migrate()
        with _bar() as progress:
            result = registration.import_directory(service, file, progress)
    service.engine.dispose()
    if as_json:
        click.echo(json.dumps(_document(result), ensure_ascii=False))
    else:
        _print(result)
    raise SystemExit(_SOME_WRONG if result.wrong else 0)


def _service(data: Path | None) -> Service:
    if data is None:
        return registration.build_from_environment(os.environ)
    folder = DataFolder(data)
    folder.prepare()
    return assemble(folder, _ANY_PORT, os.environ).registration


@contextmanager
def _bar() -> Iterator[Told]:
    """A progress bar on standard error, where that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        tasks = {stage: bar.add_task(stage, total=None, visible=False) for stage in ("reading", "writing")}

        def told(step: ImportProgress) -> None:
            bar.update(tasks[step.stage], completed=step.done, total=step.total, visible=True)

        yield told


def _document(result: ImportResult) -> dict[str, object]:
    counts = {name: getattr(result, name) for name in ("rows", "added", "changed", "unchanged", "superseded", "wrong")}
    return {**counts, "errors": [asdict(fault) for fault in result.errors]}


def _print(result: ImportResult) -> None:
    document = _document(result)
    table = Table(show_header=False, box=None)
    for name in ("rows", "added", "changed", "unchanged", "superseded", "wrong"):
        table.add_row(name, str(document[name]))
    console = Console()
    console.print(table)
    if not (result.added or result.changed):
        console.print("The directory stays as it was.")
    for fault in result.errors[:_SHOWN]:
        console.print(f"line {fault.line}, {fault.column or 'row'}: {fault.detail} ({fault.code})", markup=False)
    if result.wrong > _SHOWN:
        console.print(f"… and {result.wrong - _SHOWN} more: --json lists up to 10 000.")
