"""The embedded mode's web servers: one port a site, on loopback alone, in threads of this process."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from cheroot import wsgi
from cheroot.server import HTTPConnection, HTTPRequest

from wardenry.embedded.gateway import WsgiApp
from wardenry.embedded.problems import unreadable

LOOPBACK = "127.0.0.1"
_THREADS = 10
_LARGEST_HEAD = 64 * 1024


class DoorError(Exception):
    """A port cannot be used; the message says what to do."""


class _Request(HTTPRequest):
    """A request whose refusal by the server itself is a problem document, and the connection's end."""

    def simple_response(self, status: object, msg: object = "") -> None:
        """Answer what is no request, or one with too large a head; `msg` says too much of what was sent."""
        del msg
        self.close_connection = True
        self.conn.wfile.write(unreadable(int(str(status)[:3])))


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request


class Doors:
    """Opens the ports as it is made, so that a port in use is told before anything else happens."""

    def __init__(self, ports: Mapping[int, WsgiApp]) -> None:
        self._servers = [self._open(port, app) for port, app in ports.items()]
        self._threads = [threading.Thread(target=each.serve, name="door", daemon=True) for each in self._servers]

    def open(self) -> None:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Finish the requests under way and stop."""
        for server in self._servers:
            server.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(10)

    @staticmethod
    def _open(port: int, app: WsgiApp) -> wsgi.Server:
        server = wsgi.Server((LOOPBACK, port), app, numthreads=_THREADS, shutdown_timeout=5, server_name="wardenry")
        server.ConnectionClass = _Connection
        server.max_request_header_size = _LARGEST_HEAD
        try:
            server.prepare()
        except OSError as error:
            raise DoorError(f"port {port} cannot be opened ({error}): name another with --port.") from error
        return server
