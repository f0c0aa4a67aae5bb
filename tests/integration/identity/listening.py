"""A site's own server, which is told of sessions that ended; it answers what a test has it answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from cheroot import wsgi

from tests.integration.identity.world import World


@dataclass
class Listener:
    """`tokens` are the logout tokens that came, `answers` what it answers next, in order; then 200."""

    uri: str = ""
    tokens: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        assert environ["REQUEST_METHOD"] == "POST"
        assert environ["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
        self.tokens += parse_qs(body, strict_parsing=True)["logout_token"]
        status = self.answers.pop(0) if self.answers else "200 OK"
        start_response(status, [("Content-Length", "0"), ("Location", self.uri)])
        return [b""]


@contextmanager
def listening() -> Iterator[Listener]:
    """One, on loopback."""
    listener = Listener()
    server = wsgi.Server(("127.0.0.1", 0), listener, numthreads=2, shutdown_timeout=1)
    server.prepare()
    listener.uri = f"http://127.0.0.1:{server.bind_addr[1]}/logout"
    thread = threading.Thread(target=server.serve, name="listener", daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.stop()
        thread.join(60)


def tell_all(world: World) -> None:
    """Let the errand do what is due."""
    (errand,) = (each for each in world.service.errands if each.name == "logouts")
    while errand.step():
        pass
