"""What operators ask of identity by command: beside a running Wardenry, over its own database."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from chassis.assembly import Service
from chassis.kernel.errors import InvalidError, WardenryError
from chassis.kernel.work import UnitOfWork
from services.identity import bootstrap as identity
from services.identity.application.ports import Ports, Store
from services.identity.settings import Settings
from wardenry.commands.refusals import told_plainly
from wardenry.embedded.folder import DataFolder, FolderError
from wardenry.embedded.services import assemble

_ANY_PORT = 8080

Outcome = TypeVar("Outcome")

data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="An embedded Wardenry's data folder; it may be running."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


class RefusedError(click.ClickException):
    """Understood, and not done."""

    exit_code = 1


def operate(data: Path | None, use_case: Callable[[UnitOfWork[Store], Ports], Outcome]) -> Outcome:
    """Run the use case on the folder's database, or on the one that the environment names.

    What is refused ends the command with exit code 1, what cannot be understood with 2.
    """
    with told_plainly(FolderError, InvalidError):
        service, settings = _identity(data)
        try:
            service.migrate()
            return identity.operate(service, settings, use_case)
        except InvalidError:
            raise
        except WardenryError as error:
            raise RefusedError(f"{error.detail} ({error.code})") from None
        finally:
            service.engine.dispose()


def _identity(data: Path | None) -> tuple[Service, Settings]:
    if data is None:
        settings = Settings.from_environment(os.environ)
        return identity.build(settings), settings
    folder = DataFolder(data)
    folder.prepare()
    services = assemble(folder, _ANY_PORT, os.environ)
    return services.identity, services.identity_settings
