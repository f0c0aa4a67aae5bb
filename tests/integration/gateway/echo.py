"""A service's stand-in behind the gateway: it says what reached it, or does something worse."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

from deploy.native.ports import HOST, free

JSON = "application/json"


class Echo:
    """Answers each request with its own `name`, and the path and headers as they came; `seen` counts them.

    Paths that end in `/hang-up` break the connection off once the request was read; those in `/status/503` answer
    that, as a problem document of the service's own.
    """

    def __init__(self, name: str, port: int | None = None, host: str = HOST) -> None:
        self.name = name
        self.host = host
        self.port = port or free(1)[0]
        self.seen = 0
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> Echo:
        echo = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                super().handle_one_request()
                self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

            def _answer(self) -> None:
                echo.seen += 1
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path.endswith("/hang-up"):
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return
                status = 503 if self.path.endswith("/status/503") else 200
                said = orjson.dumps(echo.told(self.path, self.headers.items(), len(body)))
                self.send_response(status)
                self.send_header("Content-Type", JSON)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(said)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815 -- as the library names them

        self._server = ThreadingHTTPServer((self.host, self.port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Whoever connects from now on is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def told(self, path: str, headers: Iterable[tuple[str, str]], size: int) -> dict[str, Any]:
        return {
            "name": self.name,
            "path": path,
            "headers": {name.lower(): text for name, text in headers},
            "size": size,
        }


def wsgi_echo(name: str) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The same for the embedded mode's gateway."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {key[5:].lower().replace("_", "-"): text for key, text in environ.items() if key[:5] == "HTTP_"}
        said = orjson.dumps({"name": name, "headers": headers})
        start_response("200 OK", [("Content-Type", JSON), ("Content-Length", str(len(said)))])
        return [said]

    return app
