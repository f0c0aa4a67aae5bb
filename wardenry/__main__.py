"""The command line `wardenry` (OPS-7)."""

from __future__ import annotations

import click

from wardenry.commands.named import NamedGroup


@click.group(
    cls=NamedGroup,
    package="wardenry.commands",
    names=("up", "serve", "work", "migrate", "demo", "bus", "directory", "jobs", "clients", "support", "keys"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="wardenry", prog_name="wardenry")
def main() -> None:
    """Wardenry: identity and delegated access for provider portals.

    Exit codes: 0 done; 1 done in part, or refused; 2 wrong use, settings or files.
    """


if __name__ == "__main__":
    main()
