"""The distributed form: each service a web and a work process of its own, joined by RabbitMQ over PostgreSQL."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import os
import secrets
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller

from chassis.security.sealing import make_recipient_key
from chassis.testing.waiting import eventually
from deploy.native.ports import free
from tests.e2e.deployments import WARDENRY, environment
from wardenry.registry import SERVICES

PASSWORD = "open-harbor-lantern-17"


class PostOffice:
    """A real SMTP server that keeps what it is given; a mail that comes twice is kept once, by its Message-ID.

    `arrivals` counts how often each came. It answers after `slowness` seconds, and while it is `mute` it keeps the mail
    and hangs up without an answer.
    """

    def __init__(self) -> None:
        (self.port,) = free(1)
        self.slowness = 0.0
        self.mute = False
        self.arrivals: Counter[str] = Counter()
        self._mails: dict[str, dict[str, Any]] = {}
        self._controller: Controller | None = None

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.arrivals[message["Message-ID"]] += 1
        body = message.get_body(("plain",))
        self._mails[message["Message-ID"]] = {
            "id": message["Message-ID"],
            "to": envelope.rcpt_tos[0],
            "notice": message["X-Wardenry-Notice"],
            "subject": message["Subject"],
            "text": body.get_content() if body else "",
        }
        await asyncio.sleep(self.slowness)
        if self.mute:
            server.transport.abort()
        return "250 kept"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def mails(self, to: str) -> list[dict[str, Any]]:
        return [mail for mail in reversed(list(self._mails.values())) if mail["to"] == to]


class Distributed:
    """Twelve processes; `kill` ends any of them as a power cut would, `start_process` brings it back."""

    def __init__(self, folder: Path, databases: Mapping[str, str], broker: str) -> None:
        self.folder = folder
        self.databases = dict(databases)
        self.post_office = PostOffice()
        self.ports = dict(zip(SERVICES, free(len(SERVICES)), strict=True))
        self._environment = self._settings(broker)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def processes(self) -> tuple[str, ...]:
        """The names of all processes: `serve identity`, `work identity` …"""
        return tuple(f"{kind} {service}" for service in SERVICES for kind in ("serve", "work"))

    def start(self) -> None:
        """Migrate, start everything, wait until all answer."""
        self.post_office.start()
        subprocess.run([WARDENRY, "migrate"], env=self._environment, check=True, timeout=300)
        for name in self.processes:
            self.start_process(name)
        eventually(self.answers, within=240, every=0.2)

    def answers(self) -> bool:
        """Whether every service says that it is ready."""
        return all(self.ready(service) for service in SERVICES)

    def start_process(self, name: str, **variables: str) -> None:
        """Start one of `processes`, or a further one of its kind: `work identity 2`; with more in its environment."""
        kind, service, *_ = name.split()
        command = [WARDENRY, kind, service]
        if kind == "serve":
            command += ["--port", str(self.ports[service]), "--threads", "4"]
        with (self.folder / f"{name.replace(' ', '-')}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, env=self._environment | variables, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """End a process and its children at once."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)

    def restart(self, name: str, **variables: str) -> None:
        """Kill a process and start it again."""
        self.kill(name)
        self.start_process(name, **variables)

    def end(self, name: str) -> int:
        """End a process as an operator would; its exit code."""
        process = self._running.pop(name)
        process.terminate()
        return process.wait(20)

    def pause(self, name: str) -> None:
        """Stop a process and its children in their tracks, until `resume`."""
        os.killpg(self._running[name].pid, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let them go on."""
        os.killpg(self._running[name].pid, signal.SIGCONT)

    def revive(self, name: str) -> None:
        """Have a process run that was killed, paused, or ended by itself."""
        process = self._running.get(name)
        if process is None or process.poll() is not None:
            self.start_process(name)
        else:
            self.resume(name)

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(60)
        self._running.clear()
        self.post_office.stop()

    def url(self, path: str, *, site: str = "medical") -> str:
        """Where the gateway would send this path; `site` is not told apart without it."""
        assert site == "medical"
        service = path.split("/")[2] if path.startswith("/api/") else "identity"
        return f"http://127.0.0.1:{self.ports[service]}{path}"

    def mails(self, to: str) -> list[dict[str, Any]]:
        return self.post_office.mails(to)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of `wardenry` with these processes' environment."""
        return subprocess.run(
            [WARDENRY, *words], env=self._environment, check=False, timeout=120, capture_output=True, text=True
        )

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of every process."""
        return self._environment

    def logs(self) -> Iterator[tuple[str, str]]:
        """Each process's log so far."""
        for path in sorted(self.folder.glob("*.log")):
            yield path.stem, path.read_text(encoding="utf-8", errors="replace")

    def ready(self, service: str) -> bool:
        """Whether a service says that it is ready."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[service]}/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def _settings(self, broker: str) -> dict[str, str]:
        key = make_recipient_key()
        common = {
            "BROKER_URL": broker,
            "ISSUER": "http://127.0.0.1:8080",
            "SERVICE_SECRET": secrets.token_hex(32),
            "ADDRESS_LIMITS": "false",
            "REGISTRATION_IDENTITY_URL": f"http://127.0.0.1:{self.ports['identity']}",
            "REGISTRATION_ENTITLEMENTS_URL": f"http://127.0.0.1:{self.ports['entitlements']}",
            "REGISTRATION_EMAIL_DOMAINS_LOOKED_UP": "false",
            "IDENTITY_PEPPER": secrets.token_hex(32),
            "IDENTITY_NOTIFY_PUBLIC_KEY": json.dumps(key.as_dict(private=False)),
            "NOTIFY_PRIVATE_KEYS": json.dumps(key.as_dict(private=True)),
            "NOTIFY_SUPPORT_QUEUE": "support@example.com",
            "NOTIFY_PORTAL_URLS": "medical=http://127.0.0.1:8080,behavioral=http://127.0.0.1:8081",
            "NOTIFY_SENDER": "Plan <no-reply@example.com>",
            "NOTIFY_SMTP_HOST": "127.0.0.1",
            "NOTIFY_SMTP_PORT": str(self.post_office.port),
            "NOTIFY_SMTP_TLS": "none",
            "NOTIFY_SMTP_TIMEOUT": "2",
            "PORTAL_SITE_URLS": "medical=http://127.0.0.1:8080,behavioral=http://127.0.0.1:8081",
            "PORTAL_CLIENT_SECRETS": f"medical={secrets.token_hex(32)},behavioral={secrets.token_hex(32)}",
        }
        for service in SERVICES:
            common |= {
                f"{service.upper()}_DATABASE_URL": self.databases[service],
                f"{service.upper()}_EDGE_SECRET": secrets.token_hex(32),
                f"{service.upper()}_SEALING_KEYS": f"first:{secrets.token_urlsafe(32)}",
            }
        return environment(**{f"WARDENRY_{name}": value for name, value in common.items()})
