"""Starts the distributed form to try it out: in containers where an engine answers, else on this machine.

python -m deploy.up [--port PORT] [--data DIR] [--native]
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from deploy.composed import COMPOSE_FILE
from deploy.make_secrets import FOLDER, Addresses, SecretFiles, make_secrets
from deploy.native.errors import ServerError
from deploy.native.stack import MAILBOX, Stack, site_urls
from wardenry.demo import PASSWORD

_HIGHEST_PORT = 65_533


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1024, _HIGHEST_PORT))
@click.option("--data", type=click.Path(path_type=Path), help="Where what lasts lies; else it goes with the end.")
@click.option("--native", is_flag=True, help="On this machine, whether or not a container engine answers.")
def main(port: int, data: Path | None, native: bool) -> None:  # noqa: FBT001 (click's signature)
    """Start RabbitMQ, PostgreSQL, nginx, every service's processes and a mailbox, with demo practices and people.

    The medical site is on PORT, the behavioral one on the next, the mailbox on the one after. For trying out. Ends by
    SIGINT or SIGTERM.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt_once)
    with suppress(KeyboardInterrupt):
        try:
            if native or not _engine_answers():
                _natively(port, data)
            else:
                _in_containers(port)
        except ServerError as error:
            raise click.ClickException(str(error)) from None


def _interrupt_once(_number: int, _frame: object) -> None:
    """What is under way is left, and tidied up; that is not interrupted again."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _natively(port: int, data: Path | None) -> None:
    environment = {name: text for name, text in os.environ.items() if name.startswith(("WARDENRY_", "GATEWAY_"))}
    with _folder(data) as folder, Stack(folder, port, environment) as stack:
        stack.add_demo()
        _tell(port, f"data and logs:   {folder}")
        threading.Event().wait()


def _in_containers(port: int) -> None:
    """The images' names and versions stand in docker-compose.yml; what lasts, in the engine's volumes."""
    sites = site_urls(port)
    make_secrets(SecretFiles(Path(os.environ.get("WARDENRY_SECRETS") or FOLDER)), Addresses(sites=sites))
    variables = {f"WARDENRY_{site.upper()}_URL": url for site, url in sites.items()}
    variables |= {f"WARDENRY_{site.upper()}_PORT": f"127.0.0.1:{port + n}" for n, site in enumerate(sites)}
    variables["WARDENRY_MAIL_PORT"] = str(port + MAILBOX)
    try:
        _compose(variables, "up", "--build", "--detach")
        _compose(variables, "run", "--rm", "demo")
        _tell(port, "dashboards:      http://localhost:3000")
        threading.Event().wait()
    finally:
        _compose(variables, "down")


def _tell(port: int, *more: str) -> None:
    sites = site_urls(port)
    for line in (
        f"medical site:    {sites['medical']}",
        f"behavioral site: {sites['behavioral']}",
        f"mailbox:         http://localhost:{port + MAILBOX}",
        f"API documents:   {sites['medical']}/api/identity/v1/docs (and the other services' likewise)",
        *more,
        "For trying out only: loopback, a mailbox that catches every mail, one password for every demo user.",
        f"password: {PASSWORD}",
        "ready",
    ):
        click.echo(line)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """Where everything lies; the servers' own users must be able to pass through it."""
    if data is not None:
        yield data.absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="wardenry-stack-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _engine_answers() -> bool:
    return shutil.which("docker") is not None and all(
        subprocess.run(["docker", *words], capture_output=True, check=False).returncode == 0  # noqa: S607
        for words in (("info",), ("compose", "version"))
    )


def _compose(variables: Mapping[str, str], *words: str) -> None:
    command: list[Any] = ["docker", "compose", "--file", COMPOSE_FILE, *words]
    done = subprocess.run(command, env={**os.environ, **variables}, check=False)
    if done.returncode:
        raise ServerError(f"docker compose {' '.join(words)} failed: see above")


if __name__ == "__main__":
    main()
