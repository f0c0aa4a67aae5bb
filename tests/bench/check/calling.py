"""A client that costs little: connections that stay open, each with one call under way, in this thread alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

CONNECTIONS = 8
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Pace:
    """Calls a second, and milliseconds: the median and the 99th percentile."""

    rate: float
    median: float
    late: float


def request(method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    """The bytes of a call."""
    head = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    if token:
        head.append(f"Authorization: Bearer {token}")
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join((*head, "", "")).encode() + body


def pace(port: int, next_request: Callable[[], bytes], seconds: float, connections: int = CONNECTIONS) -> Pace:
    """Call as fast as answers come; raises `RuntimeError` for one that is not 200."""
    took: list[float] = []

    async def caller(until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (began := time.perf_counter()) < until:
            writer.write(next_request())
            await _answer(reader)
            took.append(time.perf_counter() - began)
        writer.close()
        await writer.wait_closed()

    async def all_callers() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(caller(began + seconds) for _ in range(connections)))
        return time.perf_counter() - began

    whole = asyncio.run(all_callers())
    took.sort()
    return Pace(len(took) / whole, 1000 * took[len(took) // 2], 1000 * took[int(0.99 * len(took))])


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(_LENGTH))
    body = await reader.readexactly(int(length.removeprefix(_LENGTH)))
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{head!r} {body[:300]!r}")
    return body
