"""Calls to other services belong to the trace that they are made in, and their paths to nobody (OPS-5)."""

from __future__ import annotations

import httpx
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.telemetry.otlp import OtlpTracer
from chassis.telemetry.outgoing import TracedTransport
from chassis.telemetry.tracing import Kind, Tracer

CALLERS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def echo(request: httpx.Request) -> httpx.Response:
    return httpx.Response(503, text=request.headers.get("traceparent", ""))


def client(tracer: Tracer) -> httpx.Client:
    return httpx.Client(transport=TracedTransport(httpx.MockTransport(echo), tracer))


def test_a_call_is_a_span_of_its_own__OPS_5() -> None:
    exporter = InMemorySpanExporter()
    tracer = OtlpTracer("sample", "http://collector.invalid", 1.0, exporter=exporter)
    tracer.start()
    with tracer.span("GET /x", Kind.SERVER), client(tracer) as http:
        sent = http.get("http://identity:8000/users/mmartin5").text
    tracer.stop()
    call, server = exporter.get_finished_spans()
    assert call.context is not None
    assert call.parent is not None
    assert server.context is not None
    assert call.parent.span_id == server.context.span_id
    assert sent == f"00-{call.context.trace_id:032x}-{call.context.span_id:016x}-01"
    assert "mmartin5" not in f"{call.name} {call.attributes}"
    assert not call.status.is_ok


def test_without_spans_the_callers_trace_goes_on__OPS_5() -> None:
    tracer = Tracer()
    with client(tracer) as http:
        assert not http.get("http://identity:8000/").text
        with tracer.span("GET /x", Kind.SERVER, parent=CALLERS):
            assert http.get("http://identity:8000/").text == CALLERS
