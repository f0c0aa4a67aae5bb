"""Entitlements' web processes on one database, as `wardenry serve` starts them, and what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from chassis.testing.waiting import eventually
from tests.bench.serving import WebProcess, web_process
from tests.e2e.deployments import environment
from tests.integration.entitlements.world import OURS, PATH, World

_FROM_MEMORY = re.compile(r'^wardenry_checks_answered_total\{source="memory"\} ([0-9.]+)', re.MULTILINE)


class Process:
    """One web process, asked over HTTP with tokens of the world."""

    def __init__(self, web: WebProcess, world: World) -> None:
        self._web = web
        self._world = world
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{web.port}", trust_env=False, timeout=60)

    def check(self, user_id: str, tin: str = OURS, function: str = "claim_status") -> str:
        """Why, or why not."""
        body = {"user_id": user_id, "function": function, "tin": tin, "line": "medical"}
        reason: str = self._call("POST", "/check", self._world.client_token("entitlements.check"), body)["reason"]
        return reason

    def put(self, giver: str, user_id: str, *changes: dict[str, Any]) -> None:
        """Change access, whatever its version."""
        self._call("PUT", f"/users/{user_id}/access", self._world.token(giver), {"changes": list(changes)})

    def from_memory(self) -> float:
        """How many questions it has answered from memory."""
        told = _FROM_MEMORY.search(self._http.get("/metrics").raise_for_status().text)
        return float(told[1]) if told else 0.0

    def remembers(self, user_id: str) -> None:
        """Ask until an answer comes from memory."""

        def does() -> bool:
            before = self.from_memory()
            self.check(user_id)
            return self.from_memory() > before

        eventually(does)

    def halt(self) -> None:
        """Stop it in its tracks, until `go_on`."""
        for worker in self._web.process.children(recursive=True):
            worker.suspend()

    def go_on(self) -> None:
        """Have it go on."""
        for worker in self._web.process.children(recursive=True):
            worker.resume()

    def close(self) -> None:
        """Let connections go."""
        self._http.close()

    def _call(self, method: str, path: str, token: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "If-Match": "*"}
        answer = self._http.request(method, PATH + path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def process(world: World, url: str) -> Iterator[Process]:
    """One more web process, which reaches the world's database by this URL."""
    settings = world.settings
    variables = environment(
        WARDENRY_ISSUER=settings.issuer,
        WARDENRY_SERVICE_SECRET=settings.service_secret.get_secret_value(),
        WARDENRY_ADDRESS_LIMITS="false",
        WARDENRY_ENTITLEMENTS_DATABASE_URL=url,
        WARDENRY_ENTITLEMENTS_EDGE_SECRET=settings.edge_secret.get_secret_value(),
        WARDENRY_ENTITLEMENTS_SEALING_KEYS=settings.sealing_keys.get_secret_value(),
    )
    world.clock.moment = datetime.now(UTC)
    with web_process("entitlements", variables, threads=2) as web:
        made = Process(web, world)
        try:
            yield made
        finally:
            made.close()
