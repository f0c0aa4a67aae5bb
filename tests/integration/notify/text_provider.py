"""Twilio's Messages API as a web server in this process, which can be told to refuse, to dawdle and to fail."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

from services.notify.adapters.twilio import TwilioAccount

SID = "AC0123456789abcdef0123456789abcdef"
TOKEN = "fedcba9876543210fedcba9876543210"


@dataclass
class Provider:
    """What arrives, and what is answered: status and code, by number; `slow` is seconds before each answer."""

    refusals: dict[str, tuple[int, object]] = field(default_factory=dict)
    slow: float = 0.0
    arrived: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    def account(self, *, sender: str = "55501", token: str = TOKEN, timeout: float = 5.0) -> TwilioAccount:
        """Somebody who sends by it."""
        return TwilioAccount(SID, token, sender, f"http://127.0.0.1:{self.port}", timeout)

    def judge(self, path: str, authorization: str, form: dict[str, str]) -> tuple[int, object]:
        """The answer to a call."""
        time.sleep(self.slow)
        owner = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return 404, {"code": 20404}
        if authorization != owner:
            return 401, {"code": 20003}
        if form["To"] in self.refusals:
            return self.refusals[form["To"]]
        self.arrived.append(form)
        return 201, {"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued"}


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    """The provider, at a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, told = provider.judge(self.path, self.headers["Authorization"], form)
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            with suppress(BrokenPipeError):  # whoever called has given up
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
