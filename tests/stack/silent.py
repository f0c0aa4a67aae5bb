"""TCP servers on loopback that take calls and answer them badly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket, threading.Event], object]
"""Deals with one connection; the event is set once the server ends."""


@dataclass
class BadServer:
    """Deals with each connection as `behaves` says at that moment, and counts them."""

    behaves: Behaviour
    port: int = 0
    calls: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[BadServer]:
        """Listening, in threads of its own."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = listening.getsockname()[1]
            threading.Thread(target=self._serve, args=(listening,), daemon=True).start()
            try:
                yield self
            finally:
                self.over.set()
                listening.shutdown(socket.SHUT_RDWR)

    def _serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                self.calls += 1
                threading.Thread(target=self._deal, args=(connection,), daemon=True).start()

    def _deal(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.behaves(connection, self.over)


def hangs(_: socket.socket, over: threading.Event) -> None:
    """Takes the call, and never says a word."""
    over.wait()


def drips(connection: socket.socket, over: threading.Event) -> None:
    """Sends a header that does not end, a byte now and then: no single wait is long."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        connection.sendall(b"x")


def drips_body(connection: socket.socket, over: threading.Event) -> None:
    """Answers at once, with a body that takes for ever."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b" ")


def hangs_up(connection: socket.socket, _: threading.Event) -> None:
    """Reads the call, and closes the connection."""
    connection.recv(65_536)


def talks_nonsense(connection: socket.socket, _: threading.Event) -> None:
    """Answers 200 with a page."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>")


def answers(status: str, body: bytes) -> Behaviour:
    """Answers every call with this."""

    def behave(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(65_536)
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)

    return behave
