"""Spans by the OpenTelemetry SDK, sent by OTLP over HTTP. Imported only where an endpoint is set.

The provider is this tracer's own, nothing global; what cannot be sent in time is dropped, and no request waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from importlib.metadata import version
from types import TracebackType
from typing import Final

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from chassis.telemetry.traceparent import TraceParent
from chassis.telemetry.tracing import Attributes, HandingOn, Kind, Scope, Tracer, current_trace

_KINDS: Final = {kind: SpanKind[kind.name] for kind in Kind}
_PATH: Final = "/v1/traces"
_QUEUE = 4096
_BATCH = 512
_EVERY_MS = 500
_SEND_WITHIN = 5.0
_END_WITHIN = 1.0

log = structlog.get_logger(__name__)


class OtlpTracer(Tracer):
    """Sends `ratio` of all traces to `endpoint` (the base, without `/v1/traces`).

    Whether a trace is sent follows from its identifier, so that all services of one ratio decide alike; a caller from
    outside can forbid it, not force it. `exporter` takes the place of OTLP's.
    """

    def __init__(self, service: str, endpoint: str, ratio: float, *, exporter: SpanExporter | None = None) -> None:
        by_ratio = TraceIdRatioBased(ratio)
        self._exporter = exporter or OTLPSpanExporter(endpoint.rstrip("/") + _PATH, timeout=_SEND_WITHIN)
        self._provider = TracerProvider(
            sampler=ParentBased(by_ratio, remote_parent_sampled=by_ratio),
            resource=Resource({"service.name": f"wardenry-{service}", "service.version": version("wardenry")}),
            shutdown_on_exit=False,
            span_limits=SpanLimits(max_span_attributes=16, max_events=0, max_links=0, max_span_attribute_length=200),
        )
        self._tracer = self._provider.get_tracer("wardenry")

    @property
    def records(self) -> bool:
        """They go somewhere."""
        return True

    def span(
        self, name: str, kind: Kind = Kind.INTERNAL, *, parent: str | None = None, attributes: Attributes | None = None
    ) -> Scope:
        """One that is sent when it is over."""
        above = TraceParent.parse(parent) or current_trace()
        return _Recording(self._begun(name, kind, above, attributes))

    def note(
        self, name: str, kind: Kind, *, parent: str | None, begun: float, attributes: Attributes | None = None
    ) -> None:
        """One below `parent` that is over already."""
        above = TraceParent.parse(parent)
        if above is not None and above.sampled:
            self._begun(name, kind, above, attributes, round(begun * 1e9)).end()

    def start(self) -> None:
        """Begin to send, in a thread of its own."""
        self._provider.add_span_processor(
            BatchSpanProcessor(
                _Telling(self._exporter),
                max_queue_size=_QUEUE,
                max_export_batch_size=_BATCH,
                schedule_delay_millis=_EVERY_MS,
            )
        )

    def stop(self) -> None:
        """Send what is left; after a second it is dropped."""
        ending = threading.Thread(target=self._provider.shutdown, name="traces end", daemon=True)
        ending.start()
        ending.join(_END_WITHIN)

    def _begun(
        self,
        name: str,
        kind: Kind,
        above: TraceParent | None,
        attributes: Attributes | None,
        begun: int | None = None,
    ) -> trace.Span:
        context = None if above is None else trace.set_span_in_context(NonRecordingSpan(_context(above)))
        return self._tracer.start_span(
            name,
            context or trace.set_span_in_context(trace.INVALID_SPAN),
            kind=_KINDS[kind],
            attributes=attributes,
            start_time=begun,
            record_exception=False,
        )


class _Recording(HandingOn):
    """A span of OpenTelemetry, as the `Scope` of its work."""

    __slots__ = ("_span",)

    def __init__(self, span: trace.Span) -> None:
        context = span.get_span_context()
        super().__init__(
            TraceParent(
                trace.format_trace_id(context.trace_id),
                trace.format_span_id(context.span_id),
                sampled=context.trace_flags.sampled,
            )
        )
        self._span = span

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if kind is not None:
            self.fail(kind.__name__)
        self._span.end()

    def tell(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))


class _Telling(SpanExporter):
    """Says once that sending fails, and once that it works again, where the SDK would say it for every batch."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self._failing_since: float | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._inner.export(spans)
        if result is not SpanExportResult.SUCCESS and self._failing_since is None:
            self._failing_since = time.monotonic()
            log.warning("traces_not_sent", spans=len(spans))
        elif result is SpanExportResult.SUCCESS and self._failing_since is not None:
            log.info("traces_sent_again", after_seconds=round(time.monotonic() - self._failing_since))
            self._failing_since = None
        return result

    def shutdown(self) -> None:
        self._inner.shutdown()


def _context(above: TraceParent) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if above.sampled else TraceFlags.DEFAULT)
    return SpanContext(int(above.trace_id, 16), int(above.span_id, 16), is_remote=True, trace_flags=flags)
