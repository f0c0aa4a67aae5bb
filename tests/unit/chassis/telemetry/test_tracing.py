"""Spans form one tree, say nothing of people, and are made only where they go somewhere (OPS-5)."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.telemetry.otlp import OtlpTracer
from chassis.telemetry.traceparent import TraceParent
from chassis.telemetry.tracing import Kind, Tracer, current_trace, current_traceparent
from chassis.testing.waiting import eventually

CALLERS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Recorded(OtlpTracer):
    def __init__(self, ratio: float = 1.0) -> None:
        self.exporter = InMemorySpanExporter()
        super().__init__("sample", "http://collector.invalid", ratio, exporter=self.exporter)
        self.start()

    def spans(self) -> dict[str, ReadableSpan]:
        self.stop()
        return {span.name: span for span in self.exporter.get_finished_spans()}


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    tracer = Recorded()
    yield tracer
    tracer.stop()


def _id(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.span_id:016x}"


def test_without_an_endpoint_the_callers_trace_is_handed_on__OPS_5() -> None:
    tracer = Tracer()
    with tracer.span("GET /x", Kind.SERVER, parent=CALLERS) as scope:
        assert scope.traceparent == current_traceparent() == CALLERS
        with tracer.span("GET", Kind.CLIENT) as inner:
            assert inner.traceparent == CALLERS
    assert current_trace() is None
    with tracer.span("GET /x", Kind.SERVER, parent="not one") as scope:
        assert scope.traceparent is None


def test_spans_lie_below_each_other_and_below_the_caller__OPS_5(recorded: Recorded) -> None:
    with recorded.span("GET /x", Kind.SERVER, parent=CALLERS) as outer:
        handed_on = outer.traceparent
        with recorded.span("GET", Kind.CLIENT):
            pass
    with recorded.span("handle a.b.v1", Kind.CONSUMER, parent=handed_on):
        pass
    recorded.note("publish a.b.v1", Kind.PRODUCER, parent=handed_on, begun=time.time() - 1)
    spans = recorded.spans()
    server = spans["GET /x"]
    assert server.parent is not None
    assert f"{server.parent.span_id:016x}" == "00f067aa0ba902b7"
    for name in ("GET", "handle a.b.v1", "publish a.b.v1"):
        parent = spans[name].parent
        assert parent is not None
        assert f"{parent.span_id:016x}" == _id(server)
    assert handed_on == f"00-4bf92f3577b34da6a3ce929d0e0e4736-{_id(server)}-01"
    noted = spans["publish a.b.v1"]
    assert noted.end_time is not None
    assert noted.start_time is not None
    assert noted.end_time - noted.start_time >= 10**9


def test_an_error_is_told_by_its_class_alone__OPS_5(recorded: Recorded) -> None:
    def fail() -> None:
        with recorded.span("handle a.b.v1"):
            raise ValueError("123456789 is not known")

    with pytest.raises(ValueError, match="not known"):
        fail()
    span = recorded.spans()["handle a.b.v1"]
    assert span.attributes == {"error.type": "ValueError"}
    assert (span.status.is_ok, span.status.description, span.events) == (False, None, ())


def test_an_outside_caller_may_forbid_a_trace_but_not_force_one__OPS_5() -> None:
    all_of_them, none_of_them = Recorded(), Recorded(ratio=0.0)
    with all_of_them.span("unwanted", Kind.SERVER, parent=CALLERS.removesuffix("01") + "00") as scope:
        assert (TraceParent.parse(scope.traceparent) or current_trace()) is not None
        with all_of_them.span("below"):
            pass
    with none_of_them.span("forced", Kind.SERVER, parent=CALLERS) as scope:
        assert str(scope.traceparent).endswith("-00")
    assert not all_of_them.spans()
    assert not none_of_them.spans()


def test_a_collector_that_is_down_holds_nothing_up__OPS_8() -> None:
    tracer = OtlpTracer("sample", "http://127.0.0.1:9", 1.0)
    tracer.start()
    for _ in range(5_000):  # more than wait to be sent: the oldest give way
        with tracer.span("GET /x", Kind.SERVER):
            pass
    begun = time.monotonic()
    tracer.stop()
    assert time.monotonic() - begun < 10


def test_spans_flow_again_once_the_collector_is_back__OPS_5(caplog: pytest.LogCaptureFixture) -> None:
    class Moody(InMemorySpanExporter):
        up = False

        def export(self, spans: object) -> SpanExportResult:
            return super().export(spans) if self.up else SpanExportResult.FAILURE  # type: ignore[arg-type]

    exporter = Moody()
    tracer = OtlpTracer("sample", "http://collector.invalid", 1.0, exporter=exporter)
    tracer.start()
    with tracer.span("lost"):
        pass
    eventually(lambda: tracer.records)
    exporter.up = True

    def arrived() -> bool:
        with tracer.span("kept"):
            pass
        return any(span.name == "kept" for span in exporter.get_finished_spans())

    eventually(arrived, every=0.1)
    tracer.stop()
