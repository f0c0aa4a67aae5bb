"""A relying site that hears of changes from the broker: its client's remembered answers, and a copy of who may do what.

Its one address is entitlements' own application, with a token endpoint beside it that stands in for identity's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Self

import pika
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from chassis.bus.topology import declare
from chassis.security.scopes import CHECK
from tests.contract.bus.commands import Operator
from tests.e2e.deployments import WARDENRY, environment
from tests.integration.entitlements.world import World
from wardenry.registry import listeners, published
from wardenry_client import Client

TYPES: Final = tuple(each for each in sorted(published()) if each.startswith("entitlements.access."))
_FOR_LONG = 86_400.0
_LOOK_EVERY = 0.2

Cell = tuple[str, str, str]
"""User ID, TIN and line."""


class RelyingSite:
    """`client` remembers answers for a day unless it hears of a change; `copy` has the functions of each cell."""

    def __init__(self, url: str, broker: str, queue: str) -> None:
        self.client = Client(url, "a-site", "its-secret", lifetime=_FOR_LONG, timeout=30)
        self.copy: dict[Cell, frozenset[str]] = {}
        self.heard = threading.Event()
        self._latest: dict[Cell, int] = {}
        self._broker, self._queue = broker, queue
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="site", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(30)

    def hear(self, event: Mapping[str, Any]) -> None:
        """As the guide has it: the client forgets; a lower number does not undo a higher one."""
        data = event["data"]
        cell = (data["user_id"], data["tin"], data["line"])
        if event["sequence"] > self._latest.get(cell, 0):
            self._latest[cell] = event["sequence"]
            self.copy[cell] = frozenset((data["after"] or {"functions": ()})["functions"])
        self.client.hear(event)
        self.heard.set()

    def _listen(self) -> None:
        connection = pika.BlockingConnection(pika.URLParameters(self._broker))
        channel = connection.channel()
        channel.basic_qos(prefetch_count=100)
        for method, _, body in channel.consume(self._queue, inactivity_timeout=_LOOK_EVERY):
            if method is not None and body is not None:
                self.hear(json.loads(body))
                channel.basic_ack(method.delivery_tag)
            if self._stopping.is_set():
                break
        connection.close()


@contextmanager
def door(world: World) -> Iterator[str]:
    """Where a site's program reaches the world over HTTP."""

    @Request.application
    def token(_: Request) -> Response:
        told = {"access_token": world.client_token(CHECK), "token_type": "Bearer", "expires_in": 300}
        return Response(json.dumps(told), content_type="application/json")

    app = DispatcherMiddleware(world.service.app, {"/oidc/token": token})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(30)
        server.server_close()


@contextmanager
def subscribed(name: str, broker: str, management: str, address: Callable[[dict[str, Any]], str]) -> Iterator[Any]:
    """The broker's address and the queue of a new subscriber to changes of access; it is removed in the end."""
    declare(broker, listeners())
    operator = Operator({"WARDENRY_BROKER_URL": broker, "WARDENRY_BROKER_MANAGEMENT_URL": management})
    added = operator.bus("subscriber", "add", name, *(f"--type={each}" for each in TYPES), "--json").document
    try:
        yield address(added), added["queue"]
    finally:
        operator.bus("subscriber", "remove", name, "--yes")


@contextmanager
def working(world: World, broker: str) -> Iterator[None]:
    """`wardenry work entitlements`, a process of its own, on the world's database."""
    settings = world.settings
    given = {
        "BROKER_URL": broker,
        "ISSUER": settings.issuer,
        "SERVICE_SECRET": settings.service_secret.get_secret_value(),
        "ENTITLEMENTS_DATABASE_URL": settings.database_url.get_secret_value(),
        "ENTITLEMENTS_EDGE_SECRET": settings.edge_secret.get_secret_value(),
        "ENTITLEMENTS_SEALING_KEYS": settings.sealing_keys.get_secret_value(),
    }
    variables = environment(**{f"WARDENRY_{name}": value for name, value in given.items()})
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([WARDENRY, "work", "entitlements"], env=variables, stdout=log, stderr=log)
        try:
            yield
            if process.poll() is not None:
                log.seek(0)
                sys.stderr.write(log.read().decode(errors="replace")[-2000:])
        finally:
            process.terminate()
            process.wait(30)
