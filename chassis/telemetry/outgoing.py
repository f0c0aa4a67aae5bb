"""Calls to other services belong to the trace that they are made in."""

from __future__ import annotations

import httpx

from chassis.telemetry.tracing import Kind, Tracer

_SERVER_FAULT = 500


class TracedTransport(httpx.BaseTransport):
    """Sends by another transport, with `traceparent`; the span has the method and the host, never the path."""

    def __init__(self, inner: httpx.BaseTransport, tracer: Tracer) -> None:
        self._inner = inner
        self._tracer = tracer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call, up to the answer's headers."""
        attributes = {"http.request.method": request.method, "server.address": request.url.host}
        with self._tracer.span(request.method, Kind.CLIENT, attributes=attributes) as span:
            if span.traceparent is not None:
                request.headers["traceparent"] = span.traceparent
            response = self._inner.handle_request(request)
            span.tell({"http.response.status_code": response.status_code})
            if response.status_code >= _SERVER_FAULT:
                span.fail(str(response.status_code))
            return response

    def close(self) -> None:
        """Let the connections go."""
        self._inner.close()
