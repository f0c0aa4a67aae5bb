"""`wardenry demo`: practices and people to try the distributed form out with."""

from __future__ import annotations

import json
import os
from urllib.parse import urlsplit

import click

from wardenry.commands.operating import json_option
from wardenry.commands.refusals import UnusableError, told_plainly
from wardenry.demo import PASSWORD, Apart, UnsettledError, seed, wait_until_quiet

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@click.command()
@json_option
def demo(as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Put the demo practices and people into the databases that the environment names, unless they are there.

    The services' work processes must run. Every demo user has the same, known password: it is refused where the sites
    are not on this very machine.
    """
    with told_plainly(UnsettledError):
        services = Apart.from_environment(os.environ)
        if urlsplit(services.identity_settings.issuer).hostname not in _LOOPBACK:
            raise UnusableError("Demo users have a known password: they are for sites on this machine alone.")
        try:
            seed(services, lambda: wait_until_quiet(services.engines))
            wait_until_quiet(services.engines)
        finally:
            for engine in services.engines:
                engine.dispose()
    told = {"password": PASSWORD, "seeded": True}
    click.echo(json.dumps(told) if as_json else f"The demo is there. password: {PASSWORD}")
