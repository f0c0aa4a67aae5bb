"""Requests as bytes: HTTP clients put a path into plain form before they send it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True)
class Answer:
    """Status, headers by their names in lower case, and what the JSON says."""

    status: int
    headers: dict[str, str]
    body: Any


def get(port: int, path: str, **headers: str) -> Answer:
    """What is answered to this very path."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        return ask(connection, "\r\n".join((*lines, "", "")).encode())


def ask(connection: socket.socket, request: bytes) -> Answer:
    """What is answered to these bytes, until the other side closes."""
    connection.sendall(request)
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionResetError:
        assert received, "nothing was answered"
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
    return Answer(int(first.split(" ")[1]), headers, orjson.loads(body) if "json" in headers["content-type"] else body)
