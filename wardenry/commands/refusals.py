"""How a command ends that cannot do what it was asked: one clear sentence on standard error, and exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from chassis.settings import SettingsError

UNUSABLE = 2


class UnusableError(click.ClickException):
    """The command cannot begin: its settings, files or surroundings do not allow it."""

    exit_code = UNUSABLE


@contextmanager
def told_plainly(*kinds: type[Exception]) -> Iterator[None]:
    """Turn settings errors, and errors of these kinds, into a plain message without a traceback."""
    plain: tuple[type[Exception], ...] = (SettingsError, *kinds)
    try:
        yield
    except plain as error:
        raise UnusableError(str(error)) from None
