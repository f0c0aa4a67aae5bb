"""Where a container engine answers, `make up-distributed` is a few words to it, and tidies up behind itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.composed import COMPOSE_FILE

ENGINE = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in *"$FAILS"*) [ -z "$FAILS" ] || exit 1 ;; esac
"""


@pytest.fixture
def engine(tmp_path: Path) -> dict[str, str]:
    """The environment with an engine in it that writes down what it is told."""
    (tmp_path / "docker").write_text(ENGINE)
    (tmp_path / "docker").chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "FAILS": "",
        "WARDENRY_SECRETS": str(tmp_path / "secrets"),
    }


def up(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "deploy.up", "--port", "9000"]
    return subprocess.Popen(
        command, cwd=COMPOSE_FILE.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def calls(environment: dict[str, str]) -> list[str]:
    compose = f"compose --file {COMPOSE_FILE} "
    return [line.replace(compose, "") for line in Path(environment["CALLS"]).read_text().splitlines()]


def test_it_starts_seeds_and_ends_containers__OPS_2(engine: dict[str, str]) -> None:
    started = up(engine)
    assert started.stdout is not None
    said: list[str] = []
    while not said or said[-1] != "ready":
        line = started.stdout.readline()
        assert line, started.communicate()[1]
        said.append(line.strip())
    assert "medical site:    http://localhost:9000" in said
    assert "mailbox:         http://localhost:9002" in said
    started.send_signal(signal.SIGTERM)
    started.communicate(timeout=60)
    assert started.returncode == 0
    assert calls(engine) == ["info", "compose version", "up --build --detach", "run --rm demo", "down"]
    clients = (Path(engine["WARDENRY_SECRETS"]) / "identity_portal_clients").read_text()
    assert "http://localhost:9001/signed-in" in clients


def test_containers_that_do_not_start_are_taken_down_and_told(engine: dict[str, str]) -> None:
    started = up(engine | {"FAILS": "run --rm demo"})
    told = started.communicate(timeout=60)[1]
    assert started.returncode == 1
    assert "docker compose run --rm demo failed" in told
    assert calls(engine)[-1] == "down"
