"""Commands that are imported when they are called: a process that serves one service starts without all the others."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from wardenry.starting import uncollected


class NamedGroup(click.Group):
    """A group whose commands each lie in a module of `package` that bears their name."""

    def __init__(self, *arguments: Any, package: str = "", names: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._package = package
        self._names = sorted(names)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The names, sorted."""
        return self._names

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """The command; None where there is none of that name."""
        if cmd_name not in self._names:
            return None
        with uncollected():
            module = import_module(f"{self._package}.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command
