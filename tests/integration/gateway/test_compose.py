"""The gateway as docker-compose.yml sets it up: nginx takes the file, and its databases' script works."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from deploy import composed
from deploy.gateway.render import render
from deploy.make_secrets import SERVICES, Addresses, SecretFiles, make_secrets
from deploy.native import packages
from deploy.native.nginx import NginxServer
from deploy.native.postgresql import PostgresqlServer
from tests.integration.gateway.echo import Echo

ROOT = composed.COMPOSE_FILE.parent
TLS = {
    "GATEWAY_TLS": "on",
    "GATEWAY_MEDICAL_LISTEN": "8443 ssl",
    "GATEWAY_BEHAVIORAL_LISTEN": "8443 ssl",
    "GATEWAY_MEDICAL_NAMES": "portal.plan.example",
    "GATEWAY_BEHAVIORAL_NAMES": "behavioral.plan.example",
}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.parametrize("environment", [{}, TLS], ids=["plain", "TLS, by host name"])
def test_nginx_takes_it__OPS_2(folder: Path, environment: dict[str, str]) -> None:
    files = SecretFiles(folder / "secrets")
    make_secrets(files, Addresses())
    given = composed.parts(environment)["gateway"].environment
    values = {name: text.replace(composed.SECRETS, f"{files.folder}/") for name, text in given.items()}
    values |= {"GATEWAY_FOLDER": str(folder), "GATEWAY_ACCESS_LOG": str(folder / "access.log")}
    for name, text in render(values).items():
        (folder / name).write_text(text)
    command = [str(packages.NGINX.path()), "-t", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_its_health_is_that_it_listens__OPS_5(gateway: NginxServer, nobody: int) -> None:
    (_, *command) = composed.document({})["services"]["gateway"]["healthcheck"]["test"]
    for port, code in ((gateway.inside_ports["medical"], 0), (nobody, 1)):
        words = [word.replace("8090", str(port)) for word in command]
        assert subprocess.run(words, capture_output=True, check=False).returncode == code


def test_a_containers_health_is_that_its_process_is_ready__OPS_5(echoes: dict[str, Echo], nobody: int) -> None:
    script = ROOT / "deploy/images/wardenry-ready"
    for port, code in ((echoes["identity"].port, 0), (nobody, 1)):
        done = subprocess.run([sys.executable, script, str(port)], capture_output=True, text=True, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_each_service_owns_a_database_that_no_other_enters__OPS_2(
    folder: Path, own_postgresql: Callable[[], PostgresqlServer]
) -> None:
    server = own_postgresql().databases
    files = SecretFiles(folder / "secrets")
    make_secrets(files, Addresses(postgresql=f"{server.host}:{server.port}"))
    environment = {
        **os.environ,
        "POSTGRES_USER": server.user,
        "PGHOST": server.host,
        "PGPORT": str(server.port),
        "PGPASSWORD": server.password,
        "SECRETS": str(files.folder),
    }
    subprocess.run([ROOT / "deploy/postgresql/10-services.sh"], env=environment, check=True, timeout=60)
    for service in SERVICES:
        url = (files.folder / f"{service}_database_url").read_text().replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute("create table mine (id int)")
        other = SERVICES[SERVICES.index(service) - 1]
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(url.rpartition("/")[0] + f"/{other}")
