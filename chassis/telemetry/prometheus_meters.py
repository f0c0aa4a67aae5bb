"""The meters that count for Prometheus: names begin with `wardenry_`, units are seconds, and labels have few values:
never a TIN, a user ID or a path.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.telemetry import meters

_MOST_VALUES = 200
_REST = "other"
_QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BUS: Final = (0.005, 0.02, 0.1, 0.5, 2, 10)
_LAG: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600)


class _Few:
    """Keeps a label's values few: what is new once there are many counts as `other`."""

    def __init__(self, most: int = _MOST_VALUES) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        if value not in self._known:
            if len(self._known) >= self._most:
                return _REST
            self._known.add(value)
        return value


class _Http(meters.HttpMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "wardenry_http_requests_total",
            "Requests answered, by method, route template and class of status",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "wardenry_http_request_duration_seconds",
            "From a request's arrival to its answer",
            ["method", "route"],
            buckets=_QUICK,
            registry=registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, f"{status // 100}xx").inc()
        self._seconds.labels(method, route).observe(seconds)


class _Bus(meters.BusMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._types = _Few()
        self._published = Counter(
            "wardenry_bus_published_total", "Events that the broker has confirmed", registry=registry
        )
        self._unroutable = Counter(
            "wardenry_bus_unroutable_total", "Events that came back since no queue wants them", registry=registry
        )
        self._publish_seconds = Histogram(
            "wardenry_bus_publish_duration_seconds",
            "From publishing a batch to the broker's last answer for it",
            buckets=_QUICK,
            registry=registry,
        )
        self._received = Counter(
            "wardenry_bus_received_total", "Events written into the inbox, repeats included", registry=registry
        )
        self._unreadable = Counter(
            "wardenry_bus_unreadable_total", "Messages that are no event, parked in the broker", registry=registry
        )
        self._handled = Counter(
            "wardenry_bus_handled_total",
            "Events of the inbox worked off, by type and what became of them",
            ["type", "outcome"],
            registry=registry,
        )
        self._handle_seconds = Histogram(
            "wardenry_bus_handle_duration_seconds",
            "How long a handler takes",
            ["type"],
            buckets=_BUS,
            registry=registry,
        )
        self._lag = Histogram(
            "wardenry_bus_lag_seconds", "From an event to its effect here", buckets=_LAG, registry=registry
        )

    def published(self, confirmed: int, seconds: float) -> None:
        self._published.inc(confirmed)
        self._publish_seconds.observe(seconds)

    def unroutable(self, count: int) -> None:
        self._unroutable.inc(count)

    def received(self, count: int) -> None:
        self._received.inc(count)

    def unreadable(self) -> None:
        self._unreadable.inc()

    def handled(self, event_type: str, outcome: meters.Outcome, count: int) -> None:
        self._handled.labels(self._types(event_type), outcome.value).inc(count)

    def handling_took(self, event_type: str, seconds: float) -> None:
        self._handle_seconds.labels(self._types(event_type)).observe(seconds)

    def took_effect(self, seconds: float) -> None:
        self._lag.observe(max(0.0, seconds))


class _Loops(meters.LoopMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._stepped = Gauge(
            "wardenry_loop_last_step_timestamp_seconds",
            "When a loop's step last ended well",
            ["loop"],
            multiprocess_mode="livemax",
            registry=registry,
        )
        self._failed = Counter(
            "wardenry_loop_failures_total", "Steps of a loop that raised", ["loop"], registry=registry
        )

    def stepped(self, loop: str) -> None:
        self._stepped.labels(loop).set_to_current_time()

    def failed(self, loop: str) -> None:
        self._failed.labels(loop).inc()


class _Connections(meters.ConnectionsMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._limit = Gauge(
            "wardenry_database_connections_limit",
            "Connections to the database that there may be at most",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._in_use = Gauge(
            "wardenry_database_connections_in_use",
            "Connections to the database that are taken out of the pool",
            multiprocess_mode="livesum",
            registry=registry,
        )

    def offered(self, count: int) -> None:
        self._limit.set(count)

    def taken(self) -> None:
        self._in_use.inc()

    def given_back(self) -> None:
        self._in_use.dec()


class _Hashing(meters.HashingMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._slots = Gauge(
            "wardenry_hashing_slots", "Hashes that may run at once", multiprocess_mode="livesum", registry=registry
        )
        self._running = Gauge(
            "wardenry_hashing_running", "Hashes that run", multiprocess_mode="livesum", registry=registry
        )
        self._waiting = Gauge(
            "wardenry_hashing_waiting", "Hashes that wait for a slot", multiprocess_mode="livesum", registry=registry
        )
        self._refused = Counter(
            "wardenry_hashing_refused_total", "Hashes refused since too many waited, or for too long", registry=registry
        )

    def offered(self, count: int) -> None:
        self._slots.set(count)

    def waits(self, change: int) -> None:
        self._waiting.inc(change)

    def runs(self, change: int) -> None:
        self._running.inc(change)

    def refused(self) -> None:
        self._refused.inc()


class _Deliveries(meters.DeliveryMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._attempts = Counter(
            "wardenry_notify_attempts_total",
            "Attempts to hand a message to its provider, by channel and outcome",
            ["channel", "outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "wardenry_notify_attempt_duration_seconds", "How long an attempt takes", ["channel"], registry=registry
        )

    def attempted(self, channel: str, outcome: str, seconds: float) -> None:
        self._attempts.labels(channel, outcome).inc()
        self._seconds.labels(channel).observe(seconds)


class _Checks(meters.CheckMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        answered = Counter(
            "wardenry_checks_answered_total",
            "Questions about access answered, by what they were answered from",
            ["source"],
            registry=registry,
        )
        self._answered = {source: answered.labels(source) for source in ("memory", "database")}

    def answered(self, source: str, count: int) -> None:
        self._answered[source].inc(count)


class PrometheusMeters(meters.Meters):
    """Meters that count into a registry; each is made, and shown, once somebody is handed it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    @cached_property
    def http(self) -> _Http:
        return _Http(self._registry)

    @cached_property
    def bus(self) -> _Bus:
        return _Bus(self._registry)

    @cached_property
    def loops(self) -> _Loops:
        return _Loops(self._registry)

    @cached_property
    def connections(self) -> _Connections:
        return _Connections(self._registry)

    @cached_property
    def hashing(self) -> _Hashing:
        return _Hashing(self._registry)

    @cached_property
    def deliveries(self) -> _Deliveries:
        return _Deliveries(self._registry)

    @cached_property
    def checks(self) -> _Checks:
        return _Checks(self._registry)
