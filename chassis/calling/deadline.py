"""A limit on the whole of a call over HTTP.

httpx limits each wait for the network by itself: a server that sends a byte now and then holds its caller for ever.
Inside `within`, every wait of a `BoundedTransport` is cut to what is left of the whole.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpcore
import httpx

_ends_at: ContextVar[float | None] = ContextVar("call_ends_at", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything that the block does over a `BoundedTransport` ends by then, with `httpx.TimeoutException` if need be.

    Of nested limits the earlier holds. Looking up a name is not under it: the system's resolver has its own limit.
    """
    ends_at = time.monotonic() + seconds
    outer = _ends_at.get()
    token = _ends_at.set(ends_at if outer is None else min(ends_at, outer))
    try:
        yield
    finally:
        _ends_at.reset(token)


class BoundedTransport(httpx.HTTPTransport):
    """httpx' own transport, whose waits are cut by `within`.

    `look_up` says which address to connect to in a host's place, so that what was judged is what is called.
    """

    def __init__(self, limits: httpx.Limits, look_up: Callable[[str], str] | None = None) -> None:
        super().__init__(limits=limits)
        # httpx hands no network backend on to its pool, which takes one.
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_BoundedBackend(look_up),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call; the wait for a free connection is under the limit, too."""
        limits = request.extensions.get("timeout", {})
        try:
            cut = {name: _cut(limit) for name, limit in limits.items()}
        except httpcore.TimeoutException as error:
            raise httpx.PoolTimeout(str(error), request=request) from error
        request.extensions = {**request.extensions, "timeout": cut}
        return super().handle_request(request)


def _cut(limit: float | None) -> float | None:
    ends_at = _ends_at.get()
    if ends_at is None:
        return limit
    left = ends_at - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the whole call took too long")
    return left if limit is None else min(left, limit)


class _BoundedBackend(httpcore.NetworkBackend):
    def __init__(self, look_up: Callable[[str], str] | None) -> None:
        self._backend = httpcore.SyncBackend()
        self._look_up = look_up

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = host if self._look_up is None else self._look_up(host)
        return _BoundedStream(self._backend.connect_tcp(address, port, _cut(timeout), local_address, socket_options))


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, _cut(timeout)))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
