"""Wardenry as its users run it, in either mode: processes of its own, reached over HTTP alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import httpx

from chassis.testing.waiting import eventually
from deploy.native.ports import free, is_free

WARDENRY = str(Path(sys.executable).with_name("wardenry"))


class Deployment(Protocol):
    """Something that answers `/api/...` and delivers mail."""

    def url(self, path: str, *, site: str = "medical") -> str:
        """Where a path of the gateway is."""

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What an address has been sent, newest first, each with `notice`, `subject` and `text`."""


class Sites(Deployment, Protocol):
    """A deployment with pages for people: the medical site is on `port`, the behavioral one on the next."""

    port: int

    @property
    def password(self) -> str:
        """The demo users' password."""


class Embedded:
    """`wardenry up` on a data folder."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.options = options
        self.port = two_ports()
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self, *, within: float = 180.0) -> None:
        """Start and wait for `ready`."""
        self.begin()
        eventually(
            lambda: "ready" in self.lines or self.process is None or self.process.poll() is not None, within=within
        )
        assert "ready" in self.lines, (self.data.parent / "up.log").read_text()[-4000:]

    def begin(self) -> None:
        """Start, and wait for nothing."""
        self.lines = []
        command = [WARDENRY, "up", "--port", str(self.port), "--data", str(self.data), *self.options]
        with (self.data.parent / "up.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        threading.Thread(target=_read, args=(self.process, self.lines), daemon=True).start()

    def answers(self) -> bool:
        """Whether it is ready, as far as it has said."""
        return "ready" in self.lines

    def ailment(self) -> str:
        """Why it does not answer, as far as it can be told: that it ended, or where its threads stand, and its log."""
        assert self.process is not None
        code = self.process.poll()
        if code is None:
            self.process.send_signal(signal.SIGUSR1)
            time.sleep(1)
        log = (self.data.parent / "up.log").read_text(errors="replace")
        return f"{'it runs' if code is None else f'it ended by itself with {code}'}; its log ends:\n{log[-60_000:]}"

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.stop(signal.SIGKILL)

    def pause(self) -> None:
        """Stop it in its tracks, until `resume`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def url(self, path: str, *, site: str = "medical") -> str:
        return f"http://127.0.0.1:{self.port + (site != 'medical')}{path}"

    def mails(self, to: str) -> list[dict[str, Any]]:
        answer = httpx.get(self.url("/dev/messages"), params={"to": to, "channel": "email"}, timeout=60)
        items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return items

    @property
    def password(self) -> str:
        """The demo users' password, as it is printed."""
        return next(line.removeprefix("password: ") for line in self.lines if line.startswith("password: "))


def _read(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdout is not None
    with process.stdout:
        lines.extend(line.rstrip("\n") for line in process.stdout)


def two_ports() -> int:
    """A free port whose neighbour is free, too."""
    while True:
        (port,) = free(1)
        if is_free(port + 1):
            return port


def environment(**extra: str) -> dict[str, str]:
    """This process's environment with Wardenry's own variables replaced by these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WARDENRY_")}
    return kept | extra
